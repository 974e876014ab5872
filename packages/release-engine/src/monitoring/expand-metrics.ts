/** A line of a widget's `metrics`: its names without shorthands, and its options. */
export interface ExpandedMetric {
  readonly names: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Writes out the shorthands of a widget's `metrics`: `.` is what stands at the same place of the metric before, and `...` all that is
 * not said again.
 *
 * @throws TypeError when a line is none, or repeats what is not there
 */
export function expandMetrics(metrics: readonly unknown[]): readonly ExpandedMetric[] {
  let before: readonly string[] = [];
  return metrics.map((line) => {
    if (!Array.isArray(line)) {
      throw new TypeError(`a metric widget with a metric that is no array: ${JSON.stringify(line)}`);
    }
    const parts = line as readonly unknown[];
    const last = parts.at(-1);
    const options = typeof last === "object" && last !== null ? (last as Readonly<Record<string, unknown>>) : {};
    const written = (last === options ? parts.slice(0, -1) : parts).map(String);
    // An expression has no names, and what comes after it repeats the metric before it.
    if (written.length === 0) {
      return { names: [], options };
    }
    before = writtenOut(written, before);
    return { names: before, options };
  });
}

function writtenOut(written: readonly string[], before: readonly string[]): readonly string[] {
  const dots = written.indexOf("...");
  const filled =
    dots === -1
      ? written
      : [
          ...written.slice(0, dots),
          ...before.slice(dots, before.length - (written.length - dots - 1)),
          ...written.slice(dots + 1),
        ];
  return filled.map((name, index) => {
    const repeated = name === "." ? before[index] : name;
    if (repeated === undefined || repeated === "...") {
      throw new TypeError(`a metric widget that repeats what is not there: ${JSON.stringify(written)}`);
    }
    return repeated;
  });
}
