import type { TimeWindow } from "@slipway/analysis";
import type { MetricPoint } from "@slipway/release-engine";

/**
 * Points by column, over a window: one column for each period where there is room, otherwise the largest value of the periods that
 * share a column, so that no peak is lost. A column without data has no value.
 *
 * @param columns - there are at most so many
 */
export function bucketPoints(
  points: readonly MetricPoint[],
  window: TimeWindow,
  periodSeconds: number,
  columns: number,
): readonly (number | undefined)[] {
  const periodMs = periodSeconds * 1000;
  const from = Math.floor(window.from / periodMs) * periodMs;
  const periods = Math.max(1, Math.ceil((window.to - from) / periodMs));
  const count = Math.max(1, Math.min(columns, periods));
  const values: (number | undefined)[] = Array.from({ length: count }, () => undefined);
  for (const { at, value } of points) {
    const period = Math.floor((at - from) / periodMs);
    if (period >= 0 && period < periods) {
      const column = Math.min(count - 1, Math.floor((period * count) / periods));
      const known = values[column];
      values[column] = known === undefined ? value : Math.max(known, value);
    }
  }
  return values;
}
