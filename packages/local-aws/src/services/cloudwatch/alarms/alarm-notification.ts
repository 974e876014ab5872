import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Alarm, CompositeAlarm, MetricAlarm, StateValue } from "./alarm.ts";
import { formatDate } from "./format-date.ts";

/** Names of Regions as notifications write them. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "ca-central-1": "Canada (Central)",
  "eu-west-1": "EU (Ireland)",
  "eu-west-2": "EU (London)",
  "eu-west-3": "EU (Paris)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-north-1": "EU (Stockholm)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "sa-east-1": "South America (Sao Paulo)",
};

/**
 * The subject and the message that CloudWatch sends to a topic when an alarm changes its state.
 *
 * @param alarm - the alarm in its new state
 * @param oldState - the state that it left
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function alarmNotification(
  alarm: Alarm,
  oldState: StateValue,
  { region, accountId }: { region: string; accountId: string },
): { subject: string; message: string } {
  const regionName = REGION_NAMES[region] ?? region;
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: accountId,
    AlarmConfigurationUpdatedTimestamp: formatDate(alarm.configuredAt),
    NewStateValue: alarm.state,
    NewStateReason: alarm.stateReason,
    StateChangeTime: formatDate(alarm.stateUpdatedAt),
    Region: regionName,
    AlarmArn: alarm.arn,
    OldStateValue: oldState,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    ...(alarm.kind === "MetricAlarm" ? { Trigger: triggerOf(alarm) } : ruleOf(alarm)),
  };
  return { subject: `${alarm.state}: "${alarm.name}" in ${regionName}`, message: JSON.stringify(message) };
}

/** A composite alarm's rule, and the alarms whose change set it off, as its reason data name them. */
function ruleOf({ rule, stateReasonData }: CompositeAlarm): Record<string, unknown> {
  return {
    AlarmRule: rule,
    TriggeringChildren: triggeringAlarms(stateReasonData).map(({ arn, state }) => ({
      Arn: arn,
      State: { Value: state?.value, Timestamp: state?.timestamp },
    })),
  };
}

/** Reason data that were set by hand may be anything. */
function triggeringAlarms(
  reasonData: string | undefined,
): readonly { arn?: string; state?: { value?: string; timestamp?: string } }[] {
  try {
    const { triggeringAlarms: alarms } = JSON.parse(reasonData ?? "{}") ?? {};
    return Array.isArray(alarms) ? alarms : [];
  } catch {
    return [];
  }
}

function triggerOf(alarm: MetricAlarm): Record<string, unknown> {
  const { metric } = alarm;
  const common = {
    EvaluationPeriods: alarm.evaluationPeriods,
    ...(alarm.datapointsToAlarm === undefined ? {} : { DatapointsToAlarm: alarm.datapointsToAlarm }),
    ComparisonOperator: alarm.comparisonOperator,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.treatMissingData ?? "",
    EvaluateLowSampleCountPercentile: alarm.evaluateLowSampleCountPercentile ?? "",
  };
  if (metric === undefined) {
    return { ...common, Metrics: (alarm.queries ?? []).map(describeQuery) };
  }
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    ...(metric.statistic === undefined
      ? { StatisticType: "ExtendedStatistic", ExtendedStatistic: metric.extendedStatistic }
      : {
          StatisticType: "Statistic",
          Statistic: metric.statistic === "SampleCount" ? "SAMPLE_COUNT" : metric.statistic.toUpperCase(),
        }),
    Unit: metric.unit ?? null,
    Dimensions: metric.dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
    Period: metric.period,
    ...common,
  };
}

/** A query of metric math as notifications have it: dimensions are written in small letters. */
function describeQuery({ MetricStat: stat, ReturnData = true, ...query }: MetricDataQuery): Record<string, unknown> {
  if (stat === undefined) {
    return { ...query, ReturnData };
  }
  const { Metric: metric, ...rest } = stat;
  return {
    ...query,
    MetricStat: {
      Metric: {
        Dimensions: (metric?.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
        MetricName: metric?.MetricName,
        Namespace: metric?.Namespace,
      },
      ...rest,
    },
    ReturnData,
  };
}
