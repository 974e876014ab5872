import { afterEach, beforeEach, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
import type { Alarm } from "./alarm.ts";
import { play, putAlarm, putValues, stateOf } from "./alarm-timeline.ts";

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
});

afterEach(() => aws.dispose());

test("alarms are evaluated again after data could not be written for a minute", async () => {
  await putAlarm(aws, { TreatMissingData: "notBreaching" });
  expect(await play(aws, "1")).toBe("OK");
  await putValues(aws, [9]);
  const { database } = aws.core.store;
  database.exec(
    "CREATE TRIGGER full BEFORE INSERT ON monitoring_points BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
  );
  await aws.nextMinute();
  database.exec("DROP TRIGGER full");
  expect(await stateOf(aws)).toBe("OK");
  await aws.nextMinute();
  expect(await stateOf(aws)).toBe("ALARM");
});

test("what kept a composite alarm from being evaluated is over when it is evaluated again, also when it stays what it is", async () => {
  await putAlarm(aws, { AlarmName: "child" });
  const AlarmName = "composite";
  await aws.call("PutCompositeAlarm", { AlarmName, AlarmRule: 'ALARM("child")' });
  const set = (StateValue: "ALARM" | "OK") =>
    aws.call("SetAlarmState", { AlarmName: "child", StateValue, StateReason: "test" });
  const error = () => aws.core.store.collection<Alarm>("monitoring/alarms").get(AlarmName)?.evaluationError;
  await set("OK");
  const { database } = aws.core.store;
  database.exec(
    `CREATE TRIGGER full BEFORE INSERT ON monitoring_history WHEN NEW.alarm = '${AlarmName}'
     BEGIN SELECT RAISE(ABORT, 'disk is full'); END`,
  );
  await set("ALARM");
  database.exec("DROP TRIGGER full");
  expect(error()).toContain("disk is full");

  await set("OK");

  expect(error()).toBeUndefined();
});
