import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
import { DOCUMENTED, play, putAlarm, putValues, stateOf } from "./alarm-timeline.ts";

// What AWS documents of the evaluation of metric alarms, through the service.

const GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring";
const API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference";
const EVALUATION = `${GUIDE}/alarm-evaluation.html`;
const MISSING = `${GUIDE}/alarms-and-missing-data.html`;
const PERCENTILES = `${GUIDE}/percentiles-with-low-samples.html`;
const TOPIC = "arn:aws:sns:us-east-1:000000000000:on-call";

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
});

afterEach(() => aws.dispose());

const sameTimes = (count: number, value: number): string => Array(count).fill(value).join("+");

describe("periods and data points", () => {
  test.each([
    {
      name: "the figure: three periods above the threshold alarm, the first one below ends it, a single one does nothing",
      source: `${EVALUATION}#alarm-evaluation-settings (figure)`,
      alarm: { EvaluationPeriods: 3, DatapointsToAlarm: 3 },
      data: "2 2.5 4 5 4 2 2 1 4 2",
      states: "OK OK OK OK ALARM OK OK OK OK OK",
    },
    {
      name: "4 out of 5 need not follow each other",
      source: `${EVALUATION}#alarm-evaluation-settings (M out of N)`,
      alarm: { EvaluationPeriods: 5, DatapointsToAlarm: 4 },
      data: "9 9 1 9 9 1 9",
      states: "INSUFFICIENT_DATA INSUFFICIENT_DATA OK OK ALARM OK OK",
    },
    {
      name: "without DatapointsToAlarm all of the periods must breach",
      source: `${API}/API_PutMetricAlarm.html (EvaluationPeriods)`,
      alarm: { EvaluationPeriods: 2 },
      data: "9 1 9 9",
      states: "INSUFFICIENT_DATA OK OK ALARM",
    },
    {
      name: "a value at the threshold is not greater than it",
      source: `${API}/API_PutMetricAlarm.html (ComparisonOperator)`,
      alarm: {},
      data: "3 3.001",
      states: "OK ALARM",
    },
    {
      name: "and is greater than or equal to it",
      source: `${API}/API_PutMetricAlarm.html (ComparisonOperator)`,
      alarm: { ComparisonOperator: "GreaterThanOrEqualToThreshold" },
      data: "3 2.999",
      states: "ALARM OK",
    },
    {
      name: "less than",
      source: `${API}/API_PutMetricAlarm.html (ComparisonOperator)`,
      alarm: { ComparisonOperator: "LessThanThreshold" },
      data: "3 2.999",
      states: "OK ALARM",
    },
    {
      name: "less than or equal to",
      source: `${API}/API_PutMetricAlarm.html (ComparisonOperator)`,
      alarm: { ComparisonOperator: "LessThanOrEqualToThreshold" },
      data: "3 3.001",
      states: "ALARM OK",
    },
    {
      name: "five minutes slide on by the minute: minutes 1 to 5, then 2 to 6",
      source: `${EVALUATION}#alarm-evaluation-settings (evaluated every minute)`,
      alarm: { Period: 300, Statistic: "Sum", Threshold: 4 },
      data: "1 1 1 1 1 0 0 0",
      states: "OK OK OK OK ALARM OK OK OK",
    },
    {
      name: "the evaluation interval is the number of data points times the period: 3 of 3 by two minutes",
      source: `${EVALUATION}#alarm-evaluation-settings (evaluation interval)`,
      alarm: { Period: 120, EvaluationPeriods: 3, DatapointsToAlarm: 3, TreatMissingData: "notBreaching" },
      data: "9 9 9 9 9 9 9",
      states: "OK OK OK OK ALARM ALARM ALARM",
    },
    {
      name: "the number of values is a statistic, too",
      source: `${API}/API_PutMetricAlarm.html (Statistic)`,
      alarm: { Statistic: "SampleCount" },
      data: "0+0+0 0+0+0+0",
      states: "OK ALARM",
    },
    {
      name: "born without data, it says that they are insufficient",
      source: `${API}/API_PutMetricAlarm.html (description: set to INSUFFICIENT_DATA)`,
      alarm: {},
      data: "- -",
      states: "INSUFFICIENT_DATA INSUFFICIENT_DATA",
    },
  ])("$name ($source)", async ({ alarm, data, states }) => {
    await putAlarm(aws, alarm);
    expect(await stateOf(aws)).toBe("INSUFFICIENT_DATA");
    expect(await play(aws, data)).toBe(states);
  });

  test(`data from before the alarm count (${EVALUATION}#alarm-evaluation-settings, Note)`, async () => {
    await play(aws, "9 9");
    await putAlarm(aws, { EvaluationPeriods: 3, DatapointsToAlarm: 3 });
    expect(await play(aws, "9")).toBe("ALARM");
  });
});

describe("high resolution", () => {
  test.each([10, 20, 30])(
    `periods of %i s are evaluated every ten seconds (${EVALUATION}#high-resolution-alarms)`,
    async (Period) => {
      await putAlarm(aws, { Period, TreatMissingData: "notBreaching" });
      await putValues(aws, [9], { StorageResolution: 1 });
      const seen: (string | undefined)[] = [];
      for (let seconds = 0; seconds < 110; seconds += 10) {
        await aws.core.clock.advance(10_000);
        seen.push(await stateOf(aws));
      }
      // It is in the latest period at once, and leaves the evaluation range of three periods when these are over.
      expect(seen.filter((state) => state === "ALARM")).toHaveLength((3 * Period) / 10);
      expect(seen[0]).toBe("ALARM");
    },
  );

  test(`a metric of standard resolution has nothing for ten seconds (${API}/API_PutMetricAlarm.html, Period)`, async () => {
    await putAlarm(aws, { Period: 10 });
    expect(await play(aws, "9 9 9", { period: 10 })).toBe("INSUFFICIENT_DATA INSUFFICIENT_DATA INSUFFICIENT_DATA");
  });

  test(`a metric of high resolution does for a minute (${EVALUATION}#high-resolution-alarms)`, async () => {
    await putAlarm(aws);
    expect(await play(aws, "9", { StorageResolution: 1 })).toBe("ALARM");
  });
});

describe("more than a day", () => {
  const at = async (hours: number, minutes = 0) => {
    const wanted = midnight + (hours * 60 + minutes) * 60_000;
    await aws.core.clock.advance(wanted - aws.core.clock.now());
  };
  let midnight: number;

  beforeEach(() => {
    midnight = Math.ceil(aws.core.clock.now() / 86_400_000) * 86_400_000;
  });

  test(`is evaluated once an hour, up to the full hour (${EVALUATION}#evaluate-multiday-alarm)`, async () => {
    await at(9, 58);
    // A job that fails is a 9, one that succeeds a 1; the alarm asks for the latest of three days.
    const job = { EvaluationPeriods: 3, DatapointsToAlarm: 1, Period: 86_400, TreatMissingData: "notBreaching" };
    await putAlarm(aws, job);
    await at(10, 2);
    expect(await stateOf(aws)).toBe("OK");
    await putValues(aws, [9]);
    await at(10, 59);
    expect(await stateOf(aws)).toBe("OK");
    await at(11, 3);
    expect(await stateOf(aws)).toBe("ALARM");
  });

  test.each([
    [{ Period: 3600, EvaluationPeriods: 168 }, undefined],
    [{ Period: 86_400, EvaluationPeriods: 7 }, undefined],
    [{ Period: 60, EvaluationPeriods: 1440 }, undefined],
    [{ Period: 3600, EvaluationPeriods: 169 }, "more than a week"],
    [{ Period: 86_400, EvaluationPeriods: 8 }, "more than a week"],
    [{ Period: 60, EvaluationPeriods: 1441 }, "more than a day"],
    [{ Period: 3540, EvaluationPeriods: 25 }, "more than a day"],
  ])(
    `goes to a week with periods of an hour or more, else to a day: %j %s (${API}/API_PutMetricAlarm.html, Period)`,
    async (alarm, refused) => {
      const put = putAlarm(aws, alarm);
      await (refused === undefined ? expect(put).resolves.toBeUndefined() : expect(put).rejects.toThrow(refused));
    },
  );
});

describe("few samples of a percentile", () => {
  test.each([
    ["p99", 999, "keeps"],
    ["p99", 1000, "alarms"],
    ["p50", 19, "keeps"],
    ["p50", 20, "alarms"],
    ["p10", 99, "keeps"],
    ["p10", 100, "alarms"],
  ])(`%s of %i values %s when they are to be ignored (${PERCENTILES})`, async (ExtendedStatistic, count, what) => {
    await putAlarm(aws, {
      Statistic: undefined,
      ExtendedStatistic,
      EvaluateLowSampleCountPercentile: "ignore",
    });
    await aws.call("SetAlarmState", { AlarmName: DOCUMENTED.alarm, StateValue: "OK", StateReason: "before" });
    await aws.call("PutMetricData", {
      Namespace: DOCUMENTED.namespace,
      MetricData: [{ MetricName: DOCUMENTED.metric, Values: [9], Counts: [count] }],
    });
    await aws.nextMinute();
    expect(await stateOf(aws)).toBe(what === "keeps" ? "OK" : "ALARM");
  });

  test.each([{}, { EvaluateLowSampleCountPercentile: "evaluate" }])(
    `one value is enough otherwise: %j (${PERCENTILES})`,
    async (choice) => {
      await putAlarm(aws, { Statistic: undefined, ExtendedStatistic: "p99", ...choice });
      expect(await play(aws, "9 1")).toBe("ALARM OK");
    },
  );

  test(`the samples of all evaluation periods count (${PERCENTILES})`, async () => {
    await putAlarm(aws, {
      ...{ Statistic: undefined, ExtendedStatistic: "p50", EvaluateLowSampleCountPercentile: "ignore" },
      ...{ EvaluationPeriods: 2, DatapointsToAlarm: 1 },
    });
    expect(await play(aws, `${sameTimes(10, 9)} ${sameTimes(10, 9)}`)).toBe("INSUFFICIENT_DATA ALARM");
  });
});

describe("trimmed statistics", () => {
  test.each([
    ["tm90", "1+1+1+1+1+1+1+1+1+100 9+9+9+9+9+9+9+9+9+9", "OK ALARM"],
    ["TC(3:)", "9+9+9+1 9+9+9+9", "OK ALARM"],
    ["TS(3:)", "3+3+2 3+4", "OK ALARM"],
    ["PR(:2)", "9+9 1+9", "OK ALARM"],
    ["IQM", "1+3+3+100 1+4+4+100", "OK ALARM"],
  ])(`%s of %s is %s (${API}/API_PutMetricAlarm.html, ExtendedStatistic)`, async (ExtendedStatistic, data, states) => {
    await putAlarm(aws, { Statistic: undefined, ExtendedStatistic, TreatMissingData: "notBreaching" });
    expect(await play(aws, data)).toBe(states);
  });

  test.each([
    [{ Statistic: undefined, ExtendedStatistic: "tm101" }, "ExtendedStatistic"],
    [{ Statistic: "tm90" }, "Statistic"],
  ])(`is refused where it is none: %j (${API}/API_PutMetricAlarm.html, ExtendedStatistic)`, async (alarm, message) => {
    await expect(putAlarm(aws, alarm)).rejects.toThrow(message);
  });
});

describe("the metric is the one that was named", () => {
  const dimension = (Name: string, Value: string) => ({ Dimensions: [{ Name, Value }] });

  test.each([
    ["without the alarm's dimension", dimension("Host", "a"), {}, "INSUFFICIENT_DATA"],
    ["with a dimension that the alarm lacks", {}, dimension("Host", "a"), "INSUFFICIENT_DATA"],
    ["with another value", dimension("Host", "a"), dimension("Host", "b"), "INSUFFICIENT_DATA"],
    ["with the dimension", dimension("Host", "a"), dimension("Host", "a"), "ALARM"],
  ])(`data %s (${GUIDE}/cloudwatch_concepts.html#Dimension)`, async (_what, alarm, data, state) => {
    await putAlarm(aws, alarm);
    expect(await play(aws, "9", data)).toBe(state);
  });

  test.each([
    ["Percent", "Percent", "ALARM"],
    ["Percent", "Count", "INSUFFICIENT_DATA"],
    ["Percent", undefined, "INSUFFICIENT_DATA"],
    [undefined, "Percent", "ALARM"],
  ])(
    `an alarm with the unit %s and data of %s: %3$s (${API}/API_PutMetricAlarm.html, Unit)`,
    async (Unit, of, state) => {
      await putAlarm(aws, { Unit });
      expect(await play(aws, "9", of === undefined ? {} : { Unit: of as "Percent" })).toBe(state);
    },
  );
});

describe("late data", () => {
  const minutesAgo = (minutes: number) => new Date(aws.core.clock.now() - minutes * 60_000);

  test(`change the state when they come within the evaluation range (${MISSING}#alarms-evaluating-missing-data)`, async () => {
    await putAlarm(aws, { EvaluationPeriods: 2, DatapointsToAlarm: 2 });
    expect(await play(aws, "1 9 -")).toBe("OK OK OK");
    await putValues(aws, [9], { Timestamp: minutesAgo(1) });
    expect(await play(aws, "-")).toBe("ALARM");
  });

  test(`do not when they come after it (${MISSING}#alarms-evaluating-missing-data)`, async () => {
    await putAlarm(aws, { EvaluationPeriods: 2, DatapointsToAlarm: 1 });
    expect(await play(aws, "1 1 1 1")).toBe("OK OK OK OK");
    await putValues(aws, [9], { Timestamp: minutesAgo(3) });
    expect(await play(aws, "1 1")).toBe("OK OK");
  });

  test(`are added to a period that was evaluated already (${MISSING}#alarms-evaluating-missing-data)`, async () => {
    await putAlarm(aws, { Statistic: "Sum", EvaluationPeriods: 2, DatapointsToAlarm: 1 });
    expect(await play(aws, "2 1")).toBe("OK OK");
    await putValues(aws, [3], { Timestamp: minutesAgo(1) });
    expect(await play(aws, "1")).toBe("ALARM");
  });

  test(`make an alarm that had none recover (${MISSING}#alarms-evaluating-missing-data)`, async () => {
    await putAlarm(aws, { TreatMissingData: "breaching" });
    expect(await play(aws, "- -")).toBe("ALARM ALARM");
    await putValues(aws, [1], { Timestamp: minutesAgo(1) });
    expect(await play(aws, "-")).toBe("OK");
  });
});

describe("DynamoDB", () => {
  const table = { Namespace: "AWS/DynamoDB", MetricName: "ReadThrottleEvents" };

  test.each([
    [{}, "ALARM"],
    [{ TreatMissingData: "ignore" }, "ALARM"],
    [{ TreatMissingData: "missing" }, "INSUFFICIENT_DATA"],
    [{ TreatMissingData: "notBreaching" }, "OK"],
  ])(
    `missing data are ignored unless it is told otherwise: %j gives %s (${MISSING}, Important)`,
    async (choice, state) => {
      await putAlarm(aws, { ...table, ...choice });
      await aws.call("SetAlarmState", { AlarmName: DOCUMENTED.alarm, StateValue: "ALARM", StateReason: "before" });
      await aws.nextMinute();
      expect(await stateOf(aws)).toBe(state);
    },
  );

  test(`so they are by metric math that looks at nothing else (${MISSING}, Important)`, async () => {
    const stat = { Metric: table, Period: 60, Stat: "Sum" };
    await aws.call("PutMetricAlarm", {
      ...{ AlarmName: DOCUMENTED.alarm, EvaluationPeriods: 1, Threshold: 0 },
      ComparisonOperator: "GreaterThanThreshold",
      Metrics: [
        { Id: "e", Expression: "a * 2" },
        { Id: "a", ReturnData: false, MetricStat: stat },
      ],
    });
    await aws.call("SetAlarmState", { AlarmName: DOCUMENTED.alarm, StateValue: "ALARM", StateReason: "before" });
    await aws.nextMinute();
    expect(await stateOf(aws)).toBe("ALARM");
  });
});

describe("states set by hand, and actions", () => {
  const acting = { AlarmActions: [TOPIC], OKActions: [`${TOPIC}-ok`], InsufficientDataActions: [`${TOPIC}-none`] };
  const told = () =>
    aws.published.map(({ topicArn, subject }) => `${topicArn.split("-call")[1]} ${subject.split(":")[0]}`);

  test(`last until the next evaluation (${API}/API_SetAlarmState.html)`, async () => {
    await putAlarm(aws);
    await play(aws, "1");
    await aws.call("SetAlarmState", { AlarmName: DOCUMENTED.alarm, StateValue: "ALARM", StateReason: "by hand" });
    expect(await stateOf(aws)).toBe("ALARM");
    expect(await play(aws, "1")).toBe("OK");
  });

  test(`invoke the actions of the state that is new (${API}/API_SetAlarmState.html)`, async () => {
    await putAlarm(aws, acting);
    for (const StateValue of ["ALARM", "ALARM", "INSUFFICIENT_DATA", "OK"] as const) {
      await aws.call("SetAlarmState", { AlarmName: DOCUMENTED.alarm, StateValue, StateReason: "by hand" });
    }
    expect(told()).toEqual([" ALARM", "-none INSUFFICIENT_DATA", "-ok OK"]);
  });

  test(`happen at transitions only, for each of the three states (${GUIDE}/alarm-actions.html)`, async () => {
    await putAlarm(aws, acting);
    await play(aws, "9 9 9 1 1 9 - - - -");
    expect(told()).toEqual([" ALARM", "-ok OK", " ALARM", "-none INSUFFICIENT_DATA"]);
  });

  test(`do not happen while they are disabled, and not afterwards for what was (${API}/API_DisableAlarmActions.html)`, async () => {
    await putAlarm(aws, { ...acting, ActionsEnabled: false });
    expect(await play(aws, "9")).toBe("ALARM");
    await aws.call("EnableAlarmActions", { AlarmNames: [DOCUMENTED.alarm] });
    expect(await play(aws, "9 1")).toBe("ALARM OK");
    expect(told()).toEqual(["-ok OK"]);
  });

  test(`are in the history (${API}/API_DescribeAlarmHistory.html, HistoryItemType)`, async () => {
    await putAlarm(aws, acting);
    await play(aws, "9");
    const { AlarmHistoryItems = [] } = await aws.call("DescribeAlarmHistory", { HistoryItemType: "Action" });
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      `Successfully executed action ${TOPIC}`,
    ]);
  });

  test(`an update leaves the state as it is (${API}/API_PutMetricAlarm.html)`, async () => {
    await putAlarm(aws, acting);
    await play(aws, "9");
    await putAlarm(aws, { Threshold: 10 });
    expect(await stateOf(aws)).toBe("ALARM");
    expect(await play(aws, "9")).toBe("OK");
  });
});
