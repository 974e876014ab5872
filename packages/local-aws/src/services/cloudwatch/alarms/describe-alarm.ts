import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { Alarm, CompositeAlarm, MetricAlarm } from "./alarm.ts";

/** A metric alarm as `DescribeAlarms` shows it. Lists are there even when empty: the Terraform provider compares them. */
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
  };
}

/** A composite alarm as `DescribeAlarms` shows it. */
export function describeCompositeAlarm(alarm: CompositeAlarm): Sdk.CompositeAlarm {
  return { ...describeCommon(alarm), AlarmRule: alarm.rule };
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
