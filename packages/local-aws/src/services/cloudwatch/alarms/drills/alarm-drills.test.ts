import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AwsError } from "../../../../core/aws-error.ts";
import { testCore } from "../../../../test/test-core.ts";
import { type CloudWatchHarness, cloudWatchHarness } from "../../cloudwatch-harness.ts";
import { createCloudWatch } from "../../create-cloudwatch.ts";
import { DOCUMENTED, play, putAlarm, putValues, stateOf } from "../alarm-timeline.ts";

const TOPIC = "arn:aws:sns:us-east-1:000000000000:on-call";
const NAME = DOCUMENTED.alarm;

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
});

afterEach(() => aws.dispose());

const drill = (name: string = NAME) => aws.cloudwatch.drills.exercise(name);

const math = (Expression: string, more: object = {}, ids = ["part", "whole"], Namespace = "App") =>
  aws.call("PutMetricAlarm", {
    ...{ AlarmName: NAME, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: "GreaterThanThreshold" },
    TreatMissingData: "notBreaching",
    ...more,
    Metrics: [
      { Id: "result", Expression },
      ...ids.map((MetricName) => ({
        Id: MetricName.toLowerCase(),
        ReturnData: false,
        MetricStat: { Metric: { Namespace, MetricName }, Period: 60, Stat: "Sum" },
      })),
    ],
  } as never);

describe("made-up data", () => {
  test.each<[string, object, RegExp]>([
    ["a value", {}, /^goes off for Load 4 and is OK for Load 3;/],
    [
      "a value below",
      { ComparisonOperator: "LessThanThreshold", Threshold: 0.5 },
      /^goes off for Load -0.5 and is OK for Load 0.5;/,
    ],
    ["a threshold that is no whole number", { Threshold: 0.001 }, /^goes off for Load 1.001 and is OK for Load 0.001;/],
    ["M of N", { EvaluationPeriods: 3, DatapointsToAlarm: 2 }, /^goes off for Load 4 after 2 of 3 periods of 60 s and/],
    [
      "a day of minutes",
      {
        EvaluationPeriods: 1440,
        Statistic: "Sum",
        Threshold: 1,
        ComparisonOperator: "LessThanThreshold",
        TreatMissingData: "breaching",
      },
      /^goes off for Load 0 after 1440 of 1440 periods of 60 s and is OK for Load 1;/,
    ],
    [
      "the number of values",
      { Statistic: "SampleCount", Threshold: 2 },
      /^goes off for Load -?\d+ \(3 times\) and is OK for Load -?\d+ \(2 times\);/,
    ],
    [
      "a percentile that waits for samples",
      { Statistic: undefined, ExtendedStatistic: "p99", EvaluateLowSampleCountPercentile: "ignore" },
      /^goes off for Load 4 \(1000 times\) and is OK for Load 3 \(1000 times\);/,
    ],
    [
      "how many values lie above another",
      { Statistic: undefined, ExtendedStatistic: "TC(1000:)", Threshold: 2 },
      /^goes off for Load 1001 \(3 times\) and is OK for Load /,
    ],
    ["a unit", { Unit: "Percent" }, /^goes off for Load 4 and/],
  ])("set off an alarm on %s, and let it be", async (_what, alarm, found) => {
    await putAlarm(aws, alarm);
    expect(drill()).toMatchObject({ alarm: NAME, goesOff: true, recovers: true, found: expect.stringMatching(found) });
  });

  test.each<[string, object, string[]]>([
    ["IF(whole >= 20, 100 * part / whole, 0)", {}, ["part", "whole"]],
    ["100 * part / (part + whole)", { Threshold: 99 }, ["part", "whole"]],
    ["SUM(METRICS())", { Threshold: 10 }, ["a", "b", "c", "d"]],
    ["IF(a > 5 && b < 2 && c == 7, 1, 0)", { Threshold: 0 }, ["a", "b", "c"]],
    ["FILL(part, 0)", {}, ["part"]],
  ])("set off an alarm on %s", async (expression, more, ids) => {
    await math(expression, more, ids);
    expect(drill()).toMatchObject({ goesOff: true, recovers: true });
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "a share of more than a hundred percent",
      () => math("100 * errors / invocations", { Threshold: 150 }, ["Errors", "Invocations"], "AWS/Lambda"),
      /^can never go off: no values were found that are greater than 150 \(they lie between 0 and 100\), and a lack/,
    ],
    [
      "less than nothing",
      () => math("errors * 1", { ComparisonOperator: "LessThanThreshold", Threshold: 0 }, ["Errors"], "AWS/Lambda"),
      /^can never go off: no values were found that are less than 0/,
    ],
    [
      "what gives no value",
      () => math("IF(part > 5 && part < 2, part)"),
      /, nor any at all, and a lack of data does not/,
    ],
    [
      "a maximum that waits for samples, of which there never are enough",
      () =>
        putAlarm(aws, { Statistic: undefined, ExtendedStatistic: "p100", EvaluateLowSampleCountPercentile: "ignore" }),
      /^can never go off: no values were found that are greater than 3/,
    ],
    [
      "fewer values than none",
      () => putAlarm(aws, { Statistic: "SampleCount", Threshold: 0, ComparisonOperator: "LessThanThreshold" }),
      /^can never go off: no values were found that are less than 0/,
    ],
    [
      "everything",
      () => math("IF(FILL(part, 0) > 0, 10, 10)", {}, ["part"]),
      /^is never OK: it goes off for part 5, and for everything else/,
    ],
  ])("cannot set off, or calm, an alarm on %s", async (_what, put, found) => {
    await put();
    expect(drill()).toMatchObject({ goesOff: false, found: expect.stringMatching(found) });
  });

  test("are stored nowhere, and the real ones are not touched", async () => {
    await putAlarm(aws);
    await play(aws, "1");
    drill();
    expect((await aws.call("ListMetrics", {})).Metrics).toHaveLength(1);
    await aws.nextMinute();
    expect(await stateOf(aws)).toBe("OK");
  });

  test("say when the real metrics have never had data", async () => {
    await putAlarm(aws);
    expect(drill().found).toContain("none of its metrics has ever had data with these dimensions (Documented Load)");
    await putValues(aws, [1]);
    expect(drill().found).not.toContain("ever had data");
  });
});

describe("the real alarm", () => {
  test("runs its actions, keeps all of it in its history, and is in the state that its data say", async () => {
    await putAlarm(aws, { AlarmActions: [TOPIC, `${TOPIC}-2`], OKActions: [TOPIC] });
    await play(aws, "1");
    aws.published.splice(0);
    const done = drill();
    expect(done.actions).toEqual([
      { action: TOPIC, succeeded: true },
      { action: `${TOPIC}-2`, succeeded: true },
    ]);
    expect(done.found).toMatch(/; put into ALARM, 2 of 2 actions ran, back in OK, as its data say$/);
    expect(aws.published.map(({ subject }) => subject.split(":")[0])).toEqual(["ALARM", "ALARM", "OK"]);
    expect(JSON.parse(aws.published[0]?.message ?? "").NewStateReason).toMatch(/^Drill: put into ALARM/);
    const { MetricAlarms } = await aws.call("DescribeAlarms", {});
    expect(MetricAlarms?.[0]).toMatchObject({
      StateValue: "OK",
      StateReason: expect.stringMatching(/^Threshold Crossed: 1 datapoint \[1\.0 /),
    });
    const { AlarmHistoryItems = [] } = await aws.call("DescribeAlarmHistory", { HistoryItemType: "StateUpdate" });
    expect(AlarmHistoryItems.slice(0, 2).map(({ HistorySummary }) => HistorySummary)).toEqual([
      "Alarm updated from ALARM to OK",
      "Alarm updated from OK to ALARM",
    ]);
  });

  test("without data is in the state for that; where data are ignored, in the one that it was in", async () => {
    await putAlarm(aws, { TreatMissingData: "missing" });
    expect(drill().found).toMatch(/it has no actions in ALARM, back in INSUFFICIENT_DATA, as its data say$/);
    expect(await stateOf(aws)).toBe("INSUFFICIENT_DATA");
    await putAlarm(aws, { AlarmName: "ignoring", TreatMissingData: "ignore" });
    await aws.call("SetAlarmState", { AlarmName: "ignoring", StateValue: "OK", StateReason: "before" });
    expect(drill("ignoring").found).toMatch(/back in OK, where it was$/);
    expect(await stateOf(aws, "ignoring")).toBe("OK");
  });

  test("that is in ALARM is so afterwards, and its actions have run all the same", async () => {
    await putAlarm(aws, { AlarmActions: [TOPIC] });
    await play(aws, "9");
    aws.published.splice(0);
    const done = drill();
    expect(done.actions).toEqual([{ action: TOPIC, succeeded: true }]);
    expect(done.found).toMatch(/and stays there, since its data say so$/);
    expect(aws.published).toHaveLength(1);
    expect(await stateOf(aws)).toBe("ALARM");
  });

  test("says when its actions are switched off", async () => {
    await putAlarm(aws, { AlarmActions: [TOPIC], ActionsEnabled: false });
    expect(drill()).toMatchObject({
      goesOff: true,
      actions: [{ action: TOPIC, succeeded: false, detail: "the alarm's actions are switched off" }],
      found: expect.stringContaining("0 of 1 actions ran (the alarm's actions are switched off)"),
    });
    expect(aws.published).toEqual([]);
  });

  test("says why an action failed", async () => {
    const core = testCore();
    const { drills, service } = createCloudWatch(core, {
      topics: {
        publish() {
          throw new AwsError("NotFoundException", "Topic does not exist");
        },
      },
    });
    const put = service.operations.PutMetricAlarm as unknown as (input: object, context: object) => void;
    put(
      {
        ...{ AlarmName: NAME, Namespace: "App", MetricName: "m", Statistic: "Sum", Period: 60, EvaluationPeriods: 1 },
        ...{ Threshold: 1, ComparisonOperator: "GreaterThanThreshold", AlarmActions: [TOPIC] },
      },
      core.context(),
    );
    expect(drills.exercise(NAME)).toMatchObject({
      actions: [{ action: TOPIC, succeeded: false, detail: "Topic does not exist" }],
    });
    await service.close?.();
    core.dispose();
  });

  test("that is not there is no drill", () => {
    expect(() => drill("gone")).toThrow("There is no alarm 'gone'.");
  });
});

describe("composite alarms", () => {
  const put = (AlarmRule: string, more: object = {}) =>
    aws.call("PutCompositeAlarm", { AlarmName: "whole", AlarmRule, AlarmActions: [TOPIC], ...more });

  beforeEach(async () => {
    for (const AlarmName of ["a", "b"]) {
      await putAlarm(aws, { AlarmName, TreatMissingData: "notBreaching" });
    }
    await aws.nextMinute();
  });

  test("go off by the states of their alarms, and are what their rule says afterwards", async () => {
    await put("ALARM(a) AND NOT OK(b)");
    expect(drill("whole")).toEqual({
      ...{ alarm: "whole", goesOff: true, recovers: true },
      actions: [{ action: TOPIC, succeeded: true }],
      found:
        "goes off for ALARM(a, b) and is OK for ALARM(b), OK(a); put into ALARM, 1 of 1 actions ran, back in OK, as its rule has it",
    });
    expect(await stateOf(aws, "whole")).toBe("OK");
  });

  test.each([
    ["ALARM(a) AND OK(a)", "can never go off: no states of its alarms were found for which ALARM(a) AND OK(a) is true"],
    ["TRUE", "is never OK: no states of its alarms were found for which TRUE is false"],
  ])("that cannot do so are found out: %s", async (rule, found) => {
    await put(rule);
    expect(drill("whole")).toMatchObject({ goesOff: false, found: expect.stringContaining(found) });
  });

  test("follow the drill of an alarm that they look at, and return", async () => {
    await put("ALARM(a)");
    drill("a");
    expect(aws.published.map(({ subject }) => subject.split(" in ")[0])).toEqual(['ALARM: "whole"']);
    expect([await stateOf(aws, "a"), await stateOf(aws, "whole")]).toEqual(["OK", "OK"]);
  });

  test("that are held back say by what, and wait for as long as they would have waited", async () => {
    const periods = { ActionsSuppressorWaitPeriod: 90, ActionsSuppressorExtensionPeriod: 60 };
    await put("ALARM(a)", { OKActions: [TOPIC], ActionsSuppressor: "b", ...periods });
    const suppressedBy = async () =>
      (await aws.call("DescribeAlarms", { AlarmTypes: ["CompositeAlarm"] })).CompositeAlarms?.[0]?.ActionsSuppressedBy;
    await aws.nextMinute();
    // Born into OK, it waits; what a drill does is nothing to act for afterwards.
    await aws.nextMinute();
    aws.published.splice(0);
    expect(drill("whole").actions).toEqual([{ action: TOPIC, succeeded: false, detail: "suppressed by WaitPeriod" }]);
    expect(await suppressedBy()).toBeUndefined();
    await aws.core.clock.advance(300_000);
    expect(aws.published).toEqual([]);

    // In ALARM in truth, and waiting to act: 60 s later it is drilled, and so is its suppressor.
    await aws.call("PutMetricData", { Namespace: DOCUMENTED.namespace, MetricData: [{ MetricName: "A", Value: 9 }] });
    await putAlarm(aws, { AlarmName: "a", MetricName: "A", TreatMissingData: "ignore" });
    await aws.nextMinute();
    expect([await stateOf(aws, "whole"), await suppressedBy()]).toEqual(["ALARM", "WaitPeriod"]);
    await aws.core.clock.advance(60_000);
    for (const name of ["whole", "b"]) {
      drill(name);
      expect([await stateOf(aws, "whole"), await suppressedBy()]).toEqual(["ALARM", "WaitPeriod"]);
    }
    await aws.core.clock.advance(31_000);
    expect(aws.published.map(({ subject }) => subject.split(" in ")[0])).toEqual(['ALARM: "whole"']);
    expect(await suppressedBy()).toBeUndefined();
  });

  test("whose rule speaks of itself stay as they were", async () => {
    await put("ALARM(a)", { AlarmActions: [] });
    await aws.call("PutCompositeAlarm", { AlarmName: "circle", AlarmRule: "NOT ALARM(whole)" });
    await put("ALARM(a) OR ALARM(circle)", { AlarmActions: [] });
    const before = [await stateOf(aws, "whole"), await stateOf(aws, "circle")];
    expect(drill("circle").found).toMatch(/back in ALARM, where it was, as its rule speaks of itself$/);
    expect([await stateOf(aws, "whole"), await stateOf(aws, "circle")]).toEqual(before);
  });
});

test("a drill that fails half way leaves everything as it was", async () => {
  const core = testCore();
  let isBroken = true;
  const { drills, service } = createCloudWatch(core, {
    topics: {
      publish() {
        if (isBroken) {
          throw new Error("disk is full");
        }
      },
    },
  });
  const call = (name: string, input: object) =>
    (service.operations as unknown as Record<string, (input: object, context: object) => unknown>)[name]?.(
      input,
      core.context(),
    );
  call("PutMetricAlarm", {
    ...{ AlarmName: NAME, Namespace: "App", MetricName: "m", Statistic: "Sum", Period: 60, EvaluationPeriods: 1 },
    ...{ Threshold: 1, ComparisonOperator: "GreaterThanThreshold", AlarmActions: [TOPIC] },
  });
  call("PutCompositeAlarm", { AlarmName: "whole", AlarmRule: `ALARM(${NAME})` });
  const everything = () => [
    call("DescribeAlarms", { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
    call("DescribeAlarmHistory", { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
  ];
  const before = everything();
  expect(() => drills.exercise(NAME)).toThrow("disk is full");
  expect(everything()).toEqual(before);
  isBroken = false;
  expect(drills.exercise(NAME).actions).toEqual([{ action: TOPIC, succeeded: true }]);
  await service.close?.();
  core.dispose();
});
