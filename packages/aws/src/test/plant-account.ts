import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import {
  CloudWatchClient,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutQueryDefinitionCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateBackupCommand, CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateScheduleCommand, CreateScheduleGroupCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { packageFunction } from "@slipway/release-engine";
import { temporaryFolder } from "@slipway/testing";
import type { LocalAwsFixture } from "./local-aws-fixture.ts";

type ClientSettings = LocalAwsFixture["client"];

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: ["lambda.amazonaws.com", "scheduler.amazonaws.com"] },
      Action: "sts:AssumeRole",
    },
  ],
});
const READ_LOGS = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "logs:GetLogEvents", Resource: "*" }],
});
const tags = { team: "parcels" };
const Tags = [{ Key: "team", Value: "parcels" }];

/** Makes one or a few of every type of resource that a scan knows, each with what sets it apart; most have the tag `team: parcels`. */
export async function plantAccount(client: ClientSettings): Promise<void> {
  await Promise.all(
    [plantData, plantIdentities, plantKeys, plantMonitoring, plantApis, plantMessages].map((plant) => plant(client)),
  );
  await plantFunction(client);
  await plantSchedule(client);
}

async function plantData(client: ClientSettings): Promise<void> {
  const dynamodb = new DynamoDBClient(client);
  const key = (name: string) => [{ AttributeName: name, KeyType: "HASH" as const }];
  const ProvisionedThroughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 2 };
  const names = ["id", "status"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const }));
  await dynamodb.send(
    new CreateTableCommand({
      ...{ TableName: "provisioned", KeySchema: key("id"), AttributeDefinitions: names, ProvisionedThroughput, Tags },
      DeletionProtectionEnabled: true,
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-status",
          KeySchema: key("status"),
          Projection: { ProjectionType: "ALL" },
          ProvisionedThroughput,
        },
      ],
    }),
  );
  await dynamodb.send(
    new CreateTableCommand({
      ...{ TableName: "on-demand", KeySchema: key("id"), AttributeDefinitions: names.slice(0, 1) },
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await dynamodb.send(new CreateBackupCommand({ TableName: "on-demand", BackupName: "before" }));
  dynamodb.destroy();

  const s3 = new S3Client({ ...client, forcePathStyle: true });
  for (const Bucket of ["empty", "full"]) {
    await s3.send(new CreateBucketCommand({ Bucket }));
  }
  const Bucket = "full";
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: Tags } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "12345" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "123" }));
  s3.destroy();
}

async function plantIdentities(client: ClientSettings): Promise<void> {
  const iam = new IAMClient(client);
  const role = (RoleName: string, Path = "/") =>
    iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: TRUST, Tags }));
  await role("worker");
  await role("reserved", "/aws-reserved/sso.amazonaws.com/");
  const made = async (PolicyName: string) =>
    (await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: READ_LOGS, Tags }))).Policy?.Arn;
  const PolicyArn = await made("attached");
  await made("idle");
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: READ_LOGS, SetAsDefault: true }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "worker", PolicyArn }));
  await iam.send(new PutRolePolicyCommand({ RoleName: "worker", PolicyName: "own", PolicyDocument: READ_LOGS }));
  await iam.send(new CreateOpenIDConnectProviderCommand({ Url: "https://ci.example.com", ClientIDList: ["a"], Tags }));
  iam.destroy();
}

async function plantKeys(client: ClientSettings): Promise<void> {
  const kms = new KMSClient(client);
  const made = async (Description: string) =>
    (await kms.send(new CreateKeyCommand({ Description, Tags: [{ TagKey: "about", TagValue: Description }] })))
      .KeyMetadata?.KeyId;
  await made("used");
  await kms.send(new DisableKeyCommand({ KeyId: await made("disabled") }));
  const leaving = await made("leaving");
  await kms.send(new CreateAliasCommand({ AliasName: "alias/leaving", TargetKeyId: leaving }));
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: leaving, PendingWindowInDays: 7 }));
  kms.destroy();
}

async function plantMonitoring(client: ClientSettings): Promise<void> {
  const cloudwatch = new CloudWatchClient(client);
  const condition = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" as const };
  const metric = { Namespace: "Shop", MetricName: "Errors", Statistic: "Sum" as const };
  await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: "fast", ...condition, ...metric, Period: 10, Tags }));
  const watched = ["a", "b"].map((Id) => ({
    ...{ Id, ReturnData: false },
    MetricStat: { Metric: { Namespace: "Shop", MetricName: Id }, Period: 60, Stat: "Sum" },
  }));
  const Metrics = [...watched, { Id: "e", Expression: "a / b", ReturnData: true }];
  await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: "ratio", ...condition, Metrics }));
  const state = { StateValue: "OK", StateReason: "a test" } as const;
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: "ratio", ...state }));
  await cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: "all", AlarmRule: "ALARM(fast)" }));
  const DashboardBody = JSON.stringify({ widgets: [] });
  await cloudwatch.send(new PutDashboardCommand({ DashboardName: "overview", DashboardBody }));
  cloudwatch.destroy();

  const logs = new CloudWatchLogsClient(client);
  for (const logGroupName of ["/team/quiet", "/team/busy", "/aws/apigateway/welcome"]) {
    await logs.send(new CreateLogGroupCommand({ logGroupName, tags }));
  }
  const stream = { logGroupName: "/team/busy", logStreamName: "one" };
  await logs.send(new CreateLogStreamCommand(stream));
  await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message: "hello" }] }));
  await logs.send(new PutQueryDefinitionCommand({ name: "slowest", queryString: "fields @message" }));
  logs.destroy();
}

async function plantApis(client: ClientSettings): Promise<void> {
  const gateway = new APIGatewayClient(client);
  await gateway.send(new CreateRestApiCommand({ name: "parcels", tags }));
  await gateway.send(new CreateApiKeyCommand({ name: "partner", enabled: true, tags }));
  await gateway.send(new CreateApiKeyCommand({ name: "former", enabled: false }));
  await gateway.send(new CreateUsagePlanCommand({ name: "gold", tags }));
  gateway.destroy();
}

async function plantMessages(client: ClientSettings): Promise<void> {
  const sns = new SNSClient(client);
  await sns.send(new CreateTopicCommand({ Name: "news", Tags }));
  sns.destroy();
  const sqs = new SQSClient(client);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "orders", tags }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  sqs.destroy();
}

async function plantFunction(client: ClientSettings): Promise<void> {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "index.mjs"), "export const handler = async () => 'hello';\n");
  const { bytes: ZipFile } = await packageFunction(folder.path);
  const lambda = new LambdaClient(client);
  await lambda.send(
    new CreateFunctionCommand({
      ...{ FunctionName: "api", Runtime: "nodejs22.x", Handler: "index.handler", Tags: tags },
      ...{ Role: "arn:aws:iam::000000000000:role/worker", Code: { ZipFile } },
    }),
  );
  lambda.destroy();
}

async function plantSchedule(client: ClientSettings): Promise<void> {
  const scheduler = new SchedulerClient(client);
  await scheduler.send(new CreateScheduleGroupCommand({ Name: "exports", Tags }));
  await scheduler.send(
    new CreateScheduleCommand({
      ...{ GroupName: "exports", Name: "nightly", State: "DISABLED", ScheduleExpression: "cron(0 3 * * ? *)" },
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: "arn:aws:scheduler:::aws-sdk:dynamodb:createBackup",
        RoleArn: "arn:aws:iam::000000000000:role/worker",
        Input: JSON.stringify({ TableName: "on-demand", BackupName: "nightly" }),
      },
    }),
  );
  scheduler.destroy();
}
