import { afterEach, beforeEach, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
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
