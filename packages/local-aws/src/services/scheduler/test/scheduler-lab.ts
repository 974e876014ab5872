import {
  type BackupSummary,
  CreateTableCommand,
  DynamoDBClient,
  ListBackupsCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  type CreateScheduleCommandOutput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { startEndpoint, type TestEndpoint } from "../../../test/start-endpoint.ts";

export const ACCOUNT = "000000000000";
/** Of the group `backups`, which is there. */
export const GROUP = `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule-group/backups`;
export const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/items`;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** EventBridge Scheduler with a group `backups` and a table `items`, and a role that may back that up. */
export interface SchedulerLab {
  readonly aws: TestEndpoint;
  readonly scheduler: SchedulerClient;
  readonly dynamodb: DynamoDBClient;
  readonly iam: IAMClient;
  /** Of the test that runs: no other has it. */
  readonly count: number;
  /** Of the schedule of the test that runs. */
  readonly name: string;
  readonly roleArn: string;
  /** Makes a role that EventBridge Scheduler may assume. */
  role(name: string, allowed: object[], trusted?: object): Promise<string>;
  /** A schedule that makes a backup a day. */
  daily(more?: Partial<CreateScheduleCommandInput>, target?: object): CreateScheduleCommandInput;
  create(more?: Partial<CreateScheduleCommandInput>, target?: object): Promise<CreateScheduleCommandOutput>;
  /** Those that the schedule of the test that runs has made. */
  backups(): Promise<BackupSummary[]>;
  /** On the clock of local AWS. */
  now(): Promise<number>;
}

/** Is there for the tests of the file that calls it, each of which begins without schedules. */
export function schedulerLab(): SchedulerLab {
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

  return {
    get aws() {
      return aws;
    },
    get scheduler() {
      return scheduler;
    },
    get dynamodb() {
      return dynamodb;
    },
    get iam() {
      return iam;
    },
    get count() {
      return count;
    },
    get name() {
      return name;
    },
    get roleArn() {
      return roleArn;
    },
    ...{ role, daily, create, backups, now },
  };
}
