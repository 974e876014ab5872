import { afterEach, beforeEach, expect, test } from "vitest";
import { AwsError } from "../../core/aws-error.ts";
import { VirtualClock } from "../../core/clock.ts";
import type { ApiCall, MetricDatum, QueueMessage } from "../../core/ports.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { ScheduleRunner } from "./schedule-runner.ts";
import { openSchedulerState, type Schedule, type SchedulerState } from "./scheduler-state.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BEGIN = Date.UTC(2026, 10, 28, 22, 30);

let core: TestCore;
let state: SchedulerState;
/** What was called, by when. */
let calls: [at: string, call: ApiCall][];
let letters: QueueMessage[];
let measured: MetricDatum[];
let answer: () => Promise<unknown>;
let wall: number;

beforeEach(() => {
  wall = BEGIN;
  [calls, letters, measured, answer] = [[], [], [], async () => ({})];
  const made = testCore();
  made.clock.close();
  core = { ...made, clock: new VirtualClock(undefined, () => wall) };
  state = openSchedulerState(core, {
    roles: {
      findRole: (arn) => ({
        ...{ arn, roleId: "AROA", roleName: "backup", assumeRolePolicyDocument: "{}", maxSessionDuration: 3600 },
      }),
    },
    queues: { send: (message) => void letters.push(message) },
    metrics: { record: (data) => void measured.push(...data) },
    api: () => ({
      problem: async () => undefined,
      call: (call) => {
        calls.push([new Date(core.clock.now()).toISOString().slice(0, 16), call]);
        return answer();
      },
    }),
  });
});

afterEach(() => core.dispose());

function schedule(more: Partial<Schedule> = {}, target: Partial<Schedule["target"]> = {}): void {
  state.schedules.put("backups/daily", {
    ...{ name: "daily", group: "backups", expression: "cron(0 3 * * ? *)", timeZone: "UTC", state: "ENABLED" },
    ...{ flexibleTimeWindow: { Mode: "OFF" }, actionAfterCompletion: "NONE", incarnation: "1" },
    ...{ createdAt: BEGIN, modifiedAt: BEGIN, anchor: BEGIN, seenUntil: BEGIN },
    target: {
      ...{ arn: "arn:aws:scheduler:::aws-sdk:dynamodb:createBackup", roleArn: "arn:aws:iam::000000000000:role/backup" },
      ...{ input: '{"TableName":"items"}', maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      ...target,
    },
    ...more,
  });
}

function start(): ScheduleRunner {
  const runner = new ScheduleRunner(state);
  runner.start();
  return runner;
}

const times = () => calls.map(([at]) => at);
const count = (metric: string) => measured.filter(({ name }) => name === metric).length;

test("says in the request which schedule calls, for when, and how often", async () => {
  const keywords = ["schedule-arn", "scheduled-time", "execution-id", "attempt-number", "else"];
  const input = Object.fromEntries(keywords.map((keyword) => [keyword, `<aws.scheduler.${keyword}>`]));
  schedule({}, { input: JSON.stringify(input) });
  start();
  await core.clock.advance(DAY_MS);
  expect(calls.map(([, { input: said }]) => said)).toEqual([
    {
      "schedule-arn": "arn:aws:scheduler:us-east-1:000000000000:schedule/backups/daily",
      "scheduled-time": "2026-11-29T03:00:00Z",
      "execution-id": expect.stringMatching(/^[0-9a-f]{16}$/),
      "attempt-number": "1",
      else: "<aws.scheduler.else>",
    },
  ]);
});

test("makes up for what was missed while local AWS was not there, as far as it is not too old", async () => {
  schedule({ expression: "cron(0 0/6 * * ? *)" });
  const before = start();
  await core.clock.advance(2 * HOUR_MS);
  before.close();
  expect(times()).toEqual(["2026-11-29T00:00"]);

  wall += 3 * DAY_MS;
  start();
  await core.clock.advance(0);
  // The clock stands at half past midnight on the 2nd of December.
  expect(calls).toHaveLength(5);
  expect(new Set(times().slice(1))).toEqual(new Set(["2026-12-02T00:30"]));
  expect(count("InvocationDroppedCount")).toBe(8);
  await core.clock.advance(6 * HOUR_MS);
  expect(times().at(-1)).toBe("2026-12-02T06:00");
});

test("a call that was under way when local AWS was killed is made again", async () => {
  schedule();
  answer = () => new Promise(() => {});
  const killed = start();
  void core.clock.advance(5 * HOUR_MS);
  await expect.poll(() => calls.length).toBe(1);
  killed.close();
  expect(state.invocations.values()).toHaveLength(1);

  answer = async () => ({});
  core = { ...core, clock: new VirtualClock({ read: () => 5 * HOUR_MS, write: () => {} }, () => wall) };
  state = { ...state, core };
  start();
  await core.clock.advance(0);
  expect(calls).toHaveLength(2);
  expect(state.invocations.values()).toEqual([]);
  expect(state.schedules.get("backups/daily")?.seenUntil).toBe(Date.UTC(2026, 10, 29, 3));
});

test("tries again ever more slowly, until the call is too old", async () => {
  schedule({}, { maximumEventAgeInSeconds: 3600, deadLetterArn: "arn:aws:sqs:us-east-1:000000000000:undone" });
  answer = () => Promise.reject(new AwsError("InternalServerError", "It broke", { status: 500 }));
  start();
  await core.clock.advance(DAY_MS);
  const minutes = [0, 1, 3, 7, 15, 30, 45, 60];
  const due = (after: number) => new Date(Date.UTC(2026, 10, 29, 3, after)).toISOString().slice(0, 16);
  expect(times()).toEqual(minutes.map(due));
  expect(letters).toMatchObject([
    {
      attributes: {
        EXHAUSTED_RETRY_CONDITION: { value: "MaximumEventAgeInSeconds" },
        ERROR_CODE: { value: "InternalServerError" },
        RETRY_ATTEMPTS: { value: "7" },
      },
      body: '{"TableName":"items"}',
      source: { service: "scheduler.amazonaws.com", roleArn: "arn:aws:iam::000000000000:role/backup" },
    },
  ]);
  expect(["InvocationAttemptCount", "TargetErrorCount", "InvocationDroppedCount"].map(count)).toEqual([8, 8, 1]);
  expect(count("InvocationsSentToDeadLetterCount")).toBe(1);
});

test("a schedule that is deleted owes nothing any more", async () => {
  schedule();
  answer = () => Promise.reject(new AwsError("InternalServerError", "It broke", { status: 500 }));
  const runner = start();
  await core.clock.advance(5 * HOUR_MS);
  const tried = calls.length;
  runner.forget("backups/daily");
  await core.clock.advance(DAY_MS);
  expect(calls).toHaveLength(tried);
  expect(state.invocations.values()).toEqual([]);
});
