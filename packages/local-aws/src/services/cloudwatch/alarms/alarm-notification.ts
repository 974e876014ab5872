import type { Alarm, MetricAlarm, StateValue } from "./alarm.ts";

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
    ...(alarm.kind === "MetricAlarm" ? { Trigger: triggerOf(alarm) } : { AlarmRule: alarm.rule }),
  };
  return { subject: `${alarm.state}: "${alarm.name}" in ${regionName}`, message: JSON.stringify(message) };
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
    return { ...common, Metrics: alarm.queries };
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

function formatDate(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}
