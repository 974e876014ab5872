import { isStructure, type Value, type ValueType } from "./value.ts";

const DECIMALS = 4;
/** The longest time that a date can have, in milliseconds. */
const LAST_TIME = 8.64e15;

/**
 * Writes a value as `GetQueryResults` gives it: times as `2026-11-28 08:00:00.000`, truth as 1 and 0, what was computed with at most
 * four decimals. `undefined` for a missing one, which results leave out.
 */
export function formatValue(value: Value, type: ValueType): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return formatNumber(value, type);
    case "boolean":
      return value ? "1" : "0";
    default:
      return isStructure(value) ? JSON.stringify(value) : undefined;
  }
}

function formatNumber(value: number, type: ValueType): string | undefined {
  if (!Number.isFinite(value)) {
    return undefined;
  }
  if (type === "timestamp") {
    return Math.abs(value) <= LAST_TIME ? formatTime(value) : String(value);
  }
  if (type === "double") {
    return formatDouble(value);
  }
  if (type === "raw" || Number.isInteger(value)) {
    return String(value);
  }
  const text = value.toFixed(DECIMALS).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}

/** Milliseconds since the epoch as date and time of UTC. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("T", " ").replace("Z", "");
}

/** As Java's `Double.toString` does: `100.0`, `1.28E8`. */
function formatDouble(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
