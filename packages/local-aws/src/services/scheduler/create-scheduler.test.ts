import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeTableCommand, RestoreTableFromBackupCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { DeleteScheduleCommand, GetScheduleCommand, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { ACCOUNT, DAY_MS, HOUR_MS, schedulerLab } from "./test/scheduler-lab.ts";

const lab = schedulerLab();

describe("a schedule", () => {
  test("makes a backup a day of a table, each of which can be restored", async () => {
    await lab.create();
    expect(await lab.backups()).toEqual([]);

    await lab.aws.localAws.advanceClock(DAY_MS);
    const [backup] = await lab.backups();
    expect(backup?.BackupName).toMatch(/^daily-\d+-[0-9a-f]{16}$/);
    expect(backup?.BackupCreationDateTime?.toISOString()).toMatch(/T03:00:0\d/);

    const TableName = "items-restored";
    await lab.dynamodb.send(
      new RestoreTableFromBackupCommand({ BackupArn: backup?.BackupArn, TargetTableName: TableName }),
    );
    await expect
      .poll(async () => (await lab.dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus)
      .toBe("ACTIVE");
    expect((await lab.dynamodb.send(new ScanCommand({ TableName }))).Items).toEqual([{ id: { S: "first" } }]);
  });

  test("runs each of its times when the clock is moved over many", async () => {
    await lab.create({ ScheduleExpression: "cron(0 0/6 * * ? *)", ScheduleExpressionTimezone: "Asia/Kathmandu" });
    await lab.aws.localAws.advanceClock(3 * DAY_MS);
    const times = (await lab.backups()).map(
      ({ BackupCreationDateTime }) => BackupCreationDateTime?.toISOString() ?? "",
    );
    expect(times).toHaveLength(12);
    // Six o'clock in Kathmandu is a quarter past twelve in Greenwich.
    expect(new Set(times.map((time) => time.slice(11, 16)))).toEqual(new Set(["00:15", "06:15", "12:15", "18:15"]));
  });

  test("reads as it was made, with what was left out as AWS fills it in", async () => {
    const StartDate = new Date(Math.ceil(Date.now() / 1000) * 1000 + 30 * DAY_MS);
    const EndDate = new Date(StartDate.getTime() + DAY_MS);
    const { ScheduleArn } = await lab.create({ Description: "Daily", StartDate, EndDate });
    const read = await lab.scheduler.send(new GetScheduleCommand({ Name: lab.name, GroupName: "backups" }));
    expect(read).toMatchObject({
      ...{ Arn: ScheduleArn, Name: lab.name, GroupName: "backups", Description: "Daily", StartDate, EndDate },
      ...{ State: "ENABLED", ScheduleExpressionTimezone: "UTC", ActionAfterCompletion: "NONE" },
      ...{ ScheduleExpression: "cron(0 3 * * ? *)", FlexibleTimeWindow: { Mode: "OFF" } },
      Target: {
        ...lab.daily().Target,
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });
    expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/backups/${lab.name}`);
  });

  test("does nothing while it is disabled, and does not make up for it", async () => {
    await lab.create({ State: "DISABLED" });
    await lab.aws.localAws.advanceClock(2 * DAY_MS);
    await lab.scheduler.send(new UpdateScheduleCommand(lab.daily()));
    expect(await lab.backups()).toEqual([]);
    await lab.aws.localAws.advanceClock(DAY_MS);
    expect(await lab.backups()).toHaveLength(1);
  });

  test("of a rate runs at once, and then at its pace", async () => {
    await lab.create({ ScheduleExpression: "rate(12 hours)" });
    await expect.poll(async () => (await lab.backups()).length).toBe(1);
    await lab.aws.localAws.advanceClock(DAY_MS);
    expect(await lab.backups()).toHaveLength(3);
    // Another setting does not begin it anew.
    await lab.scheduler.send(
      new UpdateScheduleCommand(lab.daily({ ScheduleExpression: "rate(12 hours)", Description: "twice a day" })),
    );
    await lab.aws.localAws.advanceClock(HOUR_MS);
    expect(await lab.backups()).toHaveLength(3);
  });

  test("of one time runs once, and goes away if it was asked to", async () => {
    const at = new Date((await lab.now()) + DAY_MS).toISOString().slice(0, 19);
    await lab.create({ ScheduleExpression: `at(${at})`, ActionAfterCompletion: "DELETE" });
    await lab.aws.localAws.advanceClock(2 * DAY_MS);
    expect(await lab.backups()).toHaveLength(1);
    await expect(lab.scheduler.send(new GetScheduleCommand({ Name: lab.name, GroupName: "backups" }))).rejects.toThrow(
      expect.objectContaining({ name: "ResourceNotFoundException" }),
    );
  });

  test("calls whatever local AWS has, such as SQS", async () => {
    const sqs = new SQSClient(lab.aws.client);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `told-${lab.count}` }));
    const queue = `arn:aws:sqs:us-east-1:${ACCOUNT}:told-${lab.count}`;
    const RoleArn = await lab.role(`teller-${lab.count}`, [{ Action: "sqs:SendMessage", Resource: queue }]);
    const Input = JSON.stringify({ QueueUrl, MessageBody: "<aws.scheduler.scheduled-time>" });
    await lab.create({}, { Arn: "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", RoleArn, Input });
    await lab.aws.localAws.advanceClock(DAY_MS);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body }) => Body)).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT03:00:00Z$/)]);
    sqs.destroy();
  });

  test("is made once by a request that was sent twice, and not by another of the same name", async () => {
    await lab.create({ ClientToken: "token-1", State: "DISABLED" });
    await lab.create({ ClientToken: "token-1", State: "DISABLED" });
    await expect(lab.create({ ClientToken: "token-2" })).rejects.toMatchObject({ name: "ConflictException" });
    await lab.scheduler.send(new DeleteScheduleCommand({ Name: lab.name, GroupName: "backups" }));
    await expect(
      lab.scheduler.send(new DeleteScheduleCommand({ Name: lab.name, GroupName: "backups" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("a call that fails", () => {
  test("for lack of rights is tried again, and ends in the dead-letter queue", async () => {
    const sqs = new SQSClient(lab.aws.client);
    const queue = `arn:aws:sqs:us-east-1:${ACCOUNT}:undone-${lab.count}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `undone-${lab.count}` }));
    const RoleArn = await lab.role(`sender-${lab.count}`, [{ Action: "sqs:SendMessage", Resource: queue }]);
    const RetryPolicy = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 };
    await lab.create({}, { RoleArn, RetryPolicy, DeadLetterConfig: { Arn: queue } });
    await lab.aws.localAws.advanceClock(DAY_MS);

    expect(await lab.backups()).toEqual([]);
    const request = { QueueUrl, MessageAttributeNames: ["All"] };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
    const attributes = Object.entries(Messages[0]?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    expect(Object.fromEntries(attributes)).toMatchObject({
      ERROR_CODE: "AccessDeniedException",
      ERROR_MESSAGE: expect.stringContaining("dynamodb:CreateBackup"),
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "2",
      SCHEDULE_ARN: `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/backups/${lab.name}`,
      SCHEDULED_TIME: expect.stringMatching(/T03:00:00Z$/),
    });
    expect(Messages[0]?.Body).toBe(lab.daily().Target?.Input);
    sqs.destroy();
  });

  test.each([
    ["throttle", 1, 3],
    // The call had its effect, and nobody heard of it: it is made again.
    ["lost-answer", 4, 0],
  ])("for a while (%s) is made up for", async (kind, made, throttled) => {
    await lab.create();
    const StartTime = new Date(await lab.now());
    const fault = { kind, service: "dynamodb", operation: "CreateBackup", remaining: 3 };
    const planted = await fetch(`${lab.aws.url}/_slipway/faults`, {
      ...{ method: "POST", body: JSON.stringify(fault) },
      headers: { "x-slipway-control": "1" },
    });
    expect(planted.ok).toBe(true);
    await lab.aws.localAws.advanceClock(DAY_MS);
    const times = (await lab.backups()).map(({ BackupCreationDateTime }) => BackupCreationDateTime?.toISOString());
    expect(times).toHaveLength(made);
    // After 1, 2 and 4 minutes.
    expect(times.sort().at(-1)).toMatch(/T03:07:/);
    // As for requests from outside, who was asked counts what it refused.
    const refusals = { Namespace: "AWS/DynamoDB", MetricName: "ThrottledRequests", Period: 3600 };
    const cloudwatch = new CloudWatchClient(lab.aws.client);
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        ...{ ...refusals, StartTime, EndTime: new Date(await lab.now()), Statistics: ["Sum"] },
        Dimensions: Object.entries({ TableName: "items", Operation: "CreateBackup" }).map(([Name, Value]) => ({
          Name,
          Value,
        })),
      }),
    );
    cloudwatch.destroy();
    expect(Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)).toBe(throttled);
  });
});
