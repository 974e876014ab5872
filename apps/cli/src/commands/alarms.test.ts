import { SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { type MonitoredEnvironment, monitoredEnvironment, monitoredState } from "../test/monitored-environment.ts";
import type { Place, Said } from "../test/run-slipway.ts";

let prod: MonitoredEnvironment;

beforeAll(async () => {
  prod = await monitoredEnvironment();
});

beforeEach(() => setState("orders-errors", "OK", "a test says so"));

afterAll(() => prod?.close());

const alarms = (words: readonly string[], place?: Place): Promise<Said> =>
  prod.run(["alarms", "prod", ...words], place);

async function setState(AlarmName: string, StateValue: "OK" | "ALARM", StateReason: string): Promise<void> {
  await prod.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
}

describe("slipway alarms", () => {
  test("is quiet when none has gone off, and says what has no data", async () => {
    const { code, stdout, stderr } = await alarms([]);

    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^ok {7}orders-errors, since \d{4}-\d\d-\d\dT[\d:]+Z \(\d+ s\)$/m);
    expect(stdout).toMatch(/^ok {7}orders-down, since/m);
    expect(stdout).toMatch(/^None of 3 alarms is in ALARM(; 1 has no data to judge by)?\.$/m);
    // Whom an alarm that can tell nobody would tell is worth a line, however quiet it is.
    expect(stdout.replace(/\s+/g, " ")).toContain("NOBODY NOW, its actions are off; otherwise the topic on-call");
  });

  test("puts what has gone off first, with all that one must know, and exits with 1", async () => {
    await setState("orders-errors", "ALARM", "Threshold Crossed: 1 of 1 datapoints [1.0] was greater than 0");
    const { code, stdout } = await alarms([], { terminal: 80 });

    expect(code).toBe(1);
    const [, worst = ""] = stdout.split("\n\n");
    expect(worst.split("\n").map((line) => line.trimEnd())).toEqual([
      expect.stringMatching(/^ALARM {4}orders-errors, since /),
      "         Events of orders-prod are lost.",
      "         because  Threshold Crossed: 1 of 1 datapoints [1.0] was greater than 0",
      "         when     Sum of AWS/Lambda AsyncEventsDropped",
      "                    (FunctionName=orders-prod) > 0 for 1 of 1 periods of 300 s",
      "         tells    the topic on-call, also when it ends",
      "         runbook  docs/runbooks/orders-errors.md",
    ]);
    expect(stdout).toMatch(/^1 of 3 alarms is in ALARM/m);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("shows a composite one with the states of those that it looks at", async () => {
    const { stdout } = await alarms(["down"]);
    expect(stdout).toMatch(/^ +rule +ALARM\(orders-errors\) AND ALARM\(orders-slow\)$/m);
    expect(stdout).toMatch(/^ +ok {7}orders-errors$/m);
    expect(stdout).toMatch(/^ +(ok {5}|no data) {2}orders-slow$/m);
    expect(stdout).toMatch(/^ +tells +nobody$/m);
  });

  test("tells what happened, the newest first: changes, and who was told", async () => {
    await setState("orders-errors", "ALARM", "one \u001b[2J is too many");
    const { code, stdout } = await alarms(["orders-errors", "--history", "--since", "10m"]);

    expect(code).toBe(1);
    const told = stdout.indexOf("orders-errors: told the topic on-call");
    const changed = stdout.indexOf("orders-errors: ok -> ALARM. one \\x1b[2J is too many");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(told).toBeGreaterThan(0);
    expect(changed).toBeGreaterThan(told);
    expect(stdout.indexOf('Alarm "orders-errors" created')).toBeGreaterThan(changed);
    expect(stdout).not.toContain("\u001b");
  });

  test("is one JSON document", async () => {
    await setState("orders-errors", "ALARM", "one is too many");
    const { code, stdout } = await alarms(["--output", "json", "--history", "--since", "1h", "--state", "ALARM"]);

    expect(code).toBe(1);
    // Whether the others were looked at already depends on the time.
    await golden("alarms", { ...JSON.parse(stdout), counts: { ALARM: 1, INSUFFICIENT_DATA: 1, OK: 1 } });
    expect(JSON.parse(stdout)).toMatchObject({
      environment: "prod",
      alarms: [
        {
          ...{ name: "orders-errors", state: "ALARM", reason: "one is too many", children: [] },
          ...{ runbook: "docs/runbooks/orders-errors.md", alarmActions: [prod.topic], actionsEnabled: true },
          since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      ],
      counts: { ALARM: 1 },
      missing: [],
      history: expect.arrayContaining([expect.objectContaining({ kind: "state", to: "ALARM" })]),
    });
  });

  test("shows those of one state only, and still says what all of them come to", async () => {
    await setState("orders-errors", "ALARM", "one is too many");
    const { code, stdout } = await alarms(["--state", "OK"]);
    expect(code).toBe(1);
    expect(stdout).not.toContain("ALARM    orders-errors, since");
    expect(stdout).toMatch(/^1 of 3 alarms is in ALARM/m);
  });

  test("an alarm that is in the state only is found, and nobody may take that for quiet", async () => {
    const gone = { type: "aws_cloudwatch_metric_alarm", attributes: { alarm_name: "orders-gone" } };
    await prod.states.putState("prod", [...monitoredState(), gone]);
    const { code, stdout } = await alarms([]);
    await prod.states.putState("prod", monitoredState());

    expect(code).toBe(2);
    expect(stdout).toMatch(/^MISSING {2}orders-gone$/m);
    expect(stdout).toMatch(/^None of 4 alarms is in ALARM(; 1 has no data to judge by)?; 1 is missing\.$/m);
  });

  test.each([
    ["an alarm that is not there", ["prod", "erors"], /name: prod has no alarm 'erors'\. It has orders-errors, /],
    ["an environment that is not there", ["qa"], /environment: there is no 'qa'/],
    ["what is no time", ["prod", "--history", "--since", "soon"], /--since: 'soon' is no time/],
    [
      "a time to come",
      ["prod", "--history", "--since", "2999-01-01"],
      /--since: 2999-01-01T00:00:00Z is not before now/,
    ],
    ["a time for nothing", ["prod", "--since", "1h"], /--since: says since when the history is told/],
    ["a state that is none", ["prod", "--state", "BAD"], /Allowed choices are ALARM, INSUFFICIENT_DATA, OK/],
  ])("answers %s with exit code 2: 1 would mean that one has gone off", async (_what, words, message) => {
    const { code, stdout, stderr } = await prod.run(["alarms", ...words]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  test("does not know when it cannot ask, and says so where there are none", async () => {
    await prod.aws.local(
      "faults",
      "add",
      "--kind",
      "error",
      "--service",
      "monitoring",
      "--operation",
      "DescribeAlarms",
    );
    const { code, stdout, stderr } = await alarms([]);
    await prod.aws.local("faults", "clear");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("cloudwatch:DescribeAlarms failed for 3 alarms");

    await prod.states.putState("dev", [{ type: "aws_sqs_queue", attributes: { name: "q" } }]);
    const none = await prod.run(["alarms", "dev"]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("dev has no alarms") });
  });
});
