import { csv } from "../terminal/csv.ts";
import { beginningsOf } from "./choose-period.ts";
import type { MetricsReport } from "./read-signals.ts";

const COLUMNS = [
  ...["time", "resource", "signal", "namespace", "metric", "dimensions"],
  ...["statistic", "unit", "period_seconds", "value"],
];

/**
 * One row for each period of each signal; one without data has an empty value, which is not 0.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function metricsCsv({ window, periodSeconds, signals }: MetricsReport): string {
  const beginnings = beginningsOf(window, periodSeconds);
  const rows: string[][] = [COLUMNS];
  for (const { of, name, metric, statistic, unit, points } of signals) {
    const values = new Map(points.map(({ at, value }) => [at, value]));
    const dimensions = Object.entries(metric.dimensions).map(([key, value]) => `${key}=${value}`);
    for (const at of beginnings) {
      rows.push([
        ...[new Date(at).toISOString(), of, name, metric.namespace, metric.name, dimensions.join(";"), statistic],
        ...[unit, `${periodSeconds}`, `${values.get(at) ?? ""}`],
      ]);
    }
  }
  return csv(rows);
}
