import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";

const TOPIC = "arn:aws:sns:us-east-1:000000000000:on-call";
const given = {
  ...{ AlarmName: "errors", Namespace: "Shop", MetricName: "Errors", Statistic: "Sum" as const, Period: 60 },
  ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" as const },
};
const metric = (Id: string, Period = 60, ReturnData = false) => ({
  ...{ Id, ReturnData },
  MetricStat: { Metric: { Namespace: "Shop", MetricName: Id }, Period, Stat: "Sum" },
});
const math = {
  ...{ AlarmName: "math", EvaluationPeriods: 1, Threshold: 1 },
  ComparisonOperator: "GreaterThanThreshold" as const,
};

let aws: CloudWatchHarness;

beforeAll(async () => {
  aws = await cloudWatchHarness();
  await aws.call("PutMetricAlarm", given);
  await aws.call("PutCompositeAlarm", { AlarmName: "all", AlarmRule: "ALARM(errors)" });
});
afterAll(() => aws.dispose());

describe("an alarm on a metric is refused", () => {
  test.each<[object, string]>([
    [{ EvaluationPeriods: undefined }, "EvaluationPeriods"],
    [{ EvaluationPeriods: 0 }, "EvaluationPeriods"],
    [{ DatapointsToAlarm: 2 }, "DatapointsToAlarm must be between 1 and EvaluationPeriods."],
    [{ EvaluationPeriods: 1.5 }, "The value 1.5 for parameter EvaluationPeriods is invalid."],
    [{ DatapointsToAlarm: 0.5 }, "The value 0.5 for parameter DatapointsToAlarm is invalid."],
    [{ Threshold: undefined }, "Threshold"],
    [{ Threshold: Number.NaN }, "The value NaN for parameter Threshold is invalid."],
    [{ ComparisonOperator: undefined }, "ComparisonOperator"],
    [{ ComparisonOperator: "Equals" }, "ComparisonOperator"],
    [{ ComparisonOperator: "GreaterThanUpperThreshold" }, "Local AWS has no anomaly detection"],
    [{ ThresholdMetricId: "a" }, "Local AWS does not support ThresholdMetricId in alarms."],
    [{ TreatMissingData: "panic" }, "TreatMissingData"],
    [{ EvaluateLowSampleCountPercentile: "never" }, "EvaluateLowSampleCountPercentile"],
    [{ Statistic: undefined }, "One of Statistic and ExtendedStatistic must be specified, and not both."],
    [{ ExtendedStatistic: "p99" }, "One of Statistic and ExtendedStatistic must be specified, and not both."],
    [{ Statistic: "Median" }, "Statistic"],
    [{ Statistic: "p99" }, "The value p99 for parameter Statistic is not supported."],
    [{ Statistic: undefined, ExtendedStatistic: "p999x" }, "ExtendedStatistic"],
    [{ Statistic: undefined, ExtendedStatistic: "Sum" }, "The value Sum for parameter ExtendedStatistic"],
    [{ Period: 5 }, "Period must be 10, 20, 30 or a multiple of 60"],
    [
      { EvaluationPeriods: 1_441 },
      "more than a day (EvaluationPeriods * Period must be <= 86400) for alarms using period < 3600",
    ],
    [
      { EvaluationPeriods: 169, Period: 3_600 },
      "more than a week (EvaluationPeriods * Period must be <= 604800) for alarms using period >= 3600",
    ],
    [{ AlarmName: "" }, "AlarmName"],
    [{ AlarmName: "x".repeat(256) }, "AlarmName"],
    [{ AlarmDescription: "x".repeat(1_025) }, "AlarmDescription must have length less than or equal to 1024."],
    [
      { AlarmActions: Array.from({ length: 6 }, (_, n) => `${TOPIC}-${n}`) },
      "AlarmActions must not have a size greater",
    ],
    [{ OKActions: ["on-call"] }, "Invalid arn syntax: on-call"],
    [
      { OKActions: ["arn:aws:ssm:us-east-1:000000000000:opsitem:1"] },
      "runs alarm actions on SNS topics only: OKActions",
    ],
  ])("with %j", async (change, message) => {
    await expect(aws.call("PutMetricAlarm", { ...given, ...change })).rejects.toThrow(message);
  });
});

describe("an alarm on metric math is refused", () => {
  const ratio = { Id: "e", Expression: "a / b", ReturnData: true };

  test.each<[string, object[], object, string]>([
    ["beside a metric", [metric("a", 60, true)], { Period: 60 }, "Period should not be set if list of Metrics is set."],
    ["with nothing to look at", [metric("a")], {}, "Exactly one element of the metrics list should return data."],
    ["with two things to look at", [metric("a", 60, true), metric("b", 60, true)], {}, "Exactly one element"],
    ["without a metric", [{ Id: "e", Expression: "TIME_SERIES(1)" }], {}, "takes 1 to 10 metrics."],
    ["of two periods", [metric("a"), metric("b", 300), ratio], {}, "Each metric of an alarm must use the same period."],
    ["that is a number", [metric("a"), { ...ratio, Expression: "METRIC_COUNT(a)" }], {}, "single time series"],
    [
      "that is many series",
      [metric("a"), metric("b"), { ...ratio, Expression: "METRICS() * 2" }],
      {},
      "single time series",
    ],
  ])("%s", async (_what, Metrics, more, message) => {
    await expect(aws.call("PutMetricAlarm", { ...math, ...more, Metrics } as never)).rejects.toThrow(message);
  });

  test("and taken when it is one series of one period", async () => {
    await aws.call("PutMetricAlarm", { ...math, Metrics: [metric("a"), metric("b"), ratio] });
    const { MetricAlarms } = await aws.call("DescribeAlarms", { AlarmNames: ["math"] });
    expect(MetricAlarms?.[0]?.Metrics).toHaveLength(3);
  });
});

describe("an alarm on alarms is refused", () => {
  test.each([
    [{ AlarmRule: "ALARM(gone)" }, "as alarms [gone] in the alarm rule do not exist"],
    [{ AlarmRule: "ALARM(all)" }, "its alarm rule refers to the alarm itself: all"],
    [{ AlarmRule: "TRUE", ActionsSuppressor: "errors" }, "The parameter ActionsSuppressorWaitPeriod is required."],
  ])("with %j", async (change, message) => {
    await expect(aws.call("PutCompositeAlarm", { AlarmName: "all", ...change })).rejects.toThrow(message);
  });

  test("under the name of an alarm of another kind", async () => {
    await expect(aws.call("PutCompositeAlarm", { AlarmName: "errors", AlarmRule: "TRUE" })).rejects.toThrow(
      "An alarm with the name errors exists and is of the type MetricAlarm.",
    );
  });
});

describe("what is asked of alarms is refused", () => {
  test.each([
    [() => aws.call("DeleteAlarms", { AlarmNames: [] }), "AlarmNames"],
    [() => aws.call("DeleteAlarms", { AlarmNames: Array(101).fill("a") }), "must not have a size greater than 100."],
    [() => aws.call("DescribeAlarms", { AlarmTypes: ["LogAlarm" as "MetricAlarm"] }), "AlarmTypes"],
    [() => aws.call("DescribeAlarms", { MaxRecords: 101 }), "MaxRecords"],
    [() => aws.call("DescribeAlarmHistory", { MaxRecords: 0 }), "MaxRecords"],
    [() => aws.call("DescribeAlarmHistory", { HistoryItemType: "State" as "Action" }), "HistoryItemType"],
    [() => aws.call("DescribeAlarmHistory", { AlarmTypes: ["LogAlarm" as "MetricAlarm"] }), "AlarmTypes"],
    [() => aws.call("DescribeAlarmHistory", { ScanBy: "Name" as "TimestampAscending" }), "ScanBy"],
    [() => aws.call("DescribeAlarms", { AlarmNames: ["a"], AlarmNamePrefix: "a" }), "are mutually exclusive."],
    [() => aws.call("EnableAlarmActions", { AlarmNames: [] }), "AlarmNames"],
    [
      () => aws.call("SetAlarmState", { AlarmName: "gone", StateValue: "OK", StateReason: "" }),
      "The alarm gone does not",
    ],
    [
      () => aws.call("SetAlarmState", { AlarmName: "errors", StateValue: "LOUD" as "OK", StateReason: "" }),
      "StateValue",
    ],
    [() => aws.call("SetAlarmState", { AlarmName: "errors", StateValue: "OK" }), "StateReason"],
    [
      () => aws.call("SetAlarmState", { AlarmName: "errors", StateValue: "OK", StateReason: "x".repeat(1_024) }),
      "The parameter StateReason must have length less than or equal to 1023.",
    ],
    [
      () =>
        aws.call("SetAlarmState", {
          ...{ AlarmName: "errors", StateValue: "OK", StateReason: "a" },
          StateReasonData: JSON.stringify("x".repeat(3_999)),
        }),
      "The parameter StateReasonData must have length less than or equal to 4000.",
    ],
    [() => aws.call("DescribeAlarmsForMetric", { Namespace: "App" }), "The parameter MetricName is required."],
    [
      () =>
        aws.call("SetAlarmState", { AlarmName: "errors", StateValue: "OK", StateReason: "a", StateReasonData: "{" }),
      "StateReasonData is not a JSON document.",
    ],
  ])("%#: %s", async (ask, message) => {
    await expect(ask()).rejects.toThrow(message);
  });

  test("and alarms are found by their place in others, with a history page by page", async () => {
    const children = await aws.call("DescribeAlarms", { ChildrenOfAlarmName: "all" });
    expect(children.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["errors"]);
    const parents = await aws.call("DescribeAlarms", { ParentsOfAlarmName: "errors", AlarmTypes: ["CompositeAlarm"] });
    expect(parents.CompositeAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["all"]);
    await aws.call("DisableAlarmActions", { AlarmNames: ["errors"] });
    const about = { AlarmName: "errors", HistoryItemType: "ConfigurationUpdate" as const, MaxRecords: 1 };
    const first = await aws.call("DescribeAlarmHistory", about);
    const second = await aws.call("DescribeAlarmHistory", { ...about, NextToken: first.NextToken });
    expect([first, second].map(({ AlarmHistoryItems = [] }) => AlarmHistoryItems[0]?.HistorySummary)).toEqual([
      'Alarm "errors" updated',
      'Alarm "errors" created',
    ]);
    expect(second.NextToken).toBeUndefined();
  });
});
