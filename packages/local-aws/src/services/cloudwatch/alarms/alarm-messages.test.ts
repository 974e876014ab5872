import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
import { DOCUMENTED, play, putAlarm } from "./alarm-timeline.ts";

// What alarms say: reasons, reason data, history and notifications, held against what AWS documents
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html, Notify_Users_Alarm_Changes.html).

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
});

afterEach(() => aws.dispose());

const TOPIC = "arn:aws:sns:us-east-1:000000000000:on-call";

async function described() {
  const { MetricAlarms = [] } = await aws.call("DescribeAlarms", {});
  return MetricAlarms[0];
}

/** A reason without its dates, which are `D`. */
async function reason(): Promise<string | undefined> {
  return (await described())?.StateReason?.replace(/\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d/g, "D");
}

describe("reasons", () => {
  const counted = { EvaluationPeriods: 3, DatapointsToAlarm: 2 };
  const good = { TreatMissingData: "notBreaching" };
  const bad = { TreatMissingData: "breaching" };

  test.each<[string, object, string, string]>([
    ["one of one", {}, "9", "1 datapoint [9.0 (D)] was greater than the threshold (3.0)."],
    ["back", {}, "9 1", "1 datapoint [1.0 (D)] was not greater than the threshold (3.0)."],
    [
      "three of three",
      { EvaluationPeriods: 3 },
      "1 7 8 9.5",
      "3 datapoints [9.5 (D), 8.0 (D), 7.0 (D)] were greater than the threshold (3.0).",
    ],
    [
      "with a number of data points",
      counted,
      "1 9 8",
      "2 out of the last 3 datapoints [8.0 (D), 9.0 (D)] were greater than the threshold (3.0) (minimum 2 datapoints for OK -> ALARM transition).",
    ],
    [
      "back from it",
      counted,
      "9 9 1 1",
      "2 out of the last 3 datapoints [1.0 (D), 1.0 (D)] were not greater than the threshold (3.0) (minimum 2 datapoints for ALARM -> OK transition).",
    ],
    [
      "five and more are named after the sentence",
      { EvaluationPeriods: 6 },
      "1 9 9 9 9 9 9",
      "6 datapoints were greater than the threshold (3.0). The most recent datapoints which crossed the threshold: [9.0 (D), 9.0 (D), 9.0 (D), 9.0 (D), 9.0 (D)].",
    ],
    [
      "with points that were filled in",
      { ...counted, DatapointsToAlarm: 1, ...good },
      "9",
      "1 out of the last 3 datapoints [9.0 (D)] was greater than the threshold (3.0) and 2 missing datapoints were treated as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).",
    ],
    [
      "with one",
      { EvaluationPeriods: 2, ...bad },
      "9",
      "1 datapoint [9.0 (D)] was greater than the threshold (3.0) and 1 missing datapoint was treated as [Breaching].",
    ],
    [
      "with nothing else",
      { EvaluationPeriods: 2, ...bad },
      "-",
      "no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].",
    ],
    [
      "without anything",
      good,
      "-",
      "no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
    ],
    [
      "against what is there",
      { ...counted, ...bad },
      "1",
      "1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
    ],
  ])("%s", async (_what, alarm, data, expected) => {
    await putAlarm(aws, alarm);
    await play(aws, data);
    expect(await reason()).toBe(`Threshold Crossed: ${expected}`);
  });

  test("of insufficient data, and of birth", async () => {
    await putAlarm(aws, { EvaluationPeriods: 5 });
    expect(await reason()).toBe("Unchecked: Initial alarm creation");
    await aws.call("SetAlarmState", { AlarmName: DOCUMENTED.alarm, StateValue: "OK", StateReason: "by hand" });
    await play(aws, "-");
    expect(await reason()).toBe("Insufficient Data: 5 datapoints were unknown.");
  });
});

test("reason data have the data points, those that are missing without a value", async () => {
  const alarm = { EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: "notBreaching" };
  await putAlarm(aws, { ...alarm, Statistic: "Sum", Unit: "Count" });
  await play(aws, "4+4 - 9", { Unit: "Count" });
  const data = JSON.parse((await described())?.StateReasonData ?? "");
  const at = (minutesAgo: number) =>
    new Date(Math.floor(aws.core.clock.now() / 60_000) * 60_000 - minutesAgo * 60_000)
      .toISOString()
      .replace("Z", "+0000");
  expect(data).toMatchObject({
    ...{ version: "1.0", startDate: at(3), unit: "Count", statistic: "Sum", period: 60, threshold: 3 },
    recentDatapoints: [8, 9],
  });
  expect(data.evaluatedDatapoints).toEqual([
    { timestamp: at(1), sampleCount: 1, value: 9 },
    { timestamp: at(2) },
    { timestamp: at(3), sampleCount: 2, value: 8 },
  ]);
});

describe("notifications", () => {
  const message = (index: number) => JSON.parse(aws.published[index]?.message ?? "");

  test("of an alarm on a metric", async () => {
    await putAlarm(aws, {
      AlarmDescription: "too much",
      AlarmActions: [TOPIC],
      Dimensions: [{ Name: "Host", Value: "a" }],
      TreatMissingData: "notBreaching",
    });
    await play(aws, "9", { Dimensions: [{ Name: "Host", Value: "a" }] });
    expect(aws.published[0]?.subject).toBe(`ALARM: "${DOCUMENTED.alarm}" in US East (N. Virginia)`);
    expect(message(0)).toEqual({
      AlarmName: DOCUMENTED.alarm,
      AlarmDescription: "too much",
      AWSAccountId: "000000000000",
      AlarmConfigurationUpdatedTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}\+0000$/),
      NewStateValue: "ALARM",
      NewStateReason: (await described())?.StateReason,
      StateChangeTime: expect.stringMatching(/\+0000$/),
      Region: "US East (N. Virginia)",
      AlarmArn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${DOCUMENTED.alarm}`,
      OldStateValue: "INSUFFICIENT_DATA",
      OKActions: [],
      AlarmActions: [TOPIC],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: DOCUMENTED.metric,
        Namespace: DOCUMENTED.namespace,
        StatisticType: "Statistic",
        Statistic: "MAXIMUM",
        Unit: null,
        Dimensions: [{ value: "a", name: "Host" }],
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 3,
        TreatMissingData: "notBreaching",
        EvaluateLowSampleCountPercentile: "",
      },
    });
  });

  test("of an alarm on metric math", async () => {
    await aws.call("PutMetricAlarm", {
      ...{ AlarmName: "math", EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: "GreaterThanThreshold" },
      AlarmActions: [TOPIC],
      Metrics: [
        { Id: "e1", Label: "Double", Expression: "m1 * 2" },
        {
          ...{ Id: "m1", ReturnData: false },
          MetricStat: {
            Metric: { Namespace: DOCUMENTED.namespace, MetricName: "Load", Dimensions: [{ Name: "Host", Value: "a" }] },
            ...{ Period: 60, Stat: "Sum" },
          },
        },
      ],
    });
    await play(aws, "9", { Dimensions: [{ Name: "Host", Value: "a" }] });
    expect(message(0).Trigger.Metrics).toEqual([
      { Id: "e1", Label: "Double", Expression: "m1 * 2", ReturnData: true },
      {
        Id: "m1",
        MetricStat: {
          Metric: {
            Dimensions: [{ value: "a", name: "Host" }],
            MetricName: "Load",
            Namespace: DOCUMENTED.namespace,
          },
          ...{ Period: 60, Stat: "Sum" },
        },
        ReturnData: false,
      },
    ]);
  });

  test("of a composite alarm name the alarms that set it off", async () => {
    await putAlarm(aws, { AlarmName: "first" });
    await putAlarm(aws, { AlarmName: "second" });
    const AlarmRule = "ALARM(first) OR ALARM(second)";
    await aws.call("PutCompositeAlarm", { AlarmName: "main", AlarmRule, AlarmActions: [TOPIC] });
    const [before] = (await aws.call("DescribeAlarms", { AlarmTypes: ["CompositeAlarm"] })).CompositeAlarms ?? [];
    const arn = (name: string) => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`;
    expect(before?.StateReason).toBe(`${arn("main")} was created and its alarm rule evaluates to OK`);
    expect(JSON.parse(before?.StateReasonData ?? "").triggeringAlarms).toHaveLength(2);
    await aws.call("SetAlarmState", { AlarmName: "first", StateValue: "ALARM", StateReason: "by hand" });
    const sent = message(0);
    expect(sent.NewStateReason).toMatch(
      /^arn:aws:cloudwatch:us-east-1:000000000000:alarm:first transitioned to ALARM at [A-Z][a-z]+day \d\d [A-Z][a-z]+, \d{4} \d\d:\d\d:\d\d UTC$/,
    );
    expect(sent).toMatchObject({
      OldStateValue: "OK",
      AlarmRule,
      TriggeringChildren: [
        { Arn: arn("first"), State: { Value: "ALARM", Timestamp: expect.stringMatching(/\+0000$/) } },
      ],
    });
    expect(sent).not.toHaveProperty("Trigger");
  });
});

test("the history tells of configurations, states and actions, with their data", async () => {
  await putAlarm(aws, { AlarmActions: [TOPIC], OKActions: [TOPIC] });
  await play(aws, "9");
  await aws.call("DeleteAlarms", { AlarmNames: [DOCUMENTED.alarm] });
  const { AlarmHistoryItems = [] } = await aws.call("DescribeAlarmHistory", { ScanBy: "TimestampAscending" });
  expect(AlarmHistoryItems.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary])).toEqual([
    ["ConfigurationUpdate", `Alarm "${DOCUMENTED.alarm}" created`],
    ["StateUpdate", "Alarm updated from INSUFFICIENT_DATA to ALARM"],
    ["Action", `Successfully executed action ${TOPIC}`],
    ["ConfigurationUpdate", `Alarm "${DOCUMENTED.alarm}" deleted`],
  ]);
  const [created, updated, action, deleted] = AlarmHistoryItems.map(({ HistoryData = "" }) => JSON.parse(HistoryData));
  expect(created).toMatchObject({
    ...{ version: "1.0", type: "Create" },
    createdAlarm: { alarmName: DOCUMENTED.alarm, threshold: 3, okActions: [TOPIC], stateValue: "INSUFFICIENT_DATA" },
  });
  expect(updated).toMatchObject({
    version: "1.0",
    oldState: { stateValue: "INSUFFICIENT_DATA", stateReason: "Unchecked: Initial alarm creation" },
    newState: { stateValue: "ALARM", stateReasonData: { recentDatapoints: [9] } },
  });
  expect(action).toMatchObject({ actionState: "Succeeded", notificationResource: TOPIC });
  expect(JSON.parse(JSON.parse(action.publishedMessage).default)).toMatchObject({ NewStateValue: "ALARM" });
  expect(deleted.type).toBe("Delete");
});
