import type { MetricsState } from "../cloudwatch-state.ts";
import { type PreparedQuery, prepareQueries, runQueries } from "../metric-queries.ts";
import type { Periods } from "../periods.ts";
import { statisticNamed } from "../statistic.ts";
import type { ComparisonOperator, MetricAlarm, MissingDataTreatment, StateValue } from "./alarm.ts";
import { judgeBreaches } from "./missing-data.ts";

/** What an evaluation found: a state with its reason, or nothing when the current state stays. */
export interface Verdict {
  readonly state: StateValue;
  readonly reason: string;
  /** JSON, as `StateReasonData`. */
  readonly reasonData: string;
}

/**
 * Periods that are looked at beyond EvaluationPeriods, for real data points. AWS documents that there are more, that the number
 * depends on period and resolution, and shows 5 for 3 evaluation periods.
 */
const EXTRA_PERIODS = 2;

const COMPARISONS: Readonly<
  Record<ComparisonOperator, { words: string; breaches: (value: number, threshold: number) => boolean }>
> = {
  GreaterThanOrEqualToThreshold: {
    words: "greater than or equal to",
    breaches: (value, threshold) => value >= threshold,
  },
  GreaterThanThreshold: { words: "greater than", breaches: (value, threshold) => value > threshold },
  LessThanThreshold: { words: "less than", breaches: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: { words: "less than or equal to", breaches: (value, threshold) => value <= threshold },
};

/** Everything that is derived from an alarm's configuration, once. */
export interface PreparedAlarm {
  readonly queries: readonly PreparedQuery[];
  /** The id of the query whose values are compared. */
  readonly resultId: string;
  /** Seconds. */
  readonly period: number;
  /** The share of a percentile statistic, for the rule on few samples. */
  readonly percentile: number | undefined;
}

/** Prepares an alarm for evaluations. @throws AwsError when its statistic or metric math cannot be evaluated */
export function prepareAlarm(alarm: MetricAlarm): PreparedAlarm {
  const { metric } = alarm;
  if (metric === undefined) {
    const queries = prepareQueries(alarm.queries ?? [], "Metrics");
    const result = queries.find(({ returnData }) => returnData);
    const given = alarm.queries?.find(({ Id }) => Id === result?.id);
    const period =
      given?.Period ?? queries.find(({ metricStat }) => metricStat !== undefined)?.metricStat?.period ?? 60;
    return { queries, resultId: result?.id ?? "", period, percentile: result?.metricStat?.statistic.percentile };
  }
  const statistic = statisticNamed(metric.statistic ?? metric.extendedStatistic ?? "", "Statistic");
  const dimensions = Object.fromEntries(metric.dimensions.map(({ Name, Value }) => [Name, Value]));
  const identity = { namespace: metric.namespace, name: metric.name, dimensions };
  const metricStat = { metric: identity, period: metric.period, statistic, unit: metric.unit };
  return {
    queries: [{ id: "m1", label: undefined, returnData: true, metricStat, expression: undefined }],
    resultId: "m1",
    period: metric.period,
    percentile: statistic.percentile,
  };
}

/**
 * Evaluates an alarm on a metric or on metric math at a moment.
 *
 * The periods end at that moment, which is a full minute (or ten seconds, for periods below a minute), so that the latest one
 * is complete.
 *
 * @param at - seconds since the epoch
 * @returns `undefined` when the current state stays as it is
 */
export function evaluateMetricAlarm(
  alarm: MetricAlarm,
  { queries, resultId, period, percentile }: PreparedAlarm,
  { core, metrics }: MetricsState,
  at: number,
): Verdict | undefined {
  const count = alarm.evaluationPeriods + EXTRA_PERIODS;
  const start = at - count * period;
  const periodsOf = (each: number): Periods => ({ start, end: at, period: each });
  const run = { metrics, periodsOf, now: core.clock.now() };
  const value = runQueries(queries, run).get(resultId);
  const points = value?.kind === "series" ? value.series.points : new Map<number, number>();
  const range = Array.from({ length: count }, (_, index) => {
    const time = start + index * period;
    return { time, value: points.get(time) };
  });
  if (percentile !== undefined && alarm.evaluateLowSampleCountPercentile === "ignore") {
    const samples = countSamples(queries, run, at - alarm.evaluationPeriods * period);
    if (samples < minimumSamples(percentile)) {
      return undefined;
    }
  }
  const { breaches } = COMPARISONS[alarm.comparisonOperator];
  const state = judgeBreaches(
    range.map((point) => (point.value === undefined ? undefined : breaches(point.value, alarm.threshold))),
    {
      evaluationPeriods: alarm.evaluationPeriods,
      datapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods,
      treatMissingData: missingDataTreatment(alarm),
    },
  );
  return state === undefined ? undefined : explain(alarm, state, range, period, core.clock.now());
}

/** How an alarm takes missing data: alarms on DynamoDB's metrics ignore it unless told otherwise. */
function missingDataTreatment(alarm: MetricAlarm): MissingDataTreatment {
  return alarm.treatMissingData ?? (alarm.metric?.namespace === "AWS/DynamoDB" ? "ignore" : "missing");
}

/**
 * Below this number of samples a percentile says little, and alarms may be told to wait.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 */
function minimumSamples(share: number): number {
  // Rounded, since 1 - 0.99 is not quite a hundredth.
  return Math.round((10 / (share >= 0.5 ? 1 - share : share)) * 1e6) / 1e6;
}

function countSamples(
  queries: readonly PreparedQuery[],
  { metrics, periodsOf }: Parameters<typeof runQueries>[1],
  from: number,
): number {
  return queries.reduce((samples, { metricStat }) => {
    if (metricStat === undefined) {
      return samples;
    }
    const { end } = periodsOf(metricStat.period);
    const points = metrics.read(metricStat.metric, from, end, metricStat.period);
    return samples + points.reduce((sum, { aggregate }) => sum + aggregate.count, 0);
  }, 0);
}

interface RangePoint {
  readonly time: number;
  readonly value: number | undefined;
}

/** The reason for a state in AWS's words, with the data points that decided it. */
function explain(
  alarm: MetricAlarm,
  state: StateValue,
  range: readonly RangePoint[],
  period: number,
  now: number,
): Verdict {
  const needed = alarm.datapointsToAlarm ?? alarm.evaluationPeriods;
  const { words, breaches } = COMPARISONS[alarm.comparisonOperator];
  const real = range.filter((point): point is { time: number; value: number } => point.value !== undefined);
  const recent = real.slice(-alarm.evaluationPeriods);
  const reasonData = JSON.stringify({
    version: "1.0",
    queryDate: formatDate(now),
    ...(recent[0] === undefined ? {} : { startDate: formatDate(recent[0].time * 1000) }),
    ...(alarm.metric === undefined ? {} : { statistic: alarm.metric.statistic ?? alarm.metric.extendedStatistic }),
    ...(alarm.metric?.unit === undefined ? {} : { unit: alarm.metric.unit }),
    period,
    recentDatapoints: recent.map(({ value }) => value),
    threshold: alarm.threshold,
    evaluatedDatapoints: recent.toReversed().map(({ time, value }) => ({ timestamp: formatDate(time * 1000), value })),
  });
  const transition = state === "ALARM" ? "OK -> ALARM" : "ALARM -> OK";
  const minimum = state === "ALARM" ? needed : alarm.evaluationPeriods - needed + 1;
  const tail = `(minimum ${minimum} datapoint${minimum === 1 ? "" : "s"} for ${transition} transition)`;
  const threshold = `the threshold (${formatNumber(alarm.threshold)})`;
  if (recent.length === 0) {
    const missing = `no datapoints were received for ${alarm.evaluationPeriods} period${alarm.evaluationPeriods === 1 ? "" : "s"}`;
    const treatment = alarm.treatMissingData === "breaching" ? "Breaching" : "NonBreaching";
    return {
      state,
      reasonData,
      reason:
        state === "INSUFFICIENT_DATA"
          ? `Insufficient Data: ${alarm.evaluationPeriods} datapoints were unknown.`
          : `Threshold Crossed: ${missing} and ${alarm.evaluationPeriods} missing datapoint${alarm.evaluationPeriods === 1 ? " was" : "s were"} treated as [${treatment}].`,
    };
  }
  if (state === "INSUFFICIENT_DATA") {
    const unknown = alarm.evaluationPeriods - recent.length;
    return {
      state,
      reasonData,
      reason: `Insufficient Data: ${unknown} datapoint${unknown === 1 ? " was" : "s were"} unknown.`,
    };
  }
  const wanted = recent.filter(({ value }) => breaches(value, alarm.threshold) === (state === "ALARM"));
  const shown = (wanted.length > 0 ? wanted : recent).slice(-5).toReversed();
  const list = shown.map(({ time, value }) => `${formatNumber(value)} (${formatShort(time)})`).join(", ");
  const verb = `${shown.length === 1 ? "was" : "were"} ${state === "ALARM" ? "" : "not "}${words}`;
  return {
    state,
    reasonData,
    reason: `Threshold Crossed: ${wanted.length} out of the last ${recent.length} datapoints [${list}] ${verb} ${threshold} ${tail}.`,
  };
}

/** AWS's form of dates in reason data: `2026-11-23T01:24:00.000+0000`. */
function formatDate(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}

/** AWS's form of dates in reasons: `23/11/26 01:24:00`. */
function formatShort(seconds: number): string {
  const [date = "", time = ""] = new Date(seconds * 1000).toISOString().split("T");
  const [year = "", month, day] = date.split("-");
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

function formatNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? value.toFixed(1) : String(value);
}
