import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { alarmCondition } from "./alarm-condition.ts";

const dimension = { Name: "FunctionName", Value: "api" };
const of = (Id: string, MetricName: string) => ({
  ...{ Id, ReturnData: false },
  MetricStat: { Stat: "Sum", Period: 300, Metric: { Namespace: "AWS/Lambda", MetricName, Dimensions: [dimension] } },
});

test.each<[string, MetricAlarm, string]>([
  [
    "one metric",
    {
      ...{ Namespace: "AWS/Lambda", MetricName: "Duration", Dimensions: [dimension], ExtendedStatistic: "p99" },
      ...{ Period: 300, EvaluationPeriods: 3, DatapointsToAlarm: 2 },
      ...{ Threshold: 9500, ComparisonOperator: "GreaterThanThreshold" },
    },
    "p99 of AWS/Lambda Duration (FunctionName=api) > 9500 for 2 of 3 periods of 300 s",
  ],
  [
    "no dimensions, and all periods",
    {
      ...{ Namespace: "Shop", MetricName: "orders", Statistic: "Sum", Period: 60, EvaluationPeriods: 5 },
      ...{ Threshold: 1, ComparisonOperator: "LessThanThreshold" },
    },
    "Sum of Shop orders < 1 for 5 of 5 periods of 60 s",
  ],
  [
    "metric math",
    {
      ...{ EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: "GreaterThanOrEqualToThreshold" },
      Metrics: [
        { Id: "percent", Expression: "100 * part / whole", ReturnData: true },
        of("part", "Errors"),
        of("whole", "Invocations"),
      ],
    },
    "100 * part / whole >= 5 for 1 of 1 periods of 300 s, where part = Sum of AWS/Lambda Errors (FunctionName=api), whole = Sum of AWS/Lambda Invocations (FunctionName=api)",
  ],
  [
    "anomaly detection",
    {
      ...{ EvaluationPeriods: 2, ThresholdMetricId: "band", ComparisonOperator: "GreaterThanUpperThreshold" },
      Metrics: [
        { ...of("m", "Errors"), ReturnData: true },
        { Id: "band", Expression: "ANOMALY_DETECTION_BAND(m, 2)", ReturnData: true },
      ],
    },
    "Sum of AWS/Lambda Errors (FunctionName=api) above the band ANOMALY_DETECTION_BAND(m, 2) for 2 of 2 periods of 300 s",
  ],
])("%s", (_what, alarm, words) => {
  expect(alarmCondition(alarm)).toBe(words);
});
