import type { CloudWatchHarness } from "../cloudwatch-harness.ts";

const NAMESPACE = "Service";

/** The metrics of {@link putAlarmsOfAService}. */
const METRICS = [
  ...["Calls", "Failures", "Duration", "Refused", "AtOnce", "DeadLetters", "Requests", "ServerErrors", "Latency"],
  ...["TableReads", "TableWrites", "IndexReads", "IndexWrites"],
];

const metric = (MetricName: string, Statistic: string, Period: number) => ({
  ...{ Namespace: NAMESPACE, MetricName, Period },
  ...(Statistic.startsWith("p") ? { ExtendedStatistic: Statistic } : { Statistic }),
});

const sums = (metrics: Readonly<Record<string, string>>, Period: number, Expression: string) => ({
  Metrics: [
    { Id: "result", Expression },
    ...Object.entries(metrics).map(([Id, MetricName]) => ({
      Id,
      ReturnData: false,
      MetricStat: { Metric: { Namespace: NAMESPACE, MetricName }, Period, Stat: "Sum" },
    })),
  ],
});

const percent = (part: string, whole: string, Period: number) =>
  sums({ part, whole }, Period, "IF(whole >= 20, 100 * part / whole, 0)");

const throttles = { a: "TableReads", b: "TableWrites", c: "IndexReads", d: "IndexWrites" };

/** Puts the kinds of alarms that a deployed service has: eleven on metrics and on metric math, and one on two of these. */
export async function putAlarmsOfAService(aws: CloudWatchHarness): Promise<void> {
  const alarms: Record<string, object> = {
    duration: metric("Duration", "p99", 300),
    refused: metric("Refused", "Sum", 60),
    atOnce: { ...metric("AtOnce", "Maximum", 60), EvaluationPeriods: 3, DatapointsToAlarm: 2 },
    deadLetters: { ...metric("DeadLetters", "Maximum", 60), TreatMissingData: "ignore" },
    latency: { ...metric("Latency", "p99", 300), EvaluationPeriods: 3, DatapointsToAlarm: 2 },
    failures: percent("Failures", "Calls", 300),
    serverErrors: { ...percent("ServerErrors", "Requests", 300), EvaluationPeriods: 3, DatapointsToAlarm: 2 },
    unavailable: { ...percent("ServerErrors", "Requests", 60), EvaluationPeriods: 3 },
    throttled: sums(throttles, 300, "SUM(METRICS())"),
    busy: { ...metric("Requests", "Sum", 3600), EvaluationPeriods: 24 },
    silent: {
      ...metric("Requests", "Sum", 60),
      ...{
        EvaluationPeriods: 60,
        ComparisonOperator: "LessThanThreshold",
        Threshold: 1,
        TreatMissingData: "breaching",
      },
    },
  };
  for (const [AlarmName, more] of Object.entries(alarms)) {
    const common = { AlarmName, EvaluationPeriods: 1, Threshold: 1000, ComparisonOperator: "GreaterThanThreshold" };
    await aws.call("PutMetricAlarm", { ...common, TreatMissingData: "notBreaching", ...more } as never);
  }
  await aws.call("PutCompositeAlarm", {
    AlarmName: "down",
    AlarmRule: "ALARM(unavailable) OR (ALARM(refused) AND ALARM(serverErrors))",
  });
}

/** Records values of all the metrics, of each minute to come. */
export function recordMinutes(aws: CloudWatchHarness, minutes: number): void {
  const start = aws.core.clock.now();
  for (let minute = 0; minute < minutes; minute++) {
    const timestamp = start + minute * 60_000;
    aws.cloudwatch.metrics.record(
      METRICS.flatMap((name) =>
        [5, 1, 9].map((value) => ({ namespace: NAMESPACE, name, dimensions: {}, value, unit: "Count", timestamp })),
      ),
    );
  }
}
