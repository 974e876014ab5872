import type { MetricWidget, WidgetSeries } from "@slipway/release-engine";
import type { Unit } from "../charts/format-value.ts";

/** What series of dashboards are of. */
export type SeriesUnit = Extract<Unit, "count" | "ms" | "%">;

/**
 * What a series' values are of. CloudWatch does not say with them; AWS's own metrics are known by their names, and of others people say
 * it in titles.
 */
export function unitOf(
  series: WidgetSeries,
  { title = "", leftAxis }: Pick<MetricWidget, "title" | "leftAxis">,
): SeriesUnit {
  if ("metric" in series && /^(SampleCount|TC)/i.test(series.statistic)) {
    return "count";
  }
  const words = `${series.label ?? ""} ${leftAxis.label ?? ""} ${title}`;
  if (/%/.test(words)) {
    return "%";
  }
  if ("metric" in series && /^(AWS\/(Lambda|ApiGateway|DynamoDB))$/.test(series.metric.namespace)) {
    return /duration|latency/i.test(series.metric.name) ? "ms" : "count";
  }
  return /\bms\b|millisecond/i.test(words) ? "ms" : "count";
}
