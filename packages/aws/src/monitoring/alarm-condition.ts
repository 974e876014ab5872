import type { ComparisonOperator, Dimension, MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";

const SIGNS: Readonly<Record<ComparisonOperator, string>> = {
  GreaterThanOrEqualToThreshold: ">=",
  GreaterThanThreshold: ">",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "<=",
  GreaterThanUpperThreshold: "above",
  LessThanLowerThreshold: "below",
  LessThanLowerOrGreaterThanUpperThreshold: "outside",
};

/**
 * What an alarm looks at, in words: `p99 of AWS/Lambda Duration (FunctionName=api) > 9500 for 1 of 1 periods of 300 s`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
 */
export function alarmCondition(alarm: MetricAlarm): string {
  const { Metrics = [], EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods } = alarm;
  const sign = alarm.ComparisonOperator === undefined ? "?" : (SIGNS[alarm.ComparisonOperator] ?? "?");
  const band = Metrics.find(({ Id }) => Id === alarm.ThresholdMetricId && Id !== undefined);
  const limit = band === undefined ? `${alarm.Threshold ?? "?"}` : `the band ${band.Expression ?? band.Id}`;
  const period = alarm.Period ?? periodOf(Metrics);
  const periods = `${DatapointsToAlarm} of ${EvaluationPeriods} periods${period === undefined ? "" : ` of ${period} s`}`;
  const { what, where } =
    Metrics.length === 0
      ? { what: metricInWords(alarm.Statistic ?? alarm.ExtendedStatistic, alarm), where: "" }
      : mathInWords(Metrics, band);
  return `${what} ${sign} ${limit} for ${periods}${where}`;
}

/** The value that is compared, and what its ids stand for. */
function mathInWords(queries: readonly MetricDataQuery[], band: MetricDataQuery | undefined) {
  const shown = queries.filter(({ ReturnData }) => ReturnData !== false);
  const result = shown.find((query) => query !== band) ?? queries[0];
  if (result?.MetricStat !== undefined) {
    return { what: statInWords(result), where: "" };
  }
  const used = queries
    .filter((query) => query !== result && query !== band)
    .toSorted((left, right) => ((left.Id ?? "") < (right.Id ?? "") ? -1 : 1));
  const where = used.map((query) => `${query.Id} = ${query.Expression ?? statInWords(query)}`).join(", ");
  return { what: result?.Expression ?? "?", where: where === "" ? "" : `, where ${where}` };
}

function statInWords({ MetricStat }: MetricDataQuery): string {
  return metricInWords(MetricStat?.Stat, MetricStat?.Metric ?? {});
}

function metricInWords(
  statistic: string | undefined,
  metric: { Namespace?: string; MetricName?: string; Dimensions?: Dimension[] },
): string {
  const dimensions = (metric.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).join(", ");
  const of = `${statistic ?? "?"} of ${metric.Namespace ?? "?"} ${metric.MetricName ?? "?"}`;
  return dimensions === "" ? of : `${of} (${dimensions})`;
}

/** Metric math is evaluated by the longest period of its metrics. */
function periodOf(queries: readonly MetricDataQuery[]): number | undefined {
  const periods = queries.flatMap(({ Period, MetricStat }) => Period ?? MetricStat?.Period ?? []);
  return periods.length === 0 ? undefined : Math.max(...periods);
}
