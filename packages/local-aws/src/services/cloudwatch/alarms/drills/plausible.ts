import type { PreparedAlarm } from "../evaluate-metric-alarm.ts";
import { metricKey } from "../metric-key.ts";
import type { Assignment } from "./made-up-series.ts";

/** Metrics that count a part of what another one counts: more failures than calls do not happen. */
const PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "AWS/Lambda": { Errors: "Invocations" },
  "AWS/ApiGateway": { "4XXError": "Count", "5XXError": "Count" },
};

/**
 * Says of made-up values whether the metrics of an alarm could have them, as far as AWS's metrics are known: they are not negative, and
 * parts are no more than the whole. Of other metrics nothing is known.
 */
export function plausibility({ queries }: PreparedAlarm): (assignment: Assignment) => boolean {
  const metrics = queries.flatMap(({ metricStat }) => metricStat?.metric ?? []);
  const ofAws = metrics.filter(({ namespace }) => namespace.startsWith("AWS/")).map(metricKey);
  const parts = metrics.flatMap((metric) => {
    const whole = PARTS[metric.namespace]?.[metric.name];
    const key = whole === undefined ? undefined : metricKey({ ...metric, name: whole });
    return key !== undefined && metrics.some((other) => metricKey(other) === key)
      ? [[metricKey(metric), key] as const]
      : [];
  });
  return (assignment) => {
    const total = (key: string): number => {
      const sample = assignment.get(key);
      return sample === undefined ? 0 : sample.value * sample.count;
    };
    return ofAws.every((key) => total(key) >= 0) && parts.every(([part, whole]) => total(part) <= total(whole));
  };
}
