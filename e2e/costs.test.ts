import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, PutDashboardCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type CostLine, type CostReport, costReportSchema } from "@slipway/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFunction } from "./support/create-function.ts";
import { createProxyApi } from "./support/create-proxy-api.ts";
import { eventually } from "./support/eventually.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import type { Ran } from "./support/run-program.ts";
import { mustSlipway, slipway } from "./support/slipway.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** Begins less than an hour ago, so a month is 730 times what was counted. */
const STRETCH = 730;
const REQUESTS = 7;
const WRITES = 6;
const CONSISTENT_READS = 5;
const EVENTUAL_READS = 4;
const OBJECT_BYTES = 2_000_000;

const HANDLER = `export async function handler() { return { statusCode: 200, body: "hello" }; }`;

const folder = temporaryFolder("costs");
const reports = join(folder.path, "reports");
const stateFile = join(folder.path, "prod.tfstate");
let localAws: LocalAwsProcess;
let apiId: string;

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  const client = { ...localAws.client, maxAttempts: 1 };
  const dynamodb = new DynamoDBClient(client);
  const lambda = new LambdaClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const cloudwatch = new CloudWatchClient(client);
  const logs = new CloudWatchLogsClient(client);
  const kms = new KMSClient(client);

  await dynamodb.send(
    new CreateTableCommand({
      TableName: "items",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "status", AttributeType: "S" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-status",
          KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
  // Made before the function, as Terraform does: it says when the function came into being.
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/lambda/greeter" }));
  const functionArn = await createFunction(client, { name: "greeter", code: HANDLER });
  apiId = await createProxyApi(client, { name: "greetings", functionArn, stage: "live" });
  await s3.send(new CreateBucketCommand({ Bucket: "artifacts" }));
  await s3.send(new PutObjectCommand({ Bucket: "artifacts", Key: "a.zip", Body: new Uint8Array(OBJECT_BYTES) }));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "errors",
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: "no-such-function" }],
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
    }),
  );
  await cloudwatch.send(
    new PutDashboardCommand({
      DashboardName: "overview",
      DashboardBody: JSON.stringify({ widgets: [{ type: "text", properties: { markdown: "hello" } }] }),
    }),
  );

  for (let index = 0; index < REQUESTS; index += 1) {
    const response = await fetch(`${localAws.stageUrl(apiId, "live")}/hello`);
    expect(await response.text()).toBe("hello");
  }
  await lambda.send(new InvokeCommand({ FunctionName: "greeter" }));
  for (let index = 0; index < WRITES; index += 1) {
    await dynamodb.send(
      new PutItemCommand({ TableName: "items", Item: { id: { S: `${index}` }, status: { S: "active" } } }),
    );
  }
  for (let index = 0; index < CONSISTENT_READS + EVENTUAL_READS; index += 1) {
    const ConsistentRead = index < CONSISTENT_READS;
    await dynamodb.send(new GetItemCommand({ TableName: "items", Key: { id: { S: "1" } }, ConsistentRead }));
  }
  writeFileSync(
    stateFile,
    stateOf([
      ["aws_dynamodb_table", "items", { name: "items", id: "items" }],
      ["aws_lambda_function", "greeter", { function_name: "greeter", id: "greeter" }],
      ["aws_api_gateway_rest_api", "api", { name: "greetings", id: apiId }],
      ["aws_cloudwatch_log_group", "function", { name: "/aws/lambda/greeter", id: "/aws/lambda/greeter" }],
      ["aws_s3_bucket", "artifacts", { bucket: "artifacts", id: "artifacts" }],
      ["aws_kms_key", "unused", { id: KeyMetadata?.KeyId, arn: KeyMetadata?.Arn }],
      ["aws_cloudwatch_metric_alarm", "errors", { alarm_name: "errors", id: "errors" }],
      ["aws_cloudwatch_metric_alarm", "deleted", { alarm_name: "deleted", id: "deleted" }],
      ["aws_cloudwatch_dashboard", "overview", { dashboard_name: "overview", id: "overview" }],
      ["aws_iam_role", "greeter", { id: "greeter" }],
      ["aws_vpc", "main", { id: "vpc-1" }],
    ]),
  );
  for (const each of [dynamodb, lambda, s3, cloudwatch, logs, kms]) {
    each.destroy();
  }
});

afterAll(async () => {
  await localAws?.stop();
  folder.remove();
});

function stateOf(resources: readonly (readonly [string, string, object])[]): string {
  return JSON.stringify({
    version: 4,
    serial: 1,
    lineage: "costs",
    outputs: {},
    resources: resources.map(([type, name, attributes]) => ({
      ...{ mode: "managed", type, name, provider: 'provider["registry.terraform.io/hashicorp/aws"]' },
      instances: [{ schema_version: 0, attributes }],
    })),
  });
}

function costs(...words: string[]): Promise<Ran> {
  const where = ["--local", "--port", String(localAws.port), "--state", stateFile, "--reports", reports];
  return slipway(["costs", "prod", ...where, ...words], { env: { PATH: process.env.PATH } });
}

function read({ stdout, stderr }: Ran): CostReport {
  return costReportSchema.parse(JSON.parse(stdout || `{"stderr": ${JSON.stringify(stderr)}}`));
}

function lineOf(report: CostReport, type: string, item: string): CostLine | undefined {
  return report.resources.find((each) => each.type === type)?.lines.find((line) => line.item === item);
}

describe("slipway costs, with traffic that was counted", () => {
  test("reckons requests, invocations and capacity units from CloudWatch", async () => {
    const report = await eventually(async () => {
      const ran = await costs("--output", "json");
      expect(ran.code, ran.stderr).toBe(0);
      const now = read(ran);
      // DynamoDB's metrics are published once a minute.
      expect(lineOf(now, "aws_dynamodb_table", "reads")?.quantity).toBeGreaterThan(0);
      return now;
    }, 300_000);

    expect(report).toMatchObject({ label: "rehearsed on local AWS", complete: true, gaps: [], hoursPerMonth: 730 });
    expect(lineOf(report, "aws_api_gateway_rest_api", "requests")).toMatchObject({
      quantity: REQUESTS * STRETCH,
      usdPerMonth: (REQUESTS * STRETCH * 3.5) / 1e6,
      formula: "7 requests in 1 h x 730 h / 1 h = 5,110 requests; 5,110 requests x $3.50 / 1,000,000",
    });
    const invocations = REQUESTS + 1;
    expect(lineOf(report, "aws_lambda_function", "requests")?.quantity).toBe(invocations * STRETCH);
    expect(lineOf(report, "aws_lambda_function", "duration")?.usdPerMonth).toBeGreaterThan(0);
    // A small item costs 1 unit read consistently, half of one otherwise; written, 1 for the table and 1 for its index.
    expect(lineOf(report, "aws_dynamodb_table", "reads")?.quantity).toBe(
      (CONSISTENT_READS + EVENTUAL_READS / 2) * STRETCH,
    );
    expect(lineOf(report, "aws_dynamodb_table", "writes")?.quantity).toBe(2 * WRITES * STRETCH);
    expect(lineOf(report, "aws_s3_bucket", "storage")?.quantity).toBeCloseTo(OBJECT_BYTES / 1024 ** 3, 9);
    expect(lineOf(report, "aws_cloudwatch_dashboard", "dashboard")?.usdPerMonth).toBe(3);
    expect(lineOf(report, "aws_kms_key", "key")?.usdPerMonth).toBe(1);
    expect(lineOf(report, "aws_cloudwatch_metric_alarm", "alarm")?.usdPerMonth).toBe(0.1);
    expect(report.capacityModes).toMatchObject([{ table: "items", cheaper: "on-demand", tooLittleData: true }]);
    for (const { type, tooLittleData } of report.resources) {
      const isMetered = /function|rest_api|table|bucket|log_group/.test(type);
      expect([type, tooLittleData]).toEqual([type, isMetered]);
    }
  });

  test("says what it does not know, and what is gone or free", async () => {
    const report = read(await costs("--output", "json"));
    // Local AWS does not count what is ingested, nor what a bucket is asked.
    expect(lineOf(report, "aws_cloudwatch_log_group", "ingestion")).toMatchObject({
      usdPerMonth: null,
      unknown: "CloudWatch has no AWS/Logs metrics in this Region",
    });
    expect(lineOf(report, "aws_s3_bucket", "read requests")?.usdPerMonth).toBeNull();
    expect(report.unknownLines).toBe(4);
    expect(report.free).toEqual({ aws_iam_role: 1 });
    expect(report.unpriced).toEqual({ aws_vpc: 1 });
    expect(report.resources.find(({ name }) => name === "deleted")).toMatchObject({ usdPerMonth: 0, lines: [] });
  });

  test("keeps each report, and compares with the newest", async () => {
    const before = readdirSync(reports).length;
    const report = read(await costs("--output", "json"));
    expect(readdirSync(reports)).toHaveLength(before + 1);
    expect(report.comparison?.differenceUsdPerMonth).toBe(0);
    const [first = ""] = readdirSync(reports).sort();
    expect(first).toMatch(/^costs-prod-\d{4}-\d\d-\d\dT/);
    const oldest = join(reports, first);
    const dearer = { ...JSON.parse(readFileSync(oldest, "utf8")), totalUsdPerMonth: 10, comparison: null };
    const other = join(folder.path, "dearer.json");
    writeFileSync(other, JSON.stringify(dearer));
    const { comparison, totalUsdPerMonth } = read(await costs("--output", "json", "--compare", other));
    expect(comparison).toMatchObject({ file: other, beforeUsdPerMonth: 10, afterUsdPerMonth: totalUsdPerMonth });
    expect(comparison?.differenceUsdPerMonth).toBeCloseTo(totalUsdPerMonth - 10, 6);
  });

  test("takes another price table, and a limit", async () => {
    const file = join(folder.path, "prices.json");
    const source = "https://example.com/our-discount";
    const dashboard = { usd: 1, unit: "dashboard-month", per: 1, source, date: "2026-11-01" };
    const table = { version: 1, region: "us-east-1", currency: "USD", date: "2026-11-01" };
    writeFileSync(file, JSON.stringify({ ...table, prices: { "cloudwatch.dashboard": dashboard } }));
    const ran = await costs("--output", "json", "--prices", file, "--fail-above", "0.99");
    expect(ran.code).toBe(1);
    const report = read(ran);
    expect(report.totalUsdPerMonth).toBe(1);
    expect(report.prices).toMatchObject({ origin: "file", from: file, date: "2026-11-01" });
    expect(lineOf(report, "aws_kms_key", "key")?.unknown).toContain("no price kms.key");
  });

  test("is incomplete for somebody who may not read the metrics: unknown, not 0", async () => {
    const iam = new IAMClient(localAws.client);
    await iam.send(new CreateUserCommand({ UserName: "accountant" }));
    await iam.send(
      new PutUserPolicyCommand({
        UserName: "accountant",
        PolicyName: "look",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "*", Resource: "*" },
            { Effect: "Deny", Action: ["cloudwatch:GetMetricData", "kms:DescribeKey"], Resource: "*" },
          ],
        }),
      }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "accountant" }));
    iam.destroy();
    const env = {
      ...localAws.env,
      AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey,
    };
    const words = ["costs", "prod", "--state", stateFile, "--reports", reports, "--output", "json"];
    const ran = await slipway(words, { env });
    expect(ran.code).toBe(2);
    const report = read(ran);
    expect(report).toMatchObject({ label: "observed on another AWS", complete: false });
    expect(report.gaps.join("\n")).toMatch(/cloudwatch:GetMetricData failed .*AccessDenied/);
    expect(report.gaps.join("\n")).toMatch(/kms:DescribeKey failed .*AccessDenied/);
    expect(lineOf(report, "aws_api_gateway_rest_api", "requests")?.usdPerMonth).toBeNull();
    expect(lineOf(report, "aws_dynamodb_table", "reads")?.usdPerMonth).toBeNull();
    expect(lineOf(report, "aws_kms_key", "everything")?.usdPerMonth).toBeNull();
    expect(lineOf(report, "aws_cloudwatch_dashboard", "dashboard")?.usdPerMonth).toBe(3);
  });

  test("finds what nobody used once the whole window has passed", async () => {
    await mustSlipway(["local", "clock", "advance", "10d", "--port", String(localAws.port)]);
    const ran = await costs("--days", "7", "--output", "json");
    expect(ran.code, ran.stderr).toBe(0);
    const report = read(ran);
    expect(report.resources.filter(({ idle }) => idle === true).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["items", "greeter", "greetings", "errors"]),
    );
    expect(report.resources.some(({ tooLittleData }) => tooLittleData)).toBe(false);
    expect(report.recommendations.map(({ what, savingUsdPerMonth }) => [what, savingUsdPerMonth])).toEqual(
      expect.arrayContaining([
        ["idle: it is disabled", 1],
        [expect.stringMatching(/^idle: without data since \d/), 0.1],
        [expect.stringContaining("a retention"), null],
      ]),
    );
  });
});
