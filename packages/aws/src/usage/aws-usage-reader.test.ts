import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import {
  CloudWatchClient,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateBackupCommand,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateAliasCommand, CreateKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { ObservedUsage, ResourceUsage } from "@slipway/analysis";
import { type StateResource, systemClock } from "@slipway/release-engine";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { AwsUsageReader } from "./aws-usage-reader.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let aws: LocalAwsFixture;
let reader: AwsUsageReader;

beforeAll(async () => {
  aws = await localAwsFixture();
  reader = new AwsUsageReader({ ...aws.client, clock: systemClock, signal: new AbortController().signal });
});

afterAll(() => aws?.close());

afterEach(() => aws.clearFaults());

/** A resource as a state has it. */
function stated(type: string, attributes: Readonly<Record<string, unknown>>, id?: string, arn?: string): StateResource {
  return { address: `${type}.it`, type, name: "it", id, arn, attributes };
}

function observe(resources: readonly StateResource[], { days = 1, environment = "prod" } = {}): Promise<ObservedUsage> {
  const to = Date.now() + 60_000;
  return reader.observe({ environment, resources, window: { from: to - days * DAY_MS, to } });
}

/** What is seen of one resource. */
async function see(resource: StateResource, options?: { days: number }): Promise<ResourceUsage | undefined> {
  const { resources } = await observe([resource], options);
  return resources.find(({ address }) => address === resource.address);
}

describe("tables", () => {
  let dynamodb: DynamoDBClient;

  beforeAll(async () => {
    dynamodb = new DynamoDBClient(aws.client);
    const keys = (name: string) => [{ AttributeName: name, KeyType: "HASH" as const }];
    const throughput = { ReadCapacityUnits: 3, WriteCapacityUnits: 2 };
    await dynamodb.send(
      new CreateTableCommand({
        TableName: "provisioned",
        KeySchema: keys("id"),
        AttributeDefinitions: ["id", "status"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        ProvisionedThroughput: throughput,
        GlobalSecondaryIndexes: [
          {
            IndexName: "by-status",
            KeySchema: keys("status"),
            Projection: { ProjectionType: "ALL" },
            ProvisionedThroughput: throughput,
          },
        ],
      }),
    );
    const recovery = { PointInTimeRecoveryEnabled: true };
    const TableName = "provisioned";
    await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: recovery }));
    await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "1" }, status: { S: "active" } } }));
    await dynamodb.send(new CreateBackupCommand({ TableName, BackupName: "before" }));
  });

  afterAll(() => dynamodb.destroy());

  const table = (name: string) => stated("aws_dynamodb_table", { name }, name);

  test("capacity is that of the table and its indexes; recovery and backups have a size", async () => {
    const usage = await see(table("provisioned"));

    expect(usage).toMatchObject({
      kind: "table",
      billing: "provisioned",
      provisioned: { reads: 6, writes: 4 },
      isStandardClass: true,
      recoverableBytes: { value: expect.any(Number) },
      backupBytes: { value: expect.any(Number) },
      capacity: { periodSeconds: 60, series: [{ of: "provisioned" }, { of: "provisioned/by-status" }] },
    });
  });

  test.each([
    [15, 60],
    [30, 300],
    [90, 3600],
  ])("over %i days it asks for periods of %i s: CloudWatch does not keep finer ones", async (days, periodSeconds) => {
    expect(await see(table("provisioned"), { days })).toMatchObject({ capacity: { periodSeconds } });
  });

  test("one that is gone is missing, and one that cannot be seen is a gap: neither is free", async () => {
    expect(await see(table("gone"))).toEqual({
      kind: "missing",
      address: "aws_dynamodb_table.it",
      type: "aws_dynamodb_table",
      name: "gone",
    });

    await aws.plantFault({ kind: "error", service: "dynamodb", operation: "DescribeTable" });
    const { resources, gaps } = await observe([table("provisioned")]);
    expect(resources).toMatchObject([
      { kind: "unreadable", why: expect.stringMatching(/^dynamodb:DescribeTable failed for the table provisioned: /) },
    ]);
    expect(gaps).toHaveLength(1);
  });

  test("where metrics, recovery or backups cannot be read, their amounts are unknown and not 0", async () => {
    for (const [service, operation] of [
      ["monitoring", "GetMetricData"],
      ["dynamodb", "DescribeContinuousBackups"],
      ["dynamodb", "ListBackups"],
    ]) {
      await aws.plantFault({ kind: "error", service, operation });
    }

    const { resources, gaps } = await observe([table("provisioned")]);

    expect(resources).toMatchObject([
      {
        kind: "table",
        readUnits: { unknown: expect.stringContaining("cloudwatch:GetMetricData failed") },
        writeUnits: { unknown: expect.stringContaining("cloudwatch:GetMetricData failed") },
        recoverableBytes: { unknown: expect.stringContaining("dynamodb:DescribeContinuousBackups failed") },
        backupBytes: { unknown: expect.stringContaining("dynamodb:ListBackups failed") },
        capacity: undefined,
      },
    ]);
    expect(gaps).toHaveLength(3);
  });
});

describe("buckets", () => {
  let s3: S3Client;
  const bucket = (name: string) => stated("aws_s3_bucket", { bucket: name }, name);

  beforeAll(async () => {
    s3 = new S3Client({ ...aws.client, forcePathStyle: true });
    for (const Bucket of ["fresh", "measured"]) {
      await s3.send(new CreateBucketCommand({ Bucket }));
    }
    await s3.send(new PutBucketVersioningCommand({ Bucket: "fresh", VersioningConfiguration: { Status: "Enabled" } }));
    await s3.send(new PutObjectCommand({ Bucket: "fresh", Key: "a", Body: "12345" }));
    await s3.send(new PutObjectCommand({ Bucket: "fresh", Key: "a", Body: "123" }));
  });

  afterAll(() => s3.destroy());

  test("what S3 has not measured is listed, with its old versions; requests that nobody counts are unknown", async () => {
    const unknown = "S3 counts requests only where request metrics are switched on";

    expect(await see(bucket("fresh"))).toMatchObject({
      kind: "bucket",
      createdAt: expect.any(Number),
      standardBytes: { value: 8 },
      otherStorage: [],
      writeRequests: { unknown },
      readRequests: { unknown },
    });
  });

  test("is missing when it is gone, and unreadable when S3 does not answer", async () => {
    expect(await see(bucket("gone"))).toMatchObject({ kind: "missing", name: "gone" });

    await aws.plantFault({ kind: "error", service: "s3", operation: "HeadBucket" });
    expect(await see(bucket("fresh"))).toMatchObject({
      kind: "unreadable",
      why: expect.stringContaining("s3:ListBucket"),
    });
  });

  test("a size that can neither be measured nor listed is unknown", async () => {
    await aws.plantFault({ kind: "error", service: "s3", operation: "ListObjectVersions" });

    expect(await see(bucket("fresh"))).toMatchObject({
      standardBytes: { unknown: expect.stringContaining("s3:ListBucketVersions failed") },
    });

    await aws.plantFault({ kind: "error", service: "monitoring", operation: "ListMetrics" });
    expect(await see(bucket("fresh"))).toMatchObject({
      standardBytes: { unknown: expect.stringContaining("cloudwatch:ListMetrics failed") },
      writeRequests: { unknown: expect.stringContaining("cloudwatch:ListMetrics failed") },
    });
  });
});

describe("alarms and dashboards", () => {
  let cloudwatch: CloudWatchClient;
  const alarm = (name: string) => stated("aws_cloudwatch_metric_alarm", { alarm_name: name }, name);

  beforeAll(async () => {
    cloudwatch = new CloudWatchClient(aws.client);
    const condition = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" as const };
    const metric = { Namespace: "Shop", MetricName: "Errors" };
    await cloudwatch.send(
      new PutMetricAlarmCommand({ AlarmName: "fast", ...condition, ...metric, Statistic: "Sum", Period: 10 }),
    );
    const watched = (Id: string, Period: number) => ({
      ...{ Id, ReturnData: false },
      MetricStat: { Metric: metric, Period, Stat: "Sum" },
    });
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        ...{ AlarmName: "ratio", ...condition },
        Metrics: [watched("a", 60), watched("b", 60), { Id: "e", Expression: "a / b", ReturnData: true }],
      }),
    );
    await cloudwatch.send(
      new PutCompositeAlarmCommand({ AlarmName: "both", AlarmRule: "ALARM(fast) OR ALARM(ratio)" }),
    );
    const DashboardBody = JSON.stringify({ widgets: [] });
    await cloudwatch.send(new PutDashboardCommand({ DashboardName: "overview-of-all", DashboardBody }));
  });

  afterAll(() => cloudwatch.destroy());

  test("count the metrics that they read, and say which are of high resolution", async () => {
    expect(await see(alarm("fast"))).toMatchObject({ kind: "alarm", metrics: 1, isHighResolution: true });
    expect(await see(alarm("ratio"))).toMatchObject({ kind: "alarm", metrics: 2, isHighResolution: false });
    const both = stated("aws_cloudwatch_composite_alarm", { alarm_name: "both" }, "both");
    expect(await see(both)).toMatchObject({
      kind: "alarm",
      isComposite: true,
      metrics: 0,
      withoutDataSince: undefined,
    });
    expect(await see(alarm("gone"))).toMatchObject({ kind: "missing" });
  });

  test("without data are those that had none in the whole window, not those that are young", async () => {
    expect(await see(alarm("fast"))).toMatchObject({ withoutDataSince: undefined });

    const from = Date.now() + HOUR_MS;
    const window = { from, to: from + HOUR_MS };
    const { resources } = await reader.observe({ environment: "prod", resources: [alarm("fast")], window });

    expect(resources).toMatchObject([{ withoutDataSince: expect.any(Number) }]);
  });

  test("a dashboard whose name only begins like another's is missing", async () => {
    const dashboard = (name: string) => stated("aws_cloudwatch_dashboard", { dashboard_name: name }, name);

    expect(await see(dashboard("overview-of-all"))).toMatchObject({ kind: "dashboard" });
    expect(await see(dashboard("overview"))).toMatchObject({ kind: "missing" });

    await aws.plantFault({ kind: "error", service: "monitoring", operation: "ListDashboards" });
    expect(await see(dashboard("overview-of-all"))).toMatchObject({ kind: "unreadable" });
  });

  test("custom metrics count when they are the environment's, and the others are told of", async () => {
    const put = (Namespace: string, MetricName: string, dimension?: readonly [Name: string, Value: string]) => {
      const Dimensions = dimension === undefined ? [] : [{ Name: dimension[0], Value: dimension[1] }];
      return cloudwatch.send(
        new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value: 1, Dimensions }] }),
      );
    };
    await put("Shop", "Baskets", ["Environment", "qa"]);
    await put("Shop", "Baskets", ["Environment", "dev"]);
    await put("Shop", "Colds", ["FunctionName", "api"]);
    await put("Shop", "Lost");
    const filter = stated("aws_cloudwatch_log_metric_filter", {
      metric_transformation: [{ namespace: "Shop", name: "Lost" }],
    });
    const func = stated("aws_lambda_function", { function_name: "api" });

    const { resources, notes } = await observe([filter, func], { environment: "qa" });

    expect(resources).toContainEqual(
      expect.objectContaining({ kind: "custom-metrics", name: "custom metrics of qa", count: { value: 3 } }),
    );
    expect(notes).toEqual(["1 custom metric names nothing of qa in the dimensions, and so is not counted here."]);
  });
});

describe("messages", () => {
  test("a topic is charged for what it delivers to people, a queue for its requests", async () => {
    const sns = new SNSClient(aws.client);
    const sqs = new SQSClient(aws.client);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
    const topic = stated("aws_sns_topic", {}, TopicArn, TopicArn);
    const queue = stated("aws_sqs_queue", { url: QueueUrl }, QueueUrl);
    const subscribe = (Protocol: string, Endpoint: string) =>
      sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
    await subscribe("email", "on-call@example.com");
    await subscribe("sqs", "arn:aws:sqs:us-east-1:000000000000:orders");
    await sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));

    expect(await see(topic)).toMatchObject({ kind: "topic", name: "news" });
    expect(await see(queue)).toMatchObject({ kind: "queue", name: "orders", isFifo: false });
    const gone = "arn:aws:sns:us-east-1:000000000000:gone";
    expect(await see(stated("aws_sns_topic", {}, gone, gone))).toMatchObject({ kind: "missing", name: "gone" });
    const noQueue = `${aws.localAws.endpoint}/000000000000/gone`;
    expect(await see(stated("aws_sqs_queue", {}, noQueue))).toMatchObject({ kind: "missing", name: "gone" });

    await aws.plantFault({ kind: "error", service: "sns", operation: "GetTopicAttributes" });
    await aws.plantFault({ kind: "error", service: "sqs", operation: "GetQueueAttributes" });
    expect(await see(topic)).toMatchObject({ kind: "unreadable" });
    expect(await see(queue)).toMatchObject({ kind: "unreadable" });
    sns.destroy();
    sqs.destroy();
  });
});

describe("keys", () => {
  test("are named by their alias, and say whether they are on their way out", async () => {
    const kms = new KMSClient(aws.client);
    const made = async () => (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? "";
    const [used, leaving] = [await made(), await made()];
    await kms.send(new CreateAliasCommand({ AliasName: "alias/tables", TargetKeyId: used }));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: leaving, PendingWindowInDays: 7 }));
    kms.destroy();
    const key = (id: string) => stated("aws_kms_key", {}, id);
    const alias = stated("aws_kms_alias", { name: "alias/tables", target_key_id: used });

    const { resources, free } = await observe([key(used), alias]);

    expect(resources).toMatchObject([{ kind: "key", name: "alias/tables", state: "enabled", rotations: { value: 0 } }]);
    expect(free).toEqual({ aws_kms_alias: 1 });
    expect(await see(key(leaving))).toMatchObject({ kind: "key", name: leaving, state: "pending-deletion" });
    expect(await see(key("00000000-0000-4000-8000-000000000000"))).toMatchObject({ kind: "missing" });
    await aws.plantFault({ kind: "error", service: "kms", operation: "DescribeKey" });
    expect(await see(key(used))).toMatchObject({ kind: "unreadable" });
  });

  test("that are old enough are asked how often they were rotated", async () => {
    const kms = new KMSClient(aws.client);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    kms.destroy();
    const to = Date.now() + 200 * DAY_MS;

    const { resources, gaps } = await reader.observe({
      environment: "prod",
      resources: [stated("aws_kms_key", {}, KeyMetadata?.KeyId)],
      window: { from: to - DAY_MS, to },
    });

    // Local AWS does not rotate keys by the calendar, and says so: no number, and no gap either.
    const unknown = expect.stringContaining("kms:ListKeyRotations is not there");
    expect(resources).toMatchObject([{ kind: "key", rotations: { unknown } }]);
    expect(gaps).toEqual([]);
  });
});

describe("APIs and log groups", () => {
  test("an API brings the log groups that were made for its stages", async () => {
    const gateway = new APIGatewayClient(aws.client);
    const logs = new CloudWatchLogsClient(aws.client);
    const { id: restApiId = "" } = await gateway.send(new CreateRestApiCommand({ name: "parcels" }));
    const { items = [] } = await gateway.send(new GetResourcesCommand({ restApiId }));
    const method = { restApiId, resourceId: items[0]?.id, httpMethod: "GET" };
    await gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await gateway.send(new PutIntegrationCommand({ ...method, type: "MOCK" }));
    await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: "live" }));
    const made = `API-Gateway-Execution-Logs_${restApiId}/live`;
    await logs.send(new CreateLogGroupCommand({ logGroupName: made }));
    await logs.send(new CreateLogGroupCommand({ logGroupName: "kept" }));
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: "kept", retentionInDays: 7 }));
    const api = stated("aws_api_gateway_rest_api", { name: "parcels" }, restApiId);
    const group = (name: string) => stated("aws_cloudwatch_log_group", { name }, name);

    const { resources, gaps } = await observe([api, group("kept")]);

    expect(resources).toMatchObject([
      { kind: "rest-api", name: "parcels", requests: { value: 0 }, cachedStages: [] },
      { kind: "log-group", name: "kept", retentionDays: 7, isInfrequentAccess: false },
      { kind: "log-group", name: made, address: undefined, retentionDays: undefined },
    ]);
    expect(gaps).toEqual([]);
    expect(await see(group("gone"))).toMatchObject({ kind: "missing" });
    expect(await see(stated("aws_api_gateway_rest_api", { name: "gone" }, "gone"))).toMatchObject({ kind: "missing" });

    await aws.plantFault({ kind: "error", service: "apigateway", operation: "GetRestApi" });
    await aws.plantFault({ kind: "error", service: "logs", operation: "DescribeLogGroups" });
    expect(await see(api)).toMatchObject({ kind: "unreadable", why: expect.stringContaining("apigateway:GET failed") });
    expect(await see(group("kept"))).toMatchObject({ kind: "unreadable" });
    gateway.destroy();
    logs.destroy();
  });

  test("what costs nothing and what nobody knows the price of are counted apart", async () => {
    const { free, unpriced, resources } = await observe([
      stated("aws_iam_role", {}),
      stated("aws_iam_role", {}),
      stated("aws_vpc", {}),
    ]);

    expect({ free, unpriced, resources }).toEqual({
      free: { aws_iam_role: 2 },
      unpriced: { aws_vpc: 1 },
      resources: [],
    });
  });
});
