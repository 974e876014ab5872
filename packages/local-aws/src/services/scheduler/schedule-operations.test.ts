import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-scheduler";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { ACCOUNT, GROUP, schedulerLab } from "./test/scheduler-lab.ts";

const lab = schedulerLab();

const refused = (error: Promise<unknown>) =>
  error.then(
    () => expect.fail("allowed"),
    (why: Error) => why,
  );

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
    await expect(lab.create(more, target)).rejects.toThrow(
      expect.objectContaining({ name: "ValidationException", message: expect.stringMatching(words) }),
    );
  });

  test("a role that trusts another group, or a group that is not there", async () => {
    const RoleArn = await lab.role(`stranger-${lab.count}`, [], { "aws:SourceArn": `${GROUP}-other` });
    await expect(lab.create({}, { RoleArn })).rejects.toThrow(
      /must allow AWS EventBridge Scheduler to assume the role/,
    );
    await expect(lab.create({ GroupName: "nowhere" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

test("schedules and groups are listed, tagged, and go together", async () => {
  const group = `group-${lab.count}`;
  const { ScheduleGroupArn } = await lab.scheduler.send(new CreateScheduleGroupCommand({ Name: group }));
  const RoleArn = await lab.role(`lister-${lab.count}`, [], { "aws:SourceArn": ScheduleGroupArn });
  for (const Name of ["a", "b", "c"]) {
    await lab.create({ Name, GroupName: group }, { RoleArn });
  }
  const first = await lab.scheduler.send(new ListSchedulesCommand({ GroupName: group, MaxResults: 2 }));
  const rest = await lab.scheduler.send(new ListSchedulesCommand({ GroupName: group, NextToken: first.NextToken }));
  expect([first, rest].map(({ Schedules }) => Schedules?.map(({ Name }) => Name))).toEqual([["a", "b"], ["c"]]);
  expect(
    (await lab.scheduler.send(new ListSchedulesCommand({ GroupName: group, NamePrefix: "b" }))).Schedules,
  ).toMatchObject([{ Name: "b", State: "ENABLED", Target: { Arn: lab.daily().Target?.Arn } }]);
  const { ScheduleGroups } = await lab.scheduler.send(new ListScheduleGroupsCommand({}));
  expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(expect.arrayContaining(["backups", "default", group]));

  const ResourceArn = ScheduleGroupArn ?? "";
  await lab.scheduler.send(
    new TagResourceCommand({
      ResourceArn,
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    }),
  );
  await lab.scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["a"] }));
  expect((await lab.scheduler.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual([
    { Key: "b", Value: "2" },
  ]);

  await lab.scheduler.send(new DeleteScheduleGroupCommand({ Name: group }));
  await expect(lab.scheduler.send(new GetScheduleGroupCommand({ Name: group }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect((await lab.scheduler.send(new ListSchedulesCommand({}))).Schedules?.map(({ Name }) => Name)).not.toContain(
    "a",
  );
  await expect(lab.scheduler.send(new DeleteScheduleGroupCommand({ Name: "default" }))).rejects.toMatchObject({
    name: "ValidationException",
  });
});

test("who makes a schedule needs the right to, and the right to pass its role to EventBridge Scheduler", async () => {
  const schedule = `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/backups/*`;
  const as = async (...allowed: object[]) => {
    const name = `caller-${lab.count}-${allowed.length}`;
    const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "sts:AssumeRole" };
    const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
    await lab.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy(trust) }));
    const PolicyDocument = policy(...allowed.map((each) => ({ Effect: "Allow", ...each })));
    await lab.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "p", PolicyDocument }));
    return sessionOf(`arn:aws:iam::${ACCOUNT}:role/${name}`);
  };
  const may = { Action: "scheduler:CreateSchedule", Resource: schedule };
  const passes = {
    ...{ Action: "iam:PassRole", Resource: lab.roleArn },
    Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
  };

  const half = await as(may);
  const why = await refused(half.send(new CreateScheduleCommand(lab.daily())));
  expect(why).toMatchObject({ name: "AccessDeniedException", message: expect.stringContaining("iam:PassRole") });
  const whole = await as(may, passes);
  await whole.send(new CreateScheduleCommand(lab.daily({ State: "DISABLED" })));
  expect(await refused(whole.send(new GetScheduleCommand({ Name: lab.name, GroupName: "backups" })))).toMatchObject({
    message: expect.stringContaining("scheduler:GetSchedule"),
  });
  half.destroy();
  whole.destroy();
});

async function sessionOf(RoleArn: string): Promise<SchedulerClient> {
  const sts = new STSClient(lab.aws.client);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test" }));
  sts.destroy();
  return new SchedulerClient({
    ...{ ...lab.aws.client, maxAttempts: 1 },
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    },
  });
}
