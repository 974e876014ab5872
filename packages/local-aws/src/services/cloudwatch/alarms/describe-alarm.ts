import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { Alarm, CompositeAlarm, MetricAlarm } from "./alarm.ts";
import { suppressionReason } from "./suppression-reason.ts";

/**
 * A metric alarm as `DescribeAlarms` shows it. Lists are there even when empty: the Terraform provider compares them.
 *
 * Of the evaluation states there is `EVALUATION_ERROR`, with the reason for it; `PARTIAL_DATA` and `IN_WARM_UP` belong to Metrics
 * Insights and to warm-up periods, which are refused.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html#alarm-evaluation-state
 */
export function describeMetricAlarm(alarm: MetricAlarm): Sdk.MetricAlarm {
  const { metric } = alarm;
  return {
    ...describeCommon(alarm),
    ...(metric === undefined
      ? { Dimensions: [] }
      : {
          MetricName: metric.name,
          Namespace: metric.namespace,
          Statistic: metric.statistic as Sdk.Statistic | undefined,
          ExtendedStatistic: metric.extendedStatistic,
          Dimensions: metric.dimensions.map((dimension) => ({ ...dimension })),
          Period: metric.period,
          Unit: metric.unit as Sdk.StandardUnit | undefined,
        }),
    ...(alarm.queries === undefined
      ? {}
      : { Metrics: alarm.queries.map((query) => ({ ...query, ReturnData: query.ReturnData ?? true })) }),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparisonOperator,
    TreatMissingData: alarm.treatMissingData,
    EvaluateLowSampleCountPercentile: alarm.evaluateLowSampleCountPercentile,
    ...(alarm.evaluationError === undefined
      ? {}
      : { EvaluationState: "EVALUATION_ERROR" as const, StateReason: alarm.evaluationError }),
  };
}

/** A composite alarm as `DescribeAlarms` shows it. */
export function describeCompositeAlarm(alarm: CompositeAlarm): Sdk.CompositeAlarm {
  const { suppressor, suppression } = alarm;
  return {
    ...describeCommon(alarm),
    AlarmRule: alarm.rule,
    ...(suppressor === undefined
      ? {}
      : {
          ActionsSuppressor: suppressor.alarm,
          ActionsSuppressorWaitPeriod: suppressor.waitPeriod,
          ActionsSuppressorExtensionPeriod: suppressor.extensionPeriod,
        }),
    ...(suppression === undefined
      ? {}
      : { ActionsSuppressedBy: suppression.by, ActionsSuppressedReason: suppressionReason(suppression) }),
  };
}

function describeCommon(alarm: Alarm) {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: [...alarm.okActions],
    AlarmActions: [...alarm.alarmActions],
    InsufficientDataActions: [...alarm.insufficientDataActions],
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateReasonData: alarm.stateReasonData,
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: new Date(alarm.stateTransitionedAt),
  };
}
