import { afterEach, beforeEach, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
import { putAlarm } from "./alarm-timeline.ts";

// Every timeline that AWS documents of suppressed actions, through the service. A unit of time is 10 s.

const PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html";
const TOPIC = "arn:aws:sns:us-east-1:000000000000";
const UNIT = 10;

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
  for (const AlarmName of ["child", "suppressor"]) {
    // Without data nothing but the test changes them.
    await putAlarm(aws, { AlarmName, MetricName: AlarmName, TreatMissingData: "ignore" });
    await set(AlarmName, "OK");
  }
});

afterEach(() => aws.dispose());

const set = (AlarmName: string, StateValue: "OK" | "ALARM") =>
  aws.call("SetAlarmState", { AlarmName, StateValue, StateReason: "by hand" });

const putComposite = (wait: number, extension: number, more: object = {}) =>
  aws.call("PutCompositeAlarm", {
    AlarmName: "composite",
    AlarmRule: "ALARM(child)",
    AlarmActions: [`${TOPIC}:alarm`],
    OKActions: [`${TOPIC}:ok`],
    ActionsSuppressor: "suppressor",
    ActionsSuppressorWaitPeriod: wait * UNIT,
    ActionsSuppressorExtensionPeriod: extension * UNIT,
    ...more,
  });

async function suppressedBy(): Promise<string> {
  const { CompositeAlarms = [] } = await aws.call("DescribeAlarms", { AlarmTypes: ["CompositeAlarm"] });
  return CompositeAlarms[0]?.ActionsSuppressedBy ?? "-";
}

type Event = readonly ["child" | "suppressor", "OK" | "ALARM"];

/**
 * Lets time units pass, and notes after each what suppresses the actions, and whether they were run in it.
 *
 * @param events - by time unit, such as `{ 2: ["child", "ALARM"] }`
 */
async function timeline(units: number, events: Readonly<Record<number, Event | undefined>>): Promise<string> {
  const seen: string[] = [];
  const start = aws.core.clock.now();
  // Events are at the beginning of a unit and looks in the middle, since the clock goes on while they happen.
  const goTo = (unit: number) => aws.core.clock.advance(start + unit * UNIT * 1000 - aws.core.clock.now());
  for (let unit = 0; unit <= units; unit++) {
    const event = events[unit];
    if (unit > 0) {
      await goTo(unit);
    }
    if (event !== undefined) {
      await set(...event);
    }
    await goTo(unit + 0.5);
    const acted = aws.published.splice(0).map(({ topicArn }) => `!${topicArn.split(":").at(-1)}`);
    seen.push(`${await suppressedBy()}${acted.join("")}`);
  }
  return seen.join(" ");
}

test.each([
  {
    name: "the suppressor goes into ALARM within WaitPeriod",
    source: `${PAGE} (first image)`,
    ...{ wait: 6, extension: 6, before: [] },
    events: { 2: ["child", "ALARM"], 4: ["suppressor", "ALARM"] },
    expected: "- - WaitPeriod WaitPeriod Alarm Alarm Alarm Alarm Alarm Alarm",
  },
  {
    name: "the composite alarm is OK again within ExtensionPeriod",
    source: `${PAGE} (second image)`,
    ...{ wait: 2, extension: 6, before: ["child", "suppressor"] },
    events: { 2: ["suppressor", "OK"], 5: ["child", "OK"] },
    expected: "Alarm Alarm ExtensionPeriod ExtensionPeriod ExtensionPeriod WaitPeriod WaitPeriod -!ok - -",
  },
  {
    name: "Example 1: actions are not suppressed after WaitPeriod",
    source: `${PAGE}#example_scenarios`,
    ...{ wait: 2, extension: 3, before: [] },
    events: { 2: ["child", "ALARM"] },
    expected: "- - WaitPeriod WaitPeriod -!alarm - - - - -",
  },
  {
    name: "Example 2: actions are suppressed by alarm before WaitPeriod expires",
    source: `${PAGE}#example_scenarios`,
    ...{ wait: 2, extension: 3, before: [] },
    events: { 2: ["child", "ALARM"], 3: ["suppressor", "ALARM"] },
    expected: "- - WaitPeriod Alarm Alarm Alarm Alarm Alarm Alarm Alarm",
  },
  {
    name: "Example 3: a transition while actions are suppressed by WaitPeriod",
    source: `${PAGE}#example_scenarios`,
    ...{ wait: 2, extension: 3, before: [] },
    events: { 2: ["child", "ALARM"], 3: ["child", "OK"] },
    expected: "- - WaitPeriod WaitPeriod WaitPeriod -!ok - - - -",
  },
  {
    name: "Example 4: a transition while actions are suppressed by alarm",
    source: `${PAGE}#example_scenarios`,
    ...{ wait: 2, extension: 3, before: ["suppressor"] },
    events: { 2: ["child", "ALARM"] },
    expected: "Alarm Alarm Alarm Alarm Alarm Alarm Alarm Alarm Alarm Alarm",
  },
  {
    name: "Example 5: actions are not suppressed after ExtensionPeriod",
    source: `${PAGE}#example_scenarios`,
    ...{ wait: 2, extension: 3, before: [] },
    events: { 2: ["child", "ALARM"], 3: ["suppressor", "ALARM"], 6: ["suppressor", "OK"] },
    expected: "- - WaitPeriod Alarm Alarm Alarm ExtensionPeriod ExtensionPeriod ExtensionPeriod -!alarm",
  },
  {
    // The page lets the extension of 3 units begin at t6 and end at t8; a change at t7 ends it in either reading.
    name: "Example 6: a transition while actions are suppressed by ExtensionPeriod",
    source: `${PAGE}#example_scenarios`,
    ...{ wait: 2, extension: 3, before: [] },
    events: { 2: ["child", "ALARM"], 3: ["suppressor", "ALARM"], 6: ["suppressor", "OK"], 7: ["child", "OK"] },
    expected: "- - WaitPeriod Alarm Alarm Alarm ExtensionPeriod WaitPeriod WaitPeriod -!ok",
  },
  {
    name: "without periods it acts at once, and is held back by the suppressor alone",
    source: `${PAGE} (any integer in seconds)`,
    ...{ wait: 0, extension: 0, before: [] },
    events: { 1: ["child", "ALARM"], 3: ["suppressor", "ALARM"], 5: ["child", "OK"], 7: ["suppressor", "OK"] },
    expected: "- -!alarm - Alarm Alarm Alarm Alarm -!ok - -",
  },
] as const)("$name ($source)", async ({ wait, extension, before, events, expected }) => {
  for (const name of before) {
    await set(name, "ALARM");
  }
  await putComposite(wait, extension);
  // The first state waits, too: the timelines begin when that is over.
  await aws.core.clock.advance((wait + 1) * UNIT * 1000);
  aws.published.splice(0);
  expect(await timeline(expected.split(" ").length - 1, events)).toBe(expected);
});

test(`an active period is discarded when the suppressor is replaced (${PAGE}, Tip)`, async () => {
  await putAlarm(aws, { AlarmName: "other", MetricName: "other", TreatMissingData: "ignore" });
  await putComposite(0, 3);
  await putComposite(2, 3);
  await set("child", "ALARM");
  expect(await suppressedBy()).toBe("WaitPeriod");
  aws.published.splice(0);
  await putComposite(2, 3, { ActionsSuppressor: "other" });
  expect(await suppressedBy()).toBe("-");
  expect(await timeline(4, {})).toBe("- - - - -");
});

test(`a suppressor that is in ALARM holds back from the beginning (${PAGE})`, async () => {
  await set("child", "ALARM");
  await set("suppressor", "ALARM");
  await putComposite(2, 3);
  expect(await suppressedBy()).toBe("Alarm");
  expect(aws.published).toEqual([]);
});

test(`a composite alarm can be a suppressor, named by its ARN (${PAGE}: any alarm)`, async () => {
  await aws.call("PutCompositeAlarm", { AlarmName: "maintenance", AlarmRule: "ALARM(suppressor)" });
  const arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:maintenance";
  await putComposite(0, 0, { ActionsSuppressor: arn });
  aws.published.splice(0);
  expect(await timeline(3, { 1: ["suppressor", "ALARM"], 2: ["child", "ALARM"], 3: ["suppressor", "OK"] })).toBe(
    "- Alarm Alarm -!alarm",
  );
});

test(`suppression is described, and is in the history (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html)`, async () => {
  await putComposite(12, 18);
  await aws.core.clock.advance(121_000);
  await set("child", "ALARM");
  const { CompositeAlarms } = await aws.call("DescribeAlarms", { AlarmTypes: ["CompositeAlarm"] });
  expect(CompositeAlarms?.[0]).toMatchObject({
    ActionsSuppressor: "suppressor",
    ActionsSuppressorWaitPeriod: 120,
    ActionsSuppressorExtensionPeriod: 180,
    ActionsSuppressedBy: "WaitPeriod",
    ActionsSuppressedReason: "Actions suppressed by WaitPeriod",
  });
  const { AlarmHistoryItems = [] } = await aws.call("DescribeAlarmHistory", {
    ...{ AlarmName: "composite", AlarmTypes: ["CompositeAlarm"], HistoryItemType: "StateUpdate" },
  });
  expect(JSON.parse(AlarmHistoryItems[0]?.HistoryData ?? "").newState).toMatchObject({
    stateValue: "ALARM",
    actionsSuppressedBy: "WaitPeriod",
    actionsSuppressedReason: "Actions suppressed by WaitPeriod",
  });
});

test("a suppression outlives a restart", async () => {
  await putComposite(12, 0);
  await aws.core.clock.advance(121_000);
  await set("child", "ALARM");
  await aws.cloudwatch.service.close?.();
  const told: string[] = [];
  const { createCloudWatch } = await import("../create-cloudwatch.ts");
  const again = createCloudWatch(aws.core, { topics: { publish: (_topic, subject) => told.push(subject) } });
  await aws.core.clock.advance(110_000);
  expect(told).toEqual([]);
  await aws.core.clock.advance(11_000);
  expect(told).toEqual(['ALARM: "composite" in US East (N. Virginia)']);
  await again.service.close?.();
});

test.each([
  [{ ActionsSuppressor: "gone" }, "the actions suppressor gone is not another alarm that exists"],
  [{ ActionsSuppressor: "composite" }, "is not another alarm that exists"],
  [{ ActionsSuppressorWaitPeriod: undefined }, "The parameter ActionsSuppressorWaitPeriod is required."],
  [{ ActionsSuppressorExtensionPeriod: undefined }, "The parameter ActionsSuppressorExtensionPeriod is required."],
  [{ ActionsSuppressorWaitPeriod: -1 }, "The value -1 for parameter ActionsSuppressorWaitPeriod is invalid."],
  [{ ActionsSuppressor: undefined }, "together with ActionsSuppressor only"],
])("a suppressor is refused with %j", async (change, message) => {
  await expect(putComposite(2, 3, change)).rejects.toThrow(message);
});

test("an alarm that suppresses another cannot be deleted", async () => {
  await putComposite(2, 3);
  await expect(aws.call("DeleteAlarms", { AlarmNames: ["suppressor"] })).rejects.toThrow("Alarm(s): [composite]");
});
