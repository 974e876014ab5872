import { AwsError } from "../../../core/aws-error.ts";
import type { InputOf } from "../../../core/service.ts";
import {
  type CloudWatch,
  checkUnit,
  invalidValue,
  missing,
  readDimensions,
  readMetricName,
  validationError,
} from "../cloudwatch-state.ts";
import { prepareQueries, runQueries } from "../metric-queries.ts";
import { statisticNamed } from "../statistic.ts";
import type { AlarmsState, ComparisonOperator, MetricAlarm } from "./alarm.ts";
import { type AlarmConfiguration, readCommon } from "./put-common.ts";

type MetricInput = InputOf<CloudWatch, "PutMetricAlarm">;

const COMPARISON_OPERATORS: readonly ComparisonOperator[] = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
/** Longest time an alarm may look at: a day, or a week with periods of an hour or more (seconds). */
const MAX_SPAN = 86_400;
const MAX_LONG_SPAN = 7 * 86_400;
const HOUR = 3600;
const MAX_METRICS = 10;
/** Parameters of an alarm on one metric. */
const METRIC_PARAMETERS = [
  "MetricName",
  "Namespace",
  "Dimensions",
  "Statistic",
  "ExtendedStatistic",
  "Period",
  "Unit",
] as const;

/** Parameters of `PutMetricAlarm` whose effect local AWS does not have. */
const UNSUPPORTED = [
  "ThresholdMetricId",
  "EvaluationWindow",
  "WarmUpConfiguration",
  "EvaluationCriteria",
  "EvaluationInterval",
  "ActionConfiguration",
] as const;

/**
 * Checks the input of `PutMetricAlarm`, to the point that metric math has been tried out.
 *
 * @throws AwsError `ValidationError` and others as CloudWatch; `NotImplemented` for what local AWS cannot honour
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function readMetricAlarm(state: AlarmsState, input: MetricInput): AlarmConfiguration<MetricAlarm> {
  for (const parameter of UNSUPPORTED) {
    if (input[parameter] !== undefined) {
      throw new AwsError("NotImplemented", `Local AWS does not support ${parameter} in alarms.`);
    }
  }
  const { EvaluationPeriods: evaluationPeriods, DatapointsToAlarm: datapointsToAlarm, Threshold: threshold } = input;
  if (evaluationPeriods === undefined) {
    throw missing("EvaluationPeriods");
  }
  if (!(Number.isInteger(evaluationPeriods) && evaluationPeriods >= 1)) {
    throw invalidValue(evaluationPeriods, "EvaluationPeriods");
  }
  if (datapointsToAlarm !== undefined && !Number.isInteger(datapointsToAlarm)) {
    throw invalidValue(datapointsToAlarm, "DatapointsToAlarm");
  }
  if (datapointsToAlarm !== undefined && (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods)) {
    throw validationError("DatapointsToAlarm must be between 1 and EvaluationPeriods.");
  }
  if (threshold === undefined) {
    throw missing("Threshold");
  }
  if (!Number.isFinite(threshold)) {
    throw invalidValue(threshold, "Threshold");
  }
  const metric = input.Metrics?.length ? undefined : readAlarmMetric(input);
  const period = metric?.period ?? readAlarmMath(state, input);
  const [limit, name, periods] = period >= HOUR ? [MAX_LONG_SPAN, "week", ">="] : [MAX_SPAN, "day", "<"];
  if (evaluationPeriods * period > limit) {
    throw validationError(
      `Metrics cannot be checked across more than a ${name} (EvaluationPeriods * Period must be <= ${limit}) for alarms using period ${periods} ${HOUR}`,
    );
  }
  return {
    ...readCommon(input),
    kind: "MetricAlarm",
    metric,
    queries: metric === undefined ? input.Metrics : undefined,
    evaluationPeriods,
    datapointsToAlarm,
    threshold,
    comparisonOperator: readComparison(input.ComparisonOperator),
    treatMissingData: readChoice(
      input.TreatMissingData,
      ["missing", "ignore", "breaching", "notBreaching"],
      "TreatMissingData",
    ),
    evaluateLowSampleCountPercentile: readLowSample(input),
  };
}

function readAlarmMetric(input: MetricInput): NonNullable<MetricAlarm["metric"]> {
  const { Statistic: statistic, ExtendedStatistic: extendedStatistic } = input;
  const { namespace, name } = readMetricName(input);
  if ((statistic === undefined) === (extendedStatistic === undefined)) {
    throw validationError("One of Statistic and ExtendedStatistic must be specified, and not both.");
  }
  if (statistic === undefined) {
    statisticNamed(extendedStatistic ?? "", "ExtendedStatistic", "extended");
  } else {
    statisticNamed(statistic, "Statistic", "simple");
  }
  checkUnit(input.Unit, "Unit");
  const dimensions = readDimensions(input.Dimensions, "Dimensions");
  return {
    namespace,
    name,
    dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    statistic,
    extendedStatistic,
    period: checkAlarmPeriod(input.Period, "Period"),
    unit: input.Unit,
  };
}

/** Checks an alarm's metric math by running it, and returns its period in seconds. */
function readAlarmMath(state: AlarmsState, input: MetricInput): number {
  for (const parameter of METRIC_PARAMETERS) {
    const given = input[parameter];
    if (given !== undefined && !(Array.isArray(given) && given.length === 0)) {
      throw validationError(`${parameter} should not be set if list of Metrics is set.`);
    }
  }
  const given = input.Metrics ?? [];
  const queries = prepareQueries(given, "Metrics");
  const results = queries.filter(({ returnData }) => returnData);
  const [result] = results;
  if (result === undefined || results.length > 1) {
    throw validationError("Exactly one element of the metrics list should return data.");
  }
  const stats = queries.flatMap(({ metricStat }) => metricStat ?? []);
  if (stats.length === 0 || stats.length > MAX_METRICS) {
    throw validationError(`An alarm on metric math takes 1 to ${MAX_METRICS} metrics.`);
  }
  const periods = [...new Set([...stats.map(({ period }) => period), ...given.flatMap(({ Period }) => Period ?? [])])];
  const period = checkAlarmPeriod(periods[0], "Period");
  if (periods.length > 1) {
    throw validationError("Each metric of an alarm must use the same period.");
  }
  const now = state.core.clock.now();
  const end = Math.floor(now / 1000);
  const run = { metrics: state.metrics, now, periodsOf: (each: number) => ({ start: end - each, end, period: each }) };
  if (runQueries(queries, run).get(result.id)?.kind !== "series") {
    throw validationError(`Error in expression '${result.id}' [An alarm needs a single time series]`);
  }
  return period;
}

function checkAlarmPeriod(period: number | undefined, parameter: string): number {
  if (period === undefined) {
    throw missing(parameter);
  }
  if (period <= 0 || (![10, 20, 30].includes(period) && period % 60 !== 0)) {
    throw validationError("Period must be 10, 20, 30 or a multiple of 60");
  }
  return period;
}

function readComparison(operator: string | undefined): ComparisonOperator {
  const known = COMPARISON_OPERATORS.find((candidate) => candidate === operator);
  if (operator === undefined) {
    throw missing("ComparisonOperator");
  }
  if (known === undefined) {
    if (/LowerThreshold|UpperThreshold/.test(operator)) {
      throw new AwsError(
        "NotImplemented",
        `Local AWS has no anomaly detection: the ComparisonOperator ${operator} needs it.`,
      );
    }
    throw invalidValue(operator, "ComparisonOperator");
  }
  return known;
}

function readLowSample(input: MetricInput): "evaluate" | "ignore" | undefined {
  return readChoice(input.EvaluateLowSampleCountPercentile, ["evaluate", "ignore"], "EvaluateLowSampleCountPercentile");
}

function readChoice<T extends string>(
  given: string | undefined,
  choices: readonly T[],
  parameter: string,
): T | undefined {
  if (given === undefined || given === "") {
    return undefined;
  }
  const known = choices.find((choice) => choice === given);
  if (known === undefined) {
    throw invalidValue(given, parameter);
  }
  return known;
}
