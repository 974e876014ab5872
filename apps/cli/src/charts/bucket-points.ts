import type { TimeWindow } from "@slipway/analysis";
import type { MetricPoint } from "@slipway/release-engine";

/**
 * Values by column, over a window. Where there are more periods than columns, a column has the largest value of its periods, so that no
 * peak is lost; where there are fewer, a period has several columns. A column without data has no value.
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
  const values: (number | undefined)[] = Array.from({ length: Math.min(columns, periods) }, () => undefined);
  for (const { at, value } of points) {
    const period = Math.floor((at - from) / periodMs);
    if (period >= 0 && period < periods) {
      const index = Math.floor((period * values.length) / periods);
      const known = values[index];
      values[index] = known === undefined ? value : Math.max(known, value);
    }
  }
  return Array.from({ length: columns }, (_, column) => values[Math.floor((column * values.length) / columns)]);
}
