import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListBackupsCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startEndpoint, type TestEndpoint } from "../../test/start-endpoint.ts";

const ACCOUNT = "000000000000";
const GROUP = `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule-group/backups`;
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/items`;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let aws: TestEndpoint;
let scheduler: SchedulerClient;
let dynamodb: DynamoDBClient;
let iam: IAMClient;
let count = 0;
let name = "";
let roleArn = "";

beforeAll(async () => {
  aws = await startEndpoint();
  const client = { ...aws.client, maxAttempts: 1 };
  [scheduler, dynamodb, iam] = [new SchedulerClient(client), new DynamoDBClient(client), new IAMClient(client)];
  await scheduler.send(new CreateScheduleGroupCommand({ Name: "backups", Tags: [{ Key: "team", Value: "ops" }] }));
  const key = { AttributeName: "id", AttributeType: "S" as const };
  await dynamodb.send(
    new CreateTableCommand({
      ...{ TableName: "items", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [key] },
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  await dynamodb.send(new PutItemCommand({ TableName: "items", Item: { id: { S: "first" } } }));
  roleArn = await role("backup", [{ Action: "dynamodb:CreateBackup", Resource: TABLE }]);
});

afterAll(async () => {
  for (const client of [scheduler, dynamodb, iam]) {
    client.destroy();
  }
  await aws.close();
});

beforeEach(() => {
  count += 1;
  name = `daily-${count}`;
});

afterEach(async () => {
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: "backups" }));
  for (const { Name } of Schedules) {
    await scheduler.send(new DeleteScheduleCommand({ Name, GroupName: "backups" }));
  }
});

async function role(
  RoleName: string,
  allowed: object[],
  trusted: object = { "aws:SourceArn": GROUP },
): Promise<string> {
  const trust = {
    ...{ Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" }, Action: "sts:AssumeRole" },
    Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT, ...trusted } },
  };
  const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const created = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }));
  const PolicyDocument = document(...allowed.map((each) => ({ Effect: "Allow", ...each })));
  if (allowed.length > 0) {
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "calls", PolicyDocument }));
  }
  return created.Role?.Arn ?? "";
}

function daily(more: Partial<CreateScheduleCommandInput> = {}, target: object = {}): CreateScheduleCommandInput {
  return {
    ...{ Name: name, GroupName: "backups", FlexibleTimeWindow: { Mode: "OFF" } },
    ScheduleExpression: "cron(0 3 * * ? *)",
    Target: {
      Arn: "arn:aws:scheduler:::aws-sdk:dynamodb:createBackup",
      RoleArn: roleArn,
      Input: JSON.stringify({ TableName: "items", BackupName: `${name}-<aws.scheduler.execution-id>` }),
      ...target,
    },
    ...more,
  };
}

/** On the clock of local AWS. */
async function now(): Promise<number> {
  const health = (await (await fetch(`${aws.url}/_slipway/health`)).json()) as { readonly clock: string };
  return Date.parse(health.clock);
}

const create = (...args: Parameters<typeof daily>) => scheduler.send(new CreateScheduleCommand(daily(...args)));
async function backups() {
  const { BackupSummaries = [] } = await dynamodb.send(new ListBackupsCommand({ TableName: "items" }));
  return BackupSummaries.filter(({ BackupName }) => BackupName?.startsWith(`${name}-`));
}

const refused = (error: Promise<unknown>) =>
  error.then(
    () => expect.fail("allowed"),
    (why: Error) => why,
  );

describe("a schedule", () => {
  test("makes a backup a day of a table, each of which can be restored", async () => {
    await create();
    expect(await backups()).toEqual([]);

    await aws.localAws.advanceClock(DAY_MS);
    const [backup] = await backups();
    expect(backup?.BackupName).toMatch(/^daily-\d+-[0-9a-f]{16}$/);
    expect(backup?.BackupCreationDateTime?.toISOString()).toMatch(/T03:00:0\d/);

    const TableName = "items-restored";
    await dynamodb.send(
      new RestoreTableFromBackupCommand({ BackupArn: backup?.BackupArn, TargetTableName: TableName }),
    );
    await expect
      .poll(async () => (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus)
      .toBe("ACTIVE");
    expect((await dynamodb.send(new ScanCommand({ TableName }))).Items).toEqual([{ id: { S: "first" } }]);
  });

  test("runs each of its times when the clock is moved over many", async () => {
    await create({ ScheduleExpression: "cron(0 0/6 * * ? *)", ScheduleExpressionTimezone: "Asia/Kathmandu" });
    await aws.localAws.advanceClock(3 * DAY_MS);
    const times = (await backups()).map(({ BackupCreationDateTime }) => BackupCreationDateTime?.toISOString() ?? "");
    expect(times).toHaveLength(12);
    // Six o'clock in Kathmandu is a quarter past twelve in Greenwich.
    expect(new Set(times.map((time) => time.slice(11, 16)))).toEqual(new Set(["00:15", "06:15", "12:15", "18:15"]));
  });

  test("reads as it was made, with what was left out as AWS fills it in", async () => {
    const StartDate = new Date(Math.ceil(Date.now() / 1000) * 1000 + 30 * DAY_MS);
    const EndDate = new Date(StartDate.getTime() + DAY_MS);
    const { ScheduleArn } = await create({ Description: "Daily", StartDate, EndDate });
    const read = await scheduler.send(new GetScheduleCommand({ Name: name, GroupName: "backups" }));
    expect(read).toMatchObject({
      ...{ Arn: ScheduleArn, Name: name, GroupName: "backups", Description: "Daily", StartDate, EndDate },
      ...{ State: "ENABLED", ScheduleExpressionTimezone: "UTC", ActionAfterCompletion: "NONE" },
      ...{ ScheduleExpression: "cron(0 3 * * ? *)", FlexibleTimeWindow: { Mode: "OFF" } },
      Target: {
        ...daily().Target,
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });
    expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/backups/${name}`);
  });

  test("does nothing while it is disabled, and does not make up for it", async () => {
    await create({ State: "DISABLED" });
    await aws.localAws.advanceClock(2 * DAY_MS);
    await scheduler.send(new UpdateScheduleCommand(daily()));
    expect(await backups()).toEqual([]);
    await aws.localAws.advanceClock(DAY_MS);
    expect(await backups()).toHaveLength(1);
  });

  test("of a rate runs at once, and then at its pace", async () => {
    await create({ ScheduleExpression: "rate(12 hours)" });
    await expect.poll(async () => (await backups()).length).toBe(1);
    await aws.localAws.advanceClock(DAY_MS);
    expect(await backups()).toHaveLength(3);
    // Another setting does not begin it anew.
    await scheduler.send(
      new UpdateScheduleCommand(daily({ ScheduleExpression: "rate(12 hours)", Description: "twice a day" })),
    );
    await aws.localAws.advanceClock(HOUR_MS);
    expect(await backups()).toHaveLength(3);
  });

  test("of one time runs once, and goes away if it was asked to", async () => {
    const at = new Date((await now()) + DAY_MS).toISOString().slice(0, 19);
    await create({ ScheduleExpression: `at(${at})`, ActionAfterCompletion: "DELETE" });
    await aws.localAws.advanceClock(2 * DAY_MS);
    expect(await backups()).toHaveLength(1);
    await expect(scheduler.send(new GetScheduleCommand({ Name: name, GroupName: "backups" }))).rejects.toThrow(
      expect.objectContaining({ name: "ResourceNotFoundException" }),
    );
  });

  test("calls whatever local AWS has, such as SQS", async () => {
    const sqs = new SQSClient(aws.client);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `told-${count}` }));
    const queue = `arn:aws:sqs:us-east-1:${ACCOUNT}:told-${count}`;
    const RoleArn = await role(`teller-${count}`, [{ Action: "sqs:SendMessage", Resource: queue }]);
    const Input = JSON.stringify({ QueueUrl, MessageBody: "<aws.scheduler.scheduled-time>" });
    await create({}, { Arn: "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", RoleArn, Input });
    await aws.localAws.advanceClock(DAY_MS);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body }) => Body)).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT03:00:00Z$/)]);
    sqs.destroy();
  });

  test("is made once by a request that was sent twice, and not by another of the same name", async () => {
    await create({ ClientToken: "token-1", State: "DISABLED" });
    await create({ ClientToken: "token-1", State: "DISABLED" });
    await expect(create({ ClientToken: "token-2" })).rejects.toMatchObject({ name: "ConflictException" });
    await scheduler.send(new DeleteScheduleCommand({ Name: name, GroupName: "backups" }));
    await expect(scheduler.send(new DeleteScheduleCommand({ Name: name, GroupName: "backups" }))).rejects.toMatchObject(
      { name: "ResourceNotFoundException" },
    );
  });
});

describe("a call that fails", () => {
  test("for lack of rights is tried again, and ends in the dead-letter queue", async () => {
    const sqs = new SQSClient(aws.client);
    const queue = `arn:aws:sqs:us-east-1:${ACCOUNT}:undone-${count}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `undone-${count}` }));
    const RoleArn = await role(`sender-${count}`, [{ Action: "sqs:SendMessage", Resource: queue }]);
    const RetryPolicy = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 };
    await create({}, { RoleArn, RetryPolicy, DeadLetterConfig: { Arn: queue } });
    await aws.localAws.advanceClock(DAY_MS);

    expect(await backups()).toEqual([]);
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
      SCHEDULE_ARN: `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/backups/${name}`,
      SCHEDULED_TIME: expect.stringMatching(/T03:00:00Z$/),
    });
    expect(Messages[0]?.Body).toBe(daily().Target?.Input);
    sqs.destroy();
  });

  test.each([
    ["throttle", 1, 3],
    // The call had its effect, and nobody heard of it: it is made again.
    ["lost-answer", 4, 0],
  ])("for a while (%s) is made up for", async (kind, made, throttled) => {
    await create();
    const StartTime = new Date(await now());
    const fault = { kind, service: "dynamodb", operation: "CreateBackup", remaining: 3 };
    const planted = await fetch(`${aws.url}/_slipway/faults`, {
      ...{ method: "POST", body: JSON.stringify(fault) },
      headers: { "x-slipway-control": "1" },
    });
    expect(planted.ok).toBe(true);
    await aws.localAws.advanceClock(DAY_MS);
    const times = (await backups()).map(({ BackupCreationDateTime }) => BackupCreationDateTime?.toISOString());
    expect(times).toHaveLength(made);
    // After 1, 2 and 4 minutes.
    expect(times.sort().at(-1)).toMatch(/T03:07:/);
    // As for requests from outside, who was asked counts what it refused.
    const refusals = { Namespace: "AWS/DynamoDB", MetricName: "ThrottledRequests", Period: 3600 };
    const cloudwatch = new CloudWatchClient(aws.client);
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        ...{ ...refusals, StartTime, EndTime: new Date(await now()), Statistics: ["Sum"] },
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

describe("what is not right is refused", () => {
  test.each<[string, Partial<CreateScheduleCommandInput>, object, RegExp]>([
    ["expression", { ScheduleExpression: "cron(0 3 * * *)" }, {}, /Invalid Schedule Expression cron\(0 3 \* \* \*\)\./],
    ["time zone", { ScheduleExpressionTimezone: "Europe/Nowhere" }, {}, /Europe\/Nowhere/],
    ["name", { Name: "a b" }, {}, /regular expression/],
    ["beginning", { StartDate: new Date(0) }, {}, /earlier than 5 minutes ago/],
    ["end", { EndDate: new Date(0) }, {}, /EndDate/],
    ["window", { FlexibleTimeWindow: { Mode: "FLEXIBLE" } }, {}, /MaximumWindowInMinutes/],
    ["key", { KmsKeyArn: "arn:aws:kms:us-east-1:000000000000:key/k" }, {}, /KmsKeyArn/],
    ["templated target", {}, { Arn: "arn:aws:lambda:us-east-1:000000000000:function:f" }, /universal targets/],
    ["reading action", {}, { Arn: "arn:aws:scheduler:::aws-sdk:dynamodb:listBackups" }, /only read/],
    [
      "service that is not here",
      {},
      { Arn: "arn:aws:scheduler:::aws-sdk:ec2:runInstances" },
      /does not have the service 'ec2'/,
    ],
    [
      "action that is none",
      {},
      { Arn: "arn:aws:scheduler:::aws-sdk:dynamodb:makeBackup" },
      /no operation 'makeBackup'/,
    ],
    ["request without a member", {}, { Input: '{"TableName":"t"}' }, /missing the following field\(s\): BackupName/],
    ["member that is none", {}, { Input: '{"TableName":"t","BackupName":"b","Retention":7}' }, /Retention/],
    ["input that is no object", {}, { Input: "[1]" }, /JSON object/],
    ["retry policy", {}, { RetryPolicy: { MaximumRetryAttempts: 186 } }, /between 0 and 185/],
    [
      "dead-letter queue",
      {},
      { DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:000000000000:q.fifo" } },
      /standard queue/,
    ],
    [
      "role that is not there",
      {},
      { RoleArn: `arn:aws:iam::${ACCOUNT}:role/nobody` },
      /must allow AWS EventBridge Scheduler/,
    ],
  ])("%s", async (_, more, target, words) => {
    await expect(create(more, target)).rejects.toThrow(
      expect.objectContaining({ name: "ValidationException", message: expect.stringMatching(words) }),
    );
  });

  test("a role that trusts another group, or a group that is not there", async () => {
    const RoleArn = await role(`stranger-${count}`, [], { "aws:SourceArn": `${GROUP}-other` });
    await expect(create({}, { RoleArn })).rejects.toThrow(/must allow AWS EventBridge Scheduler to assume the role/);
    await expect(create({ GroupName: "nowhere" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

test("schedules and groups are listed, tagged, and go together", async () => {
  const group = `group-${count}`;
  const { ScheduleGroupArn } = await scheduler.send(new CreateScheduleGroupCommand({ Name: group }));
  const RoleArn = await role(`lister-${count}`, [], { "aws:SourceArn": ScheduleGroupArn });
  for (const Name of ["a", "b", "c"]) {
    await create({ Name, GroupName: group }, { RoleArn });
  }
  const first = await scheduler.send(new ListSchedulesCommand({ GroupName: group, MaxResults: 2 }));
  const rest = await scheduler.send(new ListSchedulesCommand({ GroupName: group, NextToken: first.NextToken }));
  expect([first, rest].map(({ Schedules }) => Schedules?.map(({ Name }) => Name))).toEqual([["a", "b"], ["c"]]);
  expect(
    (await scheduler.send(new ListSchedulesCommand({ GroupName: group, NamePrefix: "b" }))).Schedules,
  ).toMatchObject([{ Name: "b", State: "ENABLED", Target: { Arn: daily().Target?.Arn } }]);
  const { ScheduleGroups } = await scheduler.send(new ListScheduleGroupsCommand({}));
  expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(expect.arrayContaining(["backups", "default", group]));

  const ResourceArn = ScheduleGroupArn ?? "";
  await scheduler.send(
    new TagResourceCommand({
      ResourceArn,
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    }),
  );
  await scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["a"] }));
  expect((await scheduler.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual([
    { Key: "b", Value: "2" },
  ]);

  await scheduler.send(new DeleteScheduleGroupCommand({ Name: group }));
  await expect(scheduler.send(new GetScheduleGroupCommand({ Name: group }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect((await scheduler.send(new ListSchedulesCommand({}))).Schedules?.map(({ Name }) => Name)).not.toContain("a");
  await expect(scheduler.send(new DeleteScheduleGroupCommand({ Name: "default" }))).rejects.toMatchObject({
    name: "ValidationException",
  });
});

test("who makes a schedule needs the right to, and the right to pass its role to EventBridge Scheduler", async () => {
  const schedule = `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/backups/*`;
  const as = async (...allowed: object[]) => {
    const name = `caller-${count}-${allowed.length}`;
    const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "sts:AssumeRole" };
    const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy(trust) }));
    const PolicyDocument = policy(...allowed.map((each) => ({ Effect: "Allow", ...each })));
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "p", PolicyDocument }));
    return sessionOf(`arn:aws:iam::${ACCOUNT}:role/${name}`);
  };
  const may = { Action: "scheduler:CreateSchedule", Resource: schedule };
  const passes = {
    ...{ Action: "iam:PassRole", Resource: roleArn },
    Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
  };

  const half = await as(may);
  const why = await refused(half.send(new CreateScheduleCommand(daily())));
  expect(why).toMatchObject({ name: "AccessDeniedException", message: expect.stringContaining("iam:PassRole") });
  const whole = await as(may, passes);
  await whole.send(new CreateScheduleCommand(daily({ State: "DISABLED" })));
  expect(await refused(whole.send(new GetScheduleCommand({ Name: name, GroupName: "backups" })))).toMatchObject({
    message: expect.stringContaining("scheduler:GetSchedule"),
  });
  half.destroy();
  whole.destroy();
});

async function sessionOf(RoleArn: string): Promise<SchedulerClient> {
  const sts = new STSClient(aws.client);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test" }));
  sts.destroy();
  return new SchedulerClient({
    ...{ ...aws.client, maxAttempts: 1 },
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    },
  });
}
