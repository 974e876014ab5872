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
import { checkPeriod } from "../periods.ts";
import { statisticNamed } from "../statistic.ts";
import type { Alarm, AlarmsState, ComparisonOperator, CompositeAlarm, MetricAlarm } from "./alarm.ts";
import { compileCompositeRule } from "./composite-rule.ts";

type MetricInput = InputOf<CloudWatch, "PutMetricAlarm">;
type CompositeInput = InputOf<CloudWatch, "PutCompositeAlarm">;

/** An alarm's configuration, checked; its state comes from the alarm before it, or from birth. */
export type AlarmConfiguration<A extends Alarm> = Omit<
  A,
  | "arn"
  | "configuredAt"
  | "state"
  | "stateReason"
  | "stateReasonData"
  | "stateUpdatedAt"
  | "stateTransitionedAt"
  | "tags"
>;

const COMPARISON_OPERATORS: readonly ComparisonOperator[] = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
const MAX_ACTIONS = 5;
/** Longest time an alarm may look at: a day, or a week with periods of an hour or more (seconds). */
const MAX_SPAN = 86_400;
const MAX_LONG_SPAN = 7 * 86_400;
const MAX_METRICS = 10;

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
  if (evaluationPeriods < 1) {
    throw invalidValue(evaluationPeriods, "EvaluationPeriods");
  }
  if (datapointsToAlarm !== undefined && (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods)) {
    throw validationError("DatapointsToAlarm must be between 1 and EvaluationPeriods.");
  }
  if (threshold === undefined) {
    throw missing("Threshold");
  }
  const metric = input.Metrics?.length ? undefined : readAlarmMetric(input);
  const period = metric?.period ?? readAlarmMath(state, input);
  const span = evaluationPeriods * period;
  if (span > (period >= 3600 ? MAX_LONG_SPAN : MAX_SPAN)) {
    const limit =
      period >= 3600
        ? "a week (EvaluationPeriods*Period must be <= 604800)"
        : "a day (EvaluationPeriods*Period must be <= 86400)";
    throw validationError(`Metrics cannot be checked across more than ${limit}.`);
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

/**
 * Checks the input of `PutCompositeAlarm`.
 *
 * @throws AwsError `ValidationError` for a rule that is malformed, speaks of alarms that are not there, or of itself
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function readCompositeAlarm(state: AlarmsState, input: CompositeInput): AlarmConfiguration<CompositeAlarm> {
  if (input.ActionsSuppressor !== undefined || input.ActionConfiguration !== undefined) {
    throw new AwsError(
      "NotImplemented",
      "Local AWS does not support ActionsSuppressor and ActionConfiguration in composite alarms.",
    );
  }
  const rule = input.AlarmRule ?? "";
  const { children } = compileCompositeRule(rule);
  const unknown = [...children].filter((child) => !state.alarms.has(child) && child !== input.AlarmName);
  if (unknown.length > 0) {
    throw validationError(
      `Could not save the composite alarm as alarms [${unknown.join(", ")}] in the alarm rule do not exist`,
    );
  }
  if (reaches(state, children, input.AlarmName ?? "")) {
    throw validationError(
      `Could not save the composite alarm as its alarm rule refers to the alarm itself: ${input.AlarmName}`,
    );
  }
  return { ...readCommon(input), kind: "CompositeAlarm", rule };
}

function reaches(state: AlarmsState, children: ReadonlySet<string>, name: string): boolean {
  return [...children].some((child) => {
    const alarm = state.alarms.get(child);
    return (
      child === name ||
      (alarm?.kind === "CompositeAlarm" && reaches(state, compileCompositeRule(alarm.rule).children, name))
    );
  });
}

function readCommon(input: MetricInput | CompositeInput) {
  const { AlarmName: name = "", AlarmDescription: description } = input;
  if (name === "") {
    throw missing("AlarmName");
  }
  if (name.length > 255) {
    throw invalidValue(name, "AlarmName");
  }
  if (description !== undefined && description.length > 1024) {
    throw validationError("The parameter AlarmDescription must have length less than or equal to 1024.");
  }
  return {
    name,
    description,
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: readActions(input.OKActions, "OKActions"),
    alarmActions: readActions(input.AlarmActions, "AlarmActions"),
    insufficientDataActions: readActions(input.InsufficientDataActions, "InsufficientDataActions"),
  };
}

function readActions(given: readonly string[] | undefined, parameter: string): readonly string[] {
  const actions = [...new Set(given)];
  if (actions.length > MAX_ACTIONS) {
    throw validationError(`The collection ${parameter} must not have a size greater than ${MAX_ACTIONS}.`);
  }
  for (const action of actions) {
    if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(action)) {
      throw validationError(`Invalid arn syntax: ${action}`);
    }
    if (!/^arn:aws:sns:[^:]+:\d{12}:[^:]+$/.test(action)) {
      throw new AwsError(
        "NotImplemented",
        `Local AWS runs alarm actions on SNS topics only: ${parameter} has ${action}.`,
      );
    }
  }
  return actions;
}

function readAlarmMetric(input: MetricInput): NonNullable<MetricAlarm["metric"]> {
  const { Statistic: statistic, ExtendedStatistic: extendedStatistic } = input;
  const { namespace, name } = readMetricName(input);
  if ((statistic === undefined) === (extendedStatistic === undefined)) {
    throw validationError("One of Statistic and ExtendedStatistic must be specified, and not both.");
  }
  if (statistic !== undefined && !["SampleCount", "Average", "Sum", "Minimum", "Maximum"].includes(statistic)) {
    throw invalidValue(statistic, "Statistic");
  }
  statisticNamed(statistic ?? extendedStatistic ?? "", "ExtendedStatistic");
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
  for (const parameter of ["MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit"] as const) {
    if (input[parameter] !== undefined) {
      throw validationError(`The parameters Metrics and ${parameter} are mutually exclusive.`);
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
  const checked = checkPeriod(period, parameter);
  if (checked < 10) {
    throw validationError("Period must be 10, 20, 30 or a multiple of 60.");
  }
  return checked;
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
