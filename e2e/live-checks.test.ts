import {
  APIGatewayClient,
  GetStageCommand,
  UpdateAccountCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, EnableKeyRotationCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import {
  CreateAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AwsLiveChecks } from "@slipway/aws/live-checks";
import { type LocalAws, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY, startLocalAws } from "@slipway/local-aws";
import { ReleaseError, type StateResource } from "@slipway/release-engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageOf } from "./support/bundle-function.ts";
import { createFunction } from "./support/create-function.ts";
import { createProxyApi } from "./support/create-proxy-api.ts";
import type { ClientSettings } from "./support/local-aws-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder("live-checks");
const CODE = "export const handler = async () => ({ statusCode: 200 });";

let localAws: LocalAws;
let client: ClientSettings;
let checks: AwsLiveChecks;

beforeAll(async () => {
  localAws = await startLocalAws({ port: 0, dataDir: folder.path });
  client = {
    region: "us-east-1",
    endpoint: localAws.endpoint,
    credentials: { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY },
  };
  checks = new AwsLiveChecks(client);
});

afterAll(async () => {
  checks?.close();
  await localAws?.stop();
  folder.remove();
});

/** What a look at a resource of the state shows, as `check status: found`. */
async function look(type: string, attributes: Readonly<Record<string, unknown>>, id?: string): Promise<string[]> {
  const resource: StateResource = { address: `${type}.it`, type, name: "it", id, attributes };
  expect(checks.knows(resource)).toBe(true);
  const findings = await checks.look(resource);
  for (const { status, next } of findings) {
    expect(next !== undefined).toBe(status !== "pass");
  }
  return findings.map(({ check, status, found }) => `${check} ${status}: ${found}`);
}

async function table(TableName: string, input: Partial<CreateTableCommandInput> = {}): Promise<void> {
  const dynamodb = new DynamoDBClient(client);
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
      ...input,
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 20, minDelay: 0.1 }, { TableName });
  if (input.DeletionProtectionEnabled === true) {
    const on = { PointInTimeRecoveryEnabled: true };
    await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: on }));
  }
  dynamodb.destroy();
}

const protectedTable = { deletion_protection_enabled: true, point_in_time_recovery: [{ enabled: true }] };

test("tables", async () => {
  await table("good", { SSESpecification: { Enabled: true, SSEType: "KMS" }, DeletionProtectionEnabled: true });
  await table("bad");

  expect(await look("aws_dynamodb_table", { name: "good", ...protectedTable })).toEqual([
    "table-active pass: good is ACTIVE",
    "table-recoverable pass: point-in-time recovery ENABLED, deletion protection on",
    expect.stringMatching(/^table-encrypted pass: arn:aws:kms:/),
  ]);
  expect(await look("aws_dynamodb_table", { name: "bad", ...protectedTable })).toEqual([
    "table-active pass: bad is ACTIVE",
    "table-recoverable fail: point-in-time recovery DISABLED, deletion protection off",
    "table-encrypted fail: encrypted with a key that DynamoDB owns",
  ]);
  expect((await look("aws_dynamodb_table", { name: "bad" }))[1]).toMatch(/^table-recoverable pass/);
});

test("functions, aliases and stages", async () => {
  const functionArn = await createFunction(client, { name: "api", code: CODE });
  const lambda = new LambdaClient(client);
  const FunctionName = "api";
  const first = await lambda.send(new PublishVersionCommand({ FunctionName }));
  const ZipFile = packageOf({ "index.mjs": `${CODE}\n// second` });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 0.1 }, { FunctionName });
  const alias = (Name: string, FunctionVersion: string | undefined, weights?: Record<string, number>) =>
    lambda.send(
      new CreateAliasCommand({
        ...{ FunctionName, Name, FunctionVersion },
        ...(weights === undefined ? {} : { RoutingConfig: { AdditionalVersionWeights: weights } }),
      }),
    );
  await alias("live", first.Version);
  await alias("latest", "$LATEST");
  await alias("canary", "1", { "2": 0.1 });
  lambda.destroy();
  const ofApi = { function_name: "api" };

  expect(await look("aws_lambda_function", ofApi)).toEqual([
    "function-active pass: state Active, last update Successful, nodejs22.x",
  ]);
  expect(await look("aws_lambda_alias", { ...ofApi, name: "live" })).toEqual([
    "alias-settled pass: live of api points to version 1",
  ]);
  expect(await look("aws_lambda_alias", { ...ofApi, name: "latest" })).toEqual([
    "alias-settled fail: latest of api points to version $LATEST",
  ]);
  expect(await look("aws_lambda_alias", { ...ofApi, name: "canary" })).toEqual([
    "alias-settled fail: canary of api points to version 1, and 10 % to 2",
  ]);

  const restApiId = await createProxyApi(client, { name: "api", functionArn, stage: "live" });
  const stage = { rest_api_id: restApiId, stage_name: "live" };
  const [deployed, bare] = await look("aws_api_gateway_stage", stage);
  expect(deployed).toMatch(new RegExp(`^stage-deployed pass: live of ${restApiId} serves deployment \\w+$`));
  expect(bare).toMatch(/^stage-throttled fail: .*access log none$/);

  await limitAndLog(restApiId);
  expect((await look("aws_api_gateway_stage", stage))[1]).toMatch(
    /^stage-throttled pass: 50 requests\/s, access log arn:aws:logs:us-east-1:000000000000:log-group:access$/,
  );
});

async function limitAndLog(restApiId: string): Promise<void> {
  const iam = new IAMClient(client);
  const gateway = new APIGatewayClient(client);
  const logs = new CloudWatchLogsClient(client);
  const trust = { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" };
  const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const RoleName = "gateway-logs";
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }));
  const PolicyDocument = document({ Effect: "Allow", Action: "logs:*", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "logs", PolicyDocument }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: "access" }));
  const op = "replace" as const;
  const account = [{ op, path: "/cloudwatchRoleArn", value: Role?.Arn }];
  await gateway.send(new UpdateAccountCommand({ patchOperations: account }));
  const patchOperations = [
    { op, path: "/*/*/throttling/rateLimit", value: "50" },
    { op, path: "/*/*/throttling/burstLimit", value: "100" },
    { op, path: "/accessLogSettings/destinationArn", value: "arn:aws:logs:us-east-1:000000000000:log-group:access" },
    { op, path: "/accessLogSettings/format", value: "$context.requestId" },
  ];
  const stage = { restApiId, stageName: "live" };
  await gateway.send(new UpdateStageCommand({ ...stage, patchOperations }));
  await gateway.send(new GetStageCommand(stage));
  for (const each of [iam, gateway, logs]) each.destroy();
}

test("buckets: one without any settings fails, and is not unknown", async () => {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  for (const Bucket of ["good-bucket", "bad-bucket"]) {
    await s3.send(new CreateBucketCommand({ Bucket }));
  }
  const Bucket = "good-bucket";
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: all }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: "bad-bucket" }));
  s3.destroy();

  expect(await look("aws_s3_bucket", { bucket: Bucket }, Bucket)).toEqual([
    "bucket-private pass: public access blocked by 4 of 4 settings, versioning Enabled, encryption AES256",
  ]);
  expect(await look("aws_s3_bucket", { bucket: "bad-bucket" }, "bad-bucket")).toEqual([
    "bucket-private fail: public access blocked by 0 of 4 settings, versioning off, encryption AES256",
  ]);
});

test("alarms", async () => {
  const cloudwatch = new CloudWatchClient(client);
  const alarm = (AlarmName: string, ActionsEnabled = true) =>
    cloudwatch.send(
      new PutMetricAlarmCommand({
        ...{ AlarmName, ActionsEnabled, Namespace: "Shop", MetricName: "Errors", Statistic: "Sum", Period: 60 },
        ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" },
      }),
    );
  await alarm("quiet");
  await alarm("loud");
  await alarm("muted", false);
  const state = { StateReason: "a test", StateValue: "ALARM" } as const;
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: "loud", ...state }));
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: "quiet", ...state, StateValue: "OK" }));
  cloudwatch.destroy();
  const lookAt = (alarm_name: string) => look("aws_cloudwatch_metric_alarm", { alarm_name }, alarm_name);

  expect(await lookAt("quiet")).toEqual(["alarm-quiet pass: quiet is OK"]);
  expect(await lookAt("loud")).toEqual(["alarm-quiet fail: loud is ALARM"]);
  expect(await lookAt("muted")).toEqual([expect.stringMatching(/^alarm-quiet fail: muted is .*its actions are off/)]);
  expect(await lookAt("gone")).toEqual(["alarm-quiet fail: gone is missing"]);
});

test("log groups", async () => {
  const logs = new CloudWatchLogsClient(client);
  // One that begins like another is not the other.
  for (const logGroupName of ["kept", "kept-for-ever"]) {
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
  }
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: "kept", retentionInDays: 30 }));
  logs.destroy();
  const lookAt = (name: string) => look("aws_cloudwatch_log_group", { name }, name);

  expect(await lookAt("kept")).toEqual(["logs-kept pass: kept keeps what is written for 30 days"]);
  expect(await lookAt("kept-for-ever")).toEqual(["logs-kept fail: kept-for-ever keeps what is written for ever"]);
  expect(await lookAt("kept-for")).toEqual(["logs-kept fail: kept-for is missing"]);
});

test("keys", async () => {
  const kms = new KMSClient(client);
  const key = async () => (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? "";
  const [good, idle, gone] = [await key(), await key(), await key()];
  await kms.send(new EnableKeyRotationCommand({ KeyId: good }));
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: gone, PendingWindowInDays: 7 }));
  kms.destroy();

  expect(await look("aws_kms_key", {}, good)).toEqual(["key-usable pass: state Enabled, rotation on"]);
  expect(await look("aws_kms_key", {}, idle)).toEqual(["key-usable fail: state Enabled, rotation off"]);
  expect(await look("aws_kms_key", {}, gone)).toEqual(["key-usable fail: state PendingDeletion"]);
});

test("queues", async () => {
  const sqs = new SQSClient(client);
  const queue = async (QueueName: string) => (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? "";
  const [empty, full] = [await queue("empty"), await queue("full")];
  await sqs.send(new SendMessageCommand({ QueueUrl: full, MessageBody: "a failure" }));
  sqs.destroy();

  expect(await look("aws_sqs_queue", {}, empty)).toEqual(["queue-empty pass: 0 messages wait"]);
  expect(await look("aws_sqs_queue", {}, full)).toEqual(["queue-empty fail: 1 message waits"]);
});

describe("what is not there", () => {
  test.each<[string, Record<string, unknown>, string | undefined]>([
    ["aws_dynamodb_table", { name: "gone" }, undefined],
    ["aws_lambda_function", { function_name: "gone" }, undefined],
    ["aws_lambda_alias", { function_name: "gone", name: "live" }, undefined],
    ["aws_api_gateway_stage", { rest_api_id: "gone", stage_name: "live" }, undefined],
    ["aws_s3_bucket", { bucket: "gone" }, undefined],
    ["aws_kms_key", {}, "00000000-0000-4000-8000-000000000000"],
    ["aws_sqs_queue", {}, "http://127.0.0.1/000000000000/gone"],
  ])("%s is not found: that is an answer, and no lack of one", async (type, attributes, id) => {
    const looked = look(type, attributes, id);
    await expect(looked).rejects.toThrow(ReleaseError);
    await expect(looked).rejects.toMatchObject({ kind: "not-found", what: expect.stringContaining(`${type}.it`) });
  });

  test("a resource that nobody looks at is not asked about", () => {
    expect(checks.knows({ address: "x", type: "aws_iam_policy", name: "x", attributes: {} })).toBe(false);
    expect(checks.knows({ address: "x", type: "toString", name: "x", attributes: {} })).toBe(false);
  });

  test("nobody there at all is unreachable, and soon known", async () => {
    const nobody = new AwsLiveChecks({ ...client, endpoint: "http://127.0.0.1:1" });
    const resource = { address: "t", type: "aws_dynamodb_table", name: "t", attributes: { name: "t" } };
    await expect(nobody.look(resource)).rejects.toMatchObject({ kind: "unreachable" });
    nobody.close();
  });
});
