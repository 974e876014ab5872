import type { MetricIdentity } from "../series-table.ts";

/** One text for a metric, whatever the order of its dimensions. */
export function metricKey({ namespace, name, dimensions }: MetricIdentity): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}
