import { partsOf } from "../metric-math/parse-expression.ts";
import { type PointSource, type PreparedQuery, prepareQueries, runQueries } from "../metric-queries.ts";
import { mergeByPeriod, type Periods } from "../periods.ts";
import { statisticNamed } from "../statistic.ts";
import type { MetricAlarm, MissingDataTreatment, StateValue } from "./alarm.ts";
import { comparisonOf } from "./comparisons.ts";
import { judgeBreaches } from "./missing-data.ts";
import { explainState, type RangePoint } from "./state-reason.ts";

/** What an evaluation found. */
export interface Verdict {
  readonly state: StateValue;
  /** The reason in AWS's words and as JSON (`StateReasonData`); made when asked for, since most evaluations change nothing. */
  explain(): { readonly reason: string; readonly reasonData: string };
}

/**
 * Periods that are looked at beyond EvaluationPeriods, for real data points. AWS documents that there are more, that the number
 * depends on period and resolution, and shows 5 for 3 evaluation periods. Local AWS takes it that there are always two more.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
const EXTRA_PERIODS = 2;

/** Everything that is derived from an alarm's configuration, once. */
export interface PreparedAlarm {
  readonly queries: readonly PreparedQuery[];
  /** The id of the query whose values are compared. */
  readonly resultId: string;
  /** Seconds. */
  readonly period: number;
  /** The share of a percentile statistic, for the rule on few samples. */
  readonly percentile: number | undefined;
  /** Whether its values depend on what time it is, data or not. */
  readonly dependsOnTime: boolean;
}

/** Functions of metric math that tell the time of a data point, which FILL may have made up. */
const TIME_FUNCTIONS = new Set(["MINUTE", "HOUR", "DAY", "DATE", "MONTH", "YEAR", "EPOCH"]);

/** Prepares an alarm for evaluations. @throws AwsError when its statistic or metric math cannot be evaluated */
export function prepareAlarm(alarm: MetricAlarm): PreparedAlarm {
  const { metric } = alarm;
  if (metric === undefined) {
    const queries = prepareQueries(alarm.queries ?? [], "Metrics");
    const result = queries.find(({ returnData }) => returnData);
    const given = alarm.queries?.find(({ Id }) => Id === result?.id);
    const period =
      given?.Period ?? queries.find(({ metricStat }) => metricStat !== undefined)?.metricStat?.period ?? 60;
    const functions = queries.flatMap(({ expression }) => (expression ? [...partsOf(expression).functions] : []));
    return {
      queries,
      resultId: result?.id ?? "",
      period,
      percentile: result?.metricStat?.statistic.percentile,
      dependsOnTime: functions.some((name) => TIME_FUNCTIONS.has(name)),
    };
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
    dependsOnTime: false,
  };
}

/** Where an alarm's data come from, and what time it is. */
export interface EvaluationMoment {
  readonly points: PointSource;
  /** Seconds since the epoch: where the latest period ends. */
  readonly at: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Evaluates an alarm on a metric or on metric math at a moment.
 *
 * The periods end at that moment, which is a full minute (ten seconds, for periods below a minute; an hour, for alarms that look at
 * more than a day), so that the latest one is complete and periods of some minutes slide on by the minute.
 *
 * @returns `undefined` when the current state stays as it is
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function evaluateMetricAlarm(
  alarm: MetricAlarm,
  { queries, resultId, period, percentile }: PreparedAlarm,
  { points: source, at, now }: EvaluationMoment,
): Verdict | undefined {
  const count = rangeLength(alarm);
  const start = at - count * period;
  const periodsOf = (each: number): Periods => ({ start, end: at, period: each });
  const run = { metrics: source, periodsOf, now };
  const value = runQueries(queries, run).get(resultId);
  const points = value?.kind === "series" ? value.series.points : new Map<number, number>();
  const range = Array.from({ length: count }, (_, index) => {
    const time = start + index * period;
    return { time, value: points.get(time) };
  });
  if (percentile !== undefined && alarm.evaluateLowSampleCountPercentile === "ignore") {
    const result = queries.find(({ id }) => id === resultId);
    const samples = countSamples(result?.metricStat, source, at - alarm.evaluationPeriods * period, at);
    if (samples < minimumSamples(percentile)) {
      return undefined;
    }
  }
  const { breaches } = comparisonOf(alarm);
  const treatMissingData = missingDataTreatment(alarm, queries);
  const state = judgeBreaches(
    range.map((point) => (point.value === undefined ? undefined : breaches(point.value, alarm.threshold))),
    {
      evaluationPeriods: alarm.evaluationPeriods,
      datapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods,
      treatMissingData,
    },
  );
  return state === undefined
    ? undefined
    : {
        state,
        explain: () =>
          explainState(alarm, { state, range: withSamples(range, queries, source), period, now, treatMissingData }),
      };
}

/** How many periods an alarm looks at: its evaluation range. */
export function rangeLength({ evaluationPeriods }: MetricAlarm): number {
  return evaluationPeriods + EXTRA_PERIODS;
}

/**
 * How an alarm takes missing data: alarms that look at nothing but DynamoDB's metrics ignore it unless told otherwise. (AWS says so
 * of "alarms that evaluate metrics in the AWS/DynamoDB namespace", and not what holds where others are mixed in.)
 *
 * The reference of PutMetricAlarm (TreatMissingData) contradicts the guide: there they ignore it whatever they are told. Local AWS goes
 * by the guide.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function missingDataTreatment(alarm: MetricAlarm, queries: readonly PreparedQuery[]): MissingDataTreatment {
  if (alarm.treatMissingData !== undefined) {
    return alarm.treatMissingData;
  }
  const stats = queries.flatMap(({ metricStat }) => metricStat ?? []);
  return stats.every(({ metric }) => metric.namespace === "AWS/DynamoDB") ? "ignore" : "missing";
}

/** Adds how many samples each data point has, where it is of one metric and no metric math. */
function withSamples(
  range: readonly RangePoint[],
  queries: readonly PreparedQuery[],
  source: PointSource,
): readonly RangePoint[] {
  const [only] = queries;
  const [first] = range;
  const last = range.at(-1);
  if (queries.length > 1 || only?.metricStat === undefined || first === undefined || last === undefined) {
    return range;
  }
  const { metric, period, unit } = only.metricStat;
  const end = last.time + period;
  const merged = mergeByPeriod(
    source.read(metric, first.time, end, period).filter((point) => unit === undefined || point.unit === unit),
    { start: first.time, end, period },
  );
  return range.map((point) => ({ ...point, samples: merged.get(point.time)?.count }));
}

/**
 * Below this number of samples a percentile says little, and alarms may be told to wait.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 */
export function minimumSamples(share: number): number {
  // Rounded, since 1 - 0.99 is not quite a hundredth.
  return Math.round((10 / (share >= 0.5 ? 1 - share : share)) * 1e6) / 1e6;
}

/** How many values the metric of a percentile has from a time to another, in the unit that the alarm is about. */
function countSamples(metricStat: PreparedQuery["metricStat"], source: PointSource, from: number, to: number): number {
  if (metricStat === undefined) {
    return 0;
  }
  const { metric, period, unit } = metricStat;
  return source
    .read(metric, from, to, period)
    .filter((point) => unit === undefined || point.unit === unit)
    .reduce((sum, { aggregate }) => sum + aggregate.count, 0);
}
