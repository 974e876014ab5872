import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
});

afterEach(() => aws.dispose());

const topic = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;
const dimensions = [{ Name: "FunctionName", Value: "f" }];
const base = {
  AlarmName: "errors",
  Namespace: "App",
  MetricName: "Errors",
  Dimensions: dimensions,
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
} as const;

const put = (more: object = {}) => aws.call("PutMetricAlarm", { ...base, ...more } as never);

async function alarm(name = "errors") {
  const { MetricAlarms, CompositeAlarms } = await aws.call("DescribeAlarms", {
    AlarmNames: [name],
    AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
  });
  return MetricAlarms?.[0] ?? CompositeAlarms?.[0];
}

/** Records values of the alarm's metric in the current minute, then lets the minute pass. */
async function minute(...values: number[]): Promise<string | undefined> {
  aws.cloudwatch.metrics.record(
    values.map((value) => ({
      namespace: "App",
      name: "Errors",
      dimensions: { FunctionName: "f" },
      value,
      unit: "Count",
    })),
  );
  await aws.nextMinute();
  return (await alarm())?.StateValue;
}

test("an alarm is described with every field that it was put with", async () => {
  const input = {
    AlarmDescription: "too many",
    ActionsEnabled: true,
    OKActions: [topic("ok")],
    AlarmActions: [topic("page"), topic("mail")],
    InsufficientDataActions: [topic("dunno")],
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    TreatMissingData: "notBreaching",
    Unit: "Count",
  };
  await put({ ...input, Tags: [{ Key: "team", Value: "ops" }] });
  const arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors";
  expect(await alarm()).toEqual({
    ...base,
    ...input,
    AlarmArn: arn,
    StateValue: "INSUFFICIENT_DATA",
    StateReason: "Unchecked: Initial alarm creation",
    AlarmConfigurationUpdatedTimestamp: expect.any(Date),
    StateUpdatedTimestamp: expect.any(Date),
    StateTransitionedTimestamp: expect.any(Date),
  });
  expect(await aws.call("ListTagsForResource", { ResourceARN: arn })).toEqual({
    Tags: [{ Key: "team", Value: "ops" }],
  });
  expect(aws.cloudwatch.tags.taggedResources()).toEqual([{ arn, type: "cloudwatch:alarm", tags: { team: "ops" } }]);
});

test("an alarm follows its metric, with reasons, history and actions on each transition", async () => {
  await put({ OKActions: [topic("ok")], AlarmActions: [topic("page")] });
  expect(await minute(3)).toBe("OK");
  expect(await minute(4, 4)).toBe("ALARM");
  expect((await alarm())?.StateReason).toMatch(
    /^Threshold Crossed: 1 datapoint \[8\.0 \(\d\d\/\d\d\/\d\d \d\d:\d\d:00\)\] was greater than the threshold \(5\.0\)\.$/,
  );
  expect(JSON.parse((await alarm())?.StateReasonData ?? "")).toMatchObject({
    version: "1.0",
    statistic: "Sum",
    period: 60,
    recentDatapoints: [8],
    threshold: 5,
    evaluatedDatapoints: [{ value: 8, sampleCount: 2 }],
  });
  expect(await minute(9)).toBe("ALARM");
  expect(await minute(0)).toBe("OK");
  expect(aws.published.map(({ topicArn, subject }) => [topicArn, subject])).toEqual([
    [topic("ok"), 'OK: "errors" in US East (N. Virginia)'],
    [topic("page"), 'ALARM: "errors" in US East (N. Virginia)'],
    [topic("ok"), 'OK: "errors" in US East (N. Virginia)'],
  ]);
  expect(JSON.parse(aws.published[1]?.message ?? "")).toMatchObject({
    AlarmName: "errors",
    NewStateValue: "ALARM",
    OldStateValue: "OK",
    Trigger: {
      MetricName: "Errors",
      Statistic: "SUM",
      Threshold: 5,
      Dimensions: [{ name: "FunctionName", value: "f" }],
    },
  });
  const { AlarmHistoryItems } = await aws.call("DescribeAlarmHistory", {
    AlarmName: "errors",
    ScanBy: "TimestampAscending",
  });
  expect(AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
    'Alarm "errors" created',
    "Alarm updated from INSUFFICIENT_DATA to OK",
    `Successfully executed action ${topic("ok")}`,
    "Alarm updated from OK to ALARM",
    `Successfully executed action ${topic("page")}`,
    "Alarm updated from ALARM to OK",
    `Successfully executed action ${topic("ok")}`,
  ]);
  const updates = await aws.call("DescribeAlarmHistory", { HistoryItemType: "StateUpdate", MaxRecords: 1 });
  expect(updates.AlarmHistoryItems?.[0]?.HistorySummary).toBe("Alarm updated from ALARM to OK");
  expect(updates.NextToken).toBeDefined();
});

test("two of three: a single breach does not alarm, a second one within three does", async () => {
  await put({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  expect([
    await minute(1),
    await minute(9),
    await minute(1),
    await minute(9),
    await minute(1),
    await minute(1),
  ]).toEqual(["OK", "OK", "OK", "ALARM", "OK", "OK"]);
});

test("other dimensions are another metric", async () => {
  await put();
  aws.cloudwatch.metrics.record([{ namespace: "App", name: "Errors", dimensions: {}, value: 99, unit: "Count" }]);
  await aws.nextMinute();
  expect((await alarm())?.StateValue).toBe("INSUFFICIENT_DATA");
});

test.each([
  ["missing", ["OK", "OK", "OK", "INSUFFICIENT_DATA"]],
  ["ignore", ["OK", "OK", "OK", "OK"]],
  ["breaching", ["OK", "OK", "OK", "ALARM"]],
  ["notBreaching", ["OK", "OK", "OK", "OK"]],
])("after data stops, %s gives %j", async (TreatMissingData, states) => {
  await put({ TreatMissingData });
  // The last real data point stays within the evaluation range for two more periods.
  expect([await minute(1), await minute(), await minute(), await minute()]).toEqual(states);
});

test("an alarm on DynamoDB's metrics ignores missing data unless told otherwise", async () => {
  await put({ AlarmName: "a", Namespace: "AWS/DynamoDB" });
  await put({ AlarmName: "b", Namespace: "AWS/DynamoDB", TreatMissingData: "notBreaching" });
  await aws.call("SetAlarmState", { AlarmName: "a", StateValue: "ALARM", StateReason: "test" });
  await aws.nextMinute();
  expect([(await alarm("a"))?.StateValue, (await alarm("b"))?.StateValue]).toEqual(["ALARM", "OK"]);
});

test("late data is taken into account while it is within reach", async () => {
  await put({ EvaluationPeriods: 2, DatapointsToAlarm: 2 });
  const late = aws.core.clock.now();
  expect([await minute(1), await minute(9)]).toEqual(["OK", "OK"]);
  aws.cloudwatch.metrics.record([
    { namespace: "App", name: "Errors", dimensions: { FunctionName: "f" }, value: 50, unit: "Count", timestamp: late },
  ]);
  // 51, 9, - , of which two real ones breach.
  expect(await minute()).toBe("ALARM");
});

test("metric math: an error rate with a minimum number of requests", async () => {
  const stat = (Id: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: "App", MetricName: Id }, Period: 60, Stat: "Sum" },
  });
  await aws.call("PutMetricAlarm", {
    AlarmName: "errors",
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
    Metrics: [
      { Id: "rate", Label: "Error rate", Expression: "IF(requests >= 10, 100 * FILL(failed, 0) / requests, 0)" },
      stat("requests"),
      stat("failed"),
    ],
  });
  const traffic = async (requests: number, failed: number) => {
    const record = (name: string, value: number) => ({ namespace: "App", name, dimensions: {}, value, unit: "Count" });
    aws.cloudwatch.metrics.record([record("requests", requests), ...(failed > 0 ? [record("failed", failed)] : [])]);
    await aws.nextMinute();
    return (await alarm())?.StateValue;
  };
  expect([await traffic(9, 9), await traffic(100, 5), await traffic(100, 6), await traffic(100, 0)]).toEqual([
    "OK",
    "OK",
    "ALARM",
    "OK",
  ]);
  expect((await alarm()) as object).toMatchObject({
    Metrics: [{ Id: "rate", ReturnData: true }, { Id: "requests", ReturnData: false }, { Id: "failed" }],
    Dimensions: [],
  });
});

test("a percentile alarm waits for enough samples when told so", async () => {
  await put({ Statistic: undefined, ExtendedStatistic: "p90", EvaluateLowSampleCountPercentile: "ignore" });
  // p90 needs 10 / (1 - 0.9) = 100 samples.
  expect(await minute(...Array.from({ length: 99 }, () => 9))).toBe("INSUFFICIENT_DATA");
  expect(await minute(...Array.from({ length: 100 }, () => 9))).toBe("ALARM");
  await put({ Statistic: undefined, ExtendedStatistic: "p90" });
  expect(await minute(1)).toBe("OK");
});

test("an alarm with periods of ten seconds is evaluated every ten seconds", async () => {
  await put({ Period: 10 });
  await aws.call("PutMetricData", {
    Namespace: "App",
    MetricData: [{ MetricName: "Errors", Dimensions: dimensions, Value: 9, StorageResolution: 1 }],
  });
  await aws.core.clock.advance(10_000);
  expect((await alarm())?.StateValue).toBe("ALARM");
});

test("SetAlarmState lasts until the next evaluation, and an update keeps the state", async () => {
  await put({ AlarmActions: [topic("page")] });
  expect(await minute(1)).toBe("OK");
  await aws.call("SetAlarmState", { AlarmName: "errors", StateValue: "ALARM", StateReason: "drill" });
  expect(await alarm()).toMatchObject({ StateValue: "ALARM", StateReason: "drill" });
  expect(aws.published).toHaveLength(1);
  await put({ Threshold: 7 });
  expect(await alarm()).toMatchObject({ StateValue: "ALARM", Threshold: 7, AlarmActions: [] });
  expect(await minute(1)).toBe("OK");
});

test("disabled actions do not run", async () => {
  await put({ AlarmActions: [topic("page")] });
  await aws.call("DisableAlarmActions", { AlarmNames: ["errors"] });
  expect(await minute(9)).toBe("ALARM");
  expect(aws.published).toEqual([]);
  expect((await alarm())?.ActionsEnabled).toBe(false);
});

test("alarms survive a restart and are evaluated again", async () => {
  await put();
  await aws.cloudwatch.service.close?.();
  const { createCloudWatch } = await import("../create-cloudwatch.ts");
  const again = createCloudWatch(aws.core, { topics: { publish: () => {} } });
  again.metrics.record([
    { namespace: "App", name: "Errors", dimensions: { FunctionName: "f" }, value: 9, unit: "Count" },
  ]);
  await aws.nextMinute();
  const describe = again.service.operations.DescribeAlarms as unknown as (input: object, context: object) => unknown;
  expect(describe({}, aws.core.context())).toMatchObject({
    MetricAlarms: [{ AlarmName: "errors", StateValue: "ALARM" }],
  });
  await again.service.close?.();
});

test("an alarm that cannot be evaluated says so, keeps its state, and does not keep others from it", async () => {
  await put({ AlarmName: "broken" });
  await put();
  const stored = aws.core.store.collection<{ metric: object }>("monitoring/alarms");
  const broken = stored.get("broken");
  // As an alarm of another version of local AWS may be.
  stored.put("broken", { ...broken, metric: { ...broken?.metric, statistic: "Median" } });
  const { createCloudWatch } = await import("../create-cloudwatch.ts");
  await aws.cloudwatch.service.close?.();
  const again = createCloudWatch(aws.core, { topics: { publish: () => {} } });
  const describeAll = () =>
    (again.service.operations.DescribeAlarms as unknown as (input: object, context: object) => unknown)(
      {},
      aws.core.context(),
    );
  again.metrics.record([
    { namespace: "App", name: "Errors", dimensions: { FunctionName: "f" }, value: 9, unit: "Count" },
  ]);
  await aws.nextMinute();
  expect(describeAll()).toMatchObject({
    MetricAlarms: [
      {
        AlarmName: "broken",
        StateValue: "INSUFFICIENT_DATA",
        EvaluationState: "EVALUATION_ERROR",
        StateReason: "The value Median for parameter Statistic is not supported.",
      },
      { AlarmName: "errors", StateValue: "ALARM" },
    ],
  });
  await again.service.close?.();
});

describe("composite alarms", () => {
  const composite = (AlarmName: string, AlarmRule: string, more: object = {}) =>
    aws.call("PutCompositeAlarm", { AlarmName, AlarmRule, ...more });

  test("follow their alarms at once, through levels", async () => {
    await put({ AlarmName: "a" });
    await put({ AlarmName: "b" });
    await composite("low", 'ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA("b"))', { AlarmActions: [topic("page")] });
    await composite("high", "ALARM(low) OR FALSE");
    const states = async () => [(await alarm("low"))?.StateValue, (await alarm("high"))?.StateValue];
    expect(await states()).toEqual(["OK", "OK"]);
    const set = (AlarmName: string, StateValue: "OK" | "ALARM") =>
      aws.call("SetAlarmState", { AlarmName, StateValue, StateReason: "x" });
    await set("a", "ALARM");
    expect(await states()).toEqual(["OK", "OK"]);
    await set("b", "ALARM");
    expect(await states()).toEqual(["ALARM", "ALARM"]);
    expect(aws.published.map(({ subject }) => subject)).toEqual(['ALARM: "low" in US East (N. Virginia)']);
    await set("b", "OK");
    expect(await states()).toEqual(["OK", "OK"]);
    expect((await aws.call("DescribeAlarms", {})).CompositeAlarms).toEqual([]);
    const children = await aws.call("DescribeAlarms", { ChildrenOfAlarmName: "low" });
    expect(children.MetricAlarms).toEqual(
      ["a", "b"].map((AlarmName) => ({
        AlarmName,
        AlarmArn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${AlarmName}`,
        StateValue: AlarmName === "a" ? "ALARM" : "OK",
        StateUpdatedTimestamp: expect.any(Date),
      })),
    );
  });

  test("keep their alarms from being deleted, and refuse rules that cannot be", async () => {
    await put({ AlarmName: "a" });
    await composite("c", "ALARM(a)");
    await expect(aws.call("DeleteAlarms", { AlarmNames: ["a"] })).rejects.toThrow(
      "composite alarm(s) depending on it. Alarm(s): [c]",
    );
    await expect(composite("d", "ALARM(nobody)")).rejects.toThrow("alarms [nobody] in the alarm rule do not exist");
    await composite("d", "ALARM(c)");
    await expect(composite("c", "ALARM(c)")).rejects.toThrow("refers to the alarm itself");
    for (const rule of ["", "ALARM(a", "ALARM(a) AND", "MAYBE(a)", "ALARM(a) ALARM(a)", 'ALARM("a']) {
      await expect(composite("e", rule)).rejects.toMatchObject({ code: "ValidationError" });
    }
    await expect(aws.call("DeleteAlarms", { AlarmNames: ["a", "c", "d"] })).rejects.toThrow(
      "No more than one composite alarm can be deleted in one operation.",
    );
    await aws.call("DeleteAlarms", { AlarmNames: ["d"] });
    await aws.call("DeleteAlarms", { AlarmNames: ["a", "c", "nobody"] });
    expect(await aws.cloudwatch.service.inventory?.()).toEqual([]);
  });
});

test.each([
  [{ Threshold: undefined }, "The parameter Threshold is required."],
  [{ ComparisonOperator: "Bigger" }, "The value Bigger for parameter ComparisonOperator is invalid."],
  [{ TreatMissingData: "whatever" }, "TreatMissingData"],
  [{ AlarmActions: ["page me"] }, "Invalid arn syntax: page me"],
  [{ AlarmActions: ["arn:aws:lambda:us-east-1:000000000000:function:f"] }, "SNS topics only"],
  [
    {
      Metrics: [{ Id: "e1", Expression: "NOPE(m1)" }],
      MetricName: undefined,
      Namespace: undefined,
      Statistic: undefined,
      Period: undefined,
      Dimensions: undefined,
    },
    "Local AWS does not have the function NOPE",
  ],
  [
    { Metrics: [{ Id: "e1", Expression: "TIME_SERIES(1)" }] },
    "MetricName should not be set if list of Metrics is set.",
  ],
])("PutMetricAlarm refuses %j", async (input, message) => {
  await expect(put(input)).rejects.toThrow(message);
  expect(await alarm()).toBeUndefined();
});

test("DescribeAlarms filters and pages; DescribeAlarmsForMetric matches the metric exactly", async () => {
  for (const AlarmName of ["x1", "x2", "y1"]) {
    await put({ AlarmName, AlarmActions: AlarmName === "x2" ? [topic("page")] : [] });
  }
  const names = async (input: object) =>
    (await aws.call("DescribeAlarms", input)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
  expect(await names({ AlarmNamePrefix: "x" })).toEqual(["x1", "x2"]);
  expect(await names({ StateValue: "OK" })).toEqual([]);
  expect(await names({ ActionPrefix: "arn:aws:sns" })).toEqual(["x2"]);
  const page = await aws.call("DescribeAlarms", { MaxRecords: 2 });
  expect(await names({ MaxRecords: 2, NextToken: page.NextToken })).toEqual(["y1"]);
  const matching = { Namespace: "App", MetricName: "Errors" };
  expect(
    (await aws.call("DescribeAlarmsForMetric", { ...matching, Dimensions: dimensions })).MetricAlarms,
  ).toHaveLength(3);
  expect((await aws.call("DescribeAlarmsForMetric", matching)).MetricAlarms).toEqual([]);
});
