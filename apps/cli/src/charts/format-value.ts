/** What a value is of. */
export type Unit = "count" | "ms" | "s" | "%" | "bytes" | "";

/** A number as people read it: three digits that matter, thousands apart, with its unit. */
export function formatValue(value: number, unit: Unit = ""): string {
  switch (unit) {
    case "ms":
      return Math.abs(value) >= 10_000 ? `${formatNumber(value / 1000)} s` : `${formatNumber(value)} ms`;
    case "s":
      return Math.abs(value) >= 7_200 ? `${formatNumber(value / 3600)} h` : `${formatNumber(value)} s`;
    case "bytes":
      return formatBytes(value);
    case "%":
      return `${formatPercent(value)} %`;
    default:
      return formatNumber(value);
  }
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) {
    return size >= 1e15 ? value.toExponential(2) : Math.round(value).toLocaleString("en-US");
  }
  // 0.0004 has no three digits behind the point, and is not 0.
  return size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** What is not all never looks like it: of 99.96 % the missing part is what counts. */
function formatPercent(value: number): string {
  const rounded = formatNumber(value);
  return rounded === "100" && value < 100 ? String(Math.floor(value * 100) / 100) : rounded;
}

function formatBytes(value: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let index = 0;
  let size = value;
  while (Math.abs(size) >= 1024 && index < units.length - 1) {
    size /= 1024;
    index++;
  }
  return `${formatNumber(size)} ${units[index]}`;
}
