import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
import { putAlarm, stateOf } from "./alarm-timeline.ts";

// What AWS documents of composite alarms, through the service.

const GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring";
const RULES = `${GUIDE}/alarm-combining.html`;
const API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference";

type State = "OK" | "ALARM" | "INSUFFICIENT_DATA";

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
});

afterEach(() => aws.dispose());

const composite = (AlarmName: string, AlarmRule: string, more: object = {}) =>
  aws.call("PutCompositeAlarm", { AlarmName, AlarmRule, ...more });

const set = (AlarmName: string, StateValue: State) =>
  aws.call("SetAlarmState", { AlarmName, StateValue, StateReason: "by hand" });

/** Puts metric alarms in the states of `a=ALARM b=OK`. */
async function children(states: string): Promise<void> {
  for (const [name = "", state = ""] of states.split(" ").map((each) => each.split("="))) {
    await putAlarm(aws, { AlarmName: name, MetricName: name });
    await set(name, { A: "ALARM", O: "OK", I: "INSUFFICIENT_DATA" }[state] as State);
  }
}

describe("rules", () => {
  const both = "ALARM(CPUUtilizationTooHigh) AND ALARM(DiskReadOpsTooHigh)";
  const notDeploying = "ALARM(CPUUtilizationTooHigh) AND NOT ALARM(DeploymentInProgress)";
  const quietNetwork = "(ALARM(CPUUtilizationTooHigh) OR ALARM(DiskReadOpsTooHigh)) AND OK(NetworkOutTooHigh)";

  test.each([
    [both, "CPUUtilizationTooHigh=A DiskReadOpsTooHigh=A", "ALARM"],
    [both, "CPUUtilizationTooHigh=A DiskReadOpsTooHigh=O", "OK"],
    [notDeploying, "CPUUtilizationTooHigh=A DeploymentInProgress=O", "ALARM"],
    [notDeploying, "CPUUtilizationTooHigh=A DeploymentInProgress=A", "OK"],
    [quietNetwork, "CPUUtilizationTooHigh=O DiskReadOpsTooHigh=A NetworkOutTooHigh=O", "ALARM"],
    [quietNetwork, "CPUUtilizationTooHigh=O DiskReadOpsTooHigh=A NetworkOutTooHigh=I", "OK"],
    ['INSUFFICIENT_DATA("a")', "a=I", "ALARM"],
    ["ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:a)", "a=A", "ALARM"],
    ['alarm("a") or false', "a=A", "ALARM"],
    ["TRUE", "a=O", "ALARM"],
    ["FALSE", "a=A", "OK"],
    ["NOT FALSE AND ALARM(a)", "a=A", "ALARM"],
    ["AT_LEAST(2, ALARM, (a, b, c))", "a=A b=A c=O", "ALARM"],
    ["AT_LEAST(2, ALARM, (a, b, c))", "a=A b=I c=O", "OK"],
    ["AT_LEAST(50%, ALARM, (a, b, c, d))", "a=A b=A c=O d=O", "ALARM"],
    ["AT_LEAST(50%, ALARM, (a, b, c))", "a=A b=O c=O", "OK"],
    ["AT_LEAST(60%, NOT OK, (a, b, c, d, e))", "a=A b=I c=A d=O e=O", "ALARM"],
    ["AT_LEAST(3, NOT ALARM, (a, b, c))", "a=O b=I c=A", "OK"],
    ['AT_LEAST(1, OK, ("a", "b")) AND NOT AT_LEAST(100%, OK, ("a", "b"))', "a=O b=A", "ALARM"],
  ])(`%s of %s is %s (${RULES}, rule expressions)`, async (rule, states, expected) => {
    await children(states);
    await composite("whole", rule);
    expect(await stateOf(aws, "whole")).toBe(expected);
  });

  test.each([
    ["AT_LEAST(0, ALARM, (a))", "AT_LEAST takes 1 to 1"],
    ["AT_LEAST(2, ALARM, (a))", "AT_LEAST takes 1 to 1"],
    ["AT_LEAST(101%, ALARM, (a))", "AT_LEAST takes 1 to 100%"],
    ["AT_LEAST(some, ALARM, (a))", "a number of alarms or a percentage"],
    ["AT_LEAST(1, LOUD, (a))", "expected ALARM, OK or INSUFFICIENT_DATA"],
    ["AT_LEAST(1, ALARM, a)", 'expected "("'],
    ["ALARM(gone)", "alarms [gone] in the alarm rule do not exist"],
    ["ALARM(whole)", "alarms [whole] in the alarm rule do not exist"],
    [Array(501).fill("TRUE").join(" OR "), "no more than 500 elements"],
  ])(`%.40s is refused: %s (${API}/API_PutCompositeAlarm.html, AlarmRule)`, async (rule, message) => {
    await children("a=A");
    await expect(composite("whole", rule)).rejects.toThrow(message);
  });

  test(`parentheses count, and too many of them are refused before all are read (${API}/API_PutCompositeAlarm.html)`, async () => {
    await expect(composite("whole", `${"(".repeat(5000)}TRUE${")".repeat(5000)}`)).rejects.toThrow(
      "no more than 500 elements",
    );
  });
});

describe("evaluation", () => {
  test(`follows at once, through levels (${RULES}, both metric and composite alarms)`, async () => {
    await children("a=O b=O");
    await composite("low", "ALARM(a) AND ALARM(b)");
    await composite("high", "ALARM(low) OR FALSE");
    await set("a", "ALARM");
    expect(await stateOf(aws, "high")).toBe("OK");
    await set("b", "ALARM");
    expect([await stateOf(aws, "low"), await stateOf(aws, "high")]).toEqual(["ALARM", "ALARM"]);
  });

  test(`of one set by hand waits for a change of its children (${API}/API_SetAlarmState.html)`, async () => {
    await children("a=A b=O");
    await composite("whole", "ALARM(a)");
    await set("whole", "OK");
    await aws.core.clock.advance(30_000);
    expect(await stateOf(aws, "whole")).toBe("OK");
    await set("b", "ALARM");
    expect(await stateOf(aws, "whole")).toBe("OK");
    await set("a", "OK");
    await set("a", "ALARM");
    expect(await stateOf(aws, "whole")).toBe("ALARM");
  });

  test(`is made anew by an update (${API}/API_SetAlarmState.html)`, async () => {
    await children("a=A");
    await composite("whole", "ALARM(a)");
    await set("whole", "OK");
    await composite("whole", "ALARM(a)");
    expect(await stateOf(aws, "whole")).toBe("ALARM");
  });

  test(`runs the actions of the first state, too (${API}/API_PutCompositeAlarm.html)`, async () => {
    await children("a=A");
    await composite("whole", "ALARM(a)", { AlarmActions: ["arn:aws:sns:us-east-1:000000000000:page"] });
    expect(aws.published.map(({ subject }) => subject)).toEqual(['ALARM: "whole" in US East (N. Virginia)']);
  });

  test(`stops in a circle, which cannot be deleted until it is broken (${API}/API_PutCompositeAlarm.html, Note)`, async () => {
    await children("x=O");
    await composite("a", "ALARM(x)");
    await composite("b", "ALARM(a)");
    await composite("a", "ALARM(b) OR ALARM(x)");
    await set("x", "ALARM");
    expect([await stateOf(aws, "a"), await stateOf(aws, "b")]).toEqual(["OK", "OK"]);
    for (const name of ["a", "b"]) {
      await expect(aws.call("DeleteAlarms", { AlarmNames: [name] })).rejects.toThrow(
        "composite alarm(s) depending on it",
      );
    }
    await composite("a", "FALSE");
    await aws.call("DeleteAlarms", { AlarmNames: ["b"] });
    await aws.call("DeleteAlarms", { AlarmNames: ["a"] });
  });

  test(`is of no more than one composite alarm when they are deleted (${API}/API_DeleteAlarms.html)`, async () => {
    await composite("a", "TRUE");
    await composite("b", "TRUE");
    await expect(aws.call("DeleteAlarms", { AlarmNames: ["a", "b"] })).rejects.toThrow("one composite alarm");
  });
});

describe("what is asked about them", () => {
  test(`children and parents come with few members (${API}/API_DescribeAlarms.html)`, async () => {
    await children("a=A");
    await composite("whole", "ALARM(a)");
    const { MetricAlarms = [] } = await aws.call("DescribeAlarms", { ChildrenOfAlarmName: "whole" });
    expect(Object.keys(MetricAlarms[0] ?? {}).sort()).toEqual([
      "AlarmArn",
      "AlarmName",
      "StateUpdatedTimestamp",
      "StateValue",
    ]);
    const { CompositeAlarms = [] } = await aws.call("DescribeAlarms", { ParentsOfAlarmName: "a" });
    expect(CompositeAlarms.map((alarm) => Object.keys(alarm).sort())).toEqual([["AlarmArn", "AlarmName"]]);
    await expect(aws.call("DescribeAlarms", { ChildrenOfAlarmName: "whole", StateValue: "OK" })).rejects.toThrow(
      "MaxRecords and NextToken only",
    );
  });

  test(`metric alarms alone are shown unless composite ones are asked for (${API}/API_DescribeAlarms.html, AlarmTypes)`, async () => {
    await children("a=A");
    await composite("whole", "ALARM(a)");
    expect((await aws.call("DescribeAlarms", {})).CompositeAlarms).toEqual([]);
    const types = await aws.call("DescribeAlarms", { AlarmTypes: ["CompositeAlarm"] });
    expect([types.MetricAlarms?.length, types.CompositeAlarms?.length]).toEqual([0, 1]);
  });
});
