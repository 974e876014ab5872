import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBackupsAlarm } from "../cloudwatch/alarms/read-module-alarms.ts";
import { DAY_MS, schedulerLab, TABLE } from "./test/scheduler-lab.ts";

// The alarm of infrastructure/modules/monitoring on the schedule of infrastructure/modules/backup_schedule, with six hours to try in.

const lab = schedulerLab();
const RetryPolicy = { MaximumEventAgeInSeconds: 6 * 60 * 60, MaximumRetryAttempts: 30 };
const ALLOWED = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "dynamodb:CreateBackup", Resource: TABLE }],
});
let cloudwatch: CloudWatchClient;

beforeAll(() => {
  cloudwatch = new CloudWatchClient(lab.aws.client);
});

afterAll(() => cloudwatch.destroy());

/** The state that the alarm is in, once all of its minutes up to now have been looked at. */
async function state(): Promise<string | undefined> {
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["items-backups"] }));
  return MetricAlarms[0]?.StateValue;
}

/** Moves the clock to an hour of the day, today or tomorrow. */
async function advanceTo(hour: number): Promise<void> {
  const now = await lab.now();
  const due = new Date(now).setUTCHours(hour, 0, 0, 0);
  await lab.aws.localAws.advanceClock((due > now ? due : due + DAY_MS) - now);
}

test("a backup that is given up rings an alarm for a day; one that is late rings none", async () => {
  const RoleArn = await lab.role("nothing", []);
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName: "items-backups", Dimensions: [{ Name: "ScheduleGroup", Value: "backups" }] },
      ...readBackupsAlarm(),
    }),
  );
  await advanceTo(1);
  await lab.create({}, { RoleArn, RetryPolicy });

  await advanceTo(8);
  expect(await lab.backups()).toEqual([]);
  expect(await state(), "it is still tried").toBe("OK");

  await advanceTo(10);
  expect(await state(), "it was given up at nine").toBe("ALARM");

  await advanceTo(2);
  expect(await state(), "whoever looks in the morning sees it").toBe("ALARM");

  // The role may again, and the next one is made.
  await lab.iam.send(new PutRolePolicyCommand({ RoleName: "nothing", PolicyName: "calls", PolicyDocument: ALLOWED }));
  await advanceTo(13);
  expect(await lab.backups()).toHaveLength(1);
  expect(await state()).toBe("OK");
});
