import { describe, expect, test } from "vitest";
import type { AlarmsReport, SeenAlarm } from "./alarms-report.ts";
import { renderAlarms } from "./render-alarms.ts";

const now = Date.parse("2026-11-28T09:15:00Z");
const topic = (name: string) => `arn:aws:sns:us-east-1:123456789012:${name}`;
const alarm = (more: Partial<SeenAlarm> = {}): SeenAlarm => ({
  ...{ name: "down", arn: "arn", kind: "composite", state: "ALARM", reason: "errors went off", since: now - 90_000 },
  ...{ actionsEnabled: true, alarmActions: [topic("on-call")], okActions: [], condition: "ALARM(errors)" },
  ...{ children: ["errors"], childStates: [{ name: "errors", state: "ALARM" }] },
  ...more,
});
const report = (alarms: readonly SeenAlarm[], more: Partial<AlarmsReport> = {}): AlarmsReport => ({
  ...{ environment: "prod", target: "AWS", now, alarms, missing: [] },
  counts: {
    ALARM: alarms.filter(({ state }) => state === "ALARM").length,
    INSUFFICIENT_DATA: alarms.filter(({ state }) => state === "INSUFFICIENT_DATA").length,
    OK: alarms.filter(({ state }) => state === "OK").length,
  },
  ...more,
});
const render = (shown: AlarmsReport) => renderAlarms(shown, 100, { all: true });

describe("whom an alarm tells", () => {
  test.each<[string, Partial<SeenAlarm>, string]>([
    ["only when it goes off", {}, "the topic on-call"],
    ["both times", { okActions: [topic("on-call")] }, "the topic on-call, also when it ends"],
    ["others when it ends", { okActions: [topic("all")] }, "the topic on-call; when it ends the topic all"],
    ["only when it ends", { alarmActions: [], okActions: [topic("all")] }, "nobody; when it ends the topic all"],
    ["a function", { alarmActions: ["arn:aws:lambda:us-east-1:123456789012:function:heal"] }, "the function heal"],
    ["another kind", { alarmActions: ["arn:aws:automate:us-east-1:ec2:stop"] }, "arn:aws:automate:us-east-1:ec2:stop"],
    ["nobody now", { actionsEnabled: false }, "NOBODY NOW, its actions are off; otherwise the topic on-call"],
    ["nobody", { alarmActions: [], kind: "metric" }, "nobody by itself"],
  ])("%s", (_what, more, words) => {
    expect(render(report([alarm(more)]))).toContain(`         tells    ${words}\n`);
  });
});

test("one that is suppressed says by what, and whether it is now", () => {
  const quiet = render(report([alarm({ suppressor: { alarm: "deploying" } })]));
  expect(quiet).toContain("         silent   while deploying is in ALARM\n");
  const now = render(report([alarm({ suppressor: { alarm: "deploying", suppressedBecause: "it went off" } })]));
  expect(now).toContain("         silent   NOW, because of deploying: it went off\n");
});

test("one without data says what that is to it, and a child that is gone is missing", () => {
  const text = render(
    report([
      alarm({ name: "errors", kind: "metric", state: "INSUFFICIENT_DATA", missingData: "breaching", childStates: [] }),
      alarm({ childStates: [{ name: "gone", state: undefined }] }),
    ]),
  );
  expect(text).toMatch(/^no data {2}errors, since 2026-11-28T09:13:30Z \(1 min 30 s\)$/m);
  expect(text).toContain("         no data  is breaching to it\n");
  expect(text).toContain("                  MISSING  gone\n");
  expect(text).toMatch(/^1 of 2 alarms is in ALARM; 1 has no data to judge by\.$/m);
});

test("a history says what failed, and when nothing happened", () => {
  const failed = {
    ...({ alarm: "down", at: now, kind: "action", succeeded: false, detail: "Topic does not exist" } as const),
    summary: 'Failed to execute action arn:topic. Received error: "Topic does not exist"',
  };
  expect(render(report([alarm()], { history: [failed] }))).toContain(
    "2026-11-28T09:15:00Z  down: FAILED: Failed to execute action arn:topic.",
  );
  expect(render(report([alarm()], { history: [] }))).toContain("Nothing has happened to them in this time.");
});

test("the last line is of now: one that has come back is not in ALARM, whatever it was before", () => {
  expect(render(report([alarm({ state: "OK" })]))).toMatch(/\n\nThe alarm is not in ALARM\.\n$/);
  expect(render(report([alarm()]))).toMatch(/\n\nThe alarm is in ALARM\.\n$/);
  expect(render(report([alarm(), alarm({ name: "slow" })]))).toMatch(/\n\n2 of 2 alarms are in ALARM\.\n$/);
});
