import { APIGatewayClient, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CallProxy, type Intervention } from "./release/call-proxy.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";

// The proxy that breaks calls of releases: what it does has to arrive, or a release that survives it has survived nothing.

let localAws: LocalAwsProcess;
let proxy: CallProxy;

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  proxy = await CallProxy.start(localAws.port);
});

afterAll(async () => {
  await proxy?.stop();
  await localAws?.stop();
});

/** Clients that ask once, through the proxy. */
function settings() {
  return { ...localAws.client, endpoint: `http://127.0.0.1:${proxy.port}`, maxAttempts: 1 };
}

interface Asked {
  readonly name: string;
  readonly throttled: string;
  ask(): Promise<unknown>;
}

const services: readonly Asked[] = [
  {
    ...{ name: "apigateway:GET /restapis", throttled: "TooManyRequestsException" },
    ask: () => new APIGatewayClient(settings()).send(new GetRestApisCommand({})),
  },
  {
    ...{ name: "monitoring:DescribeAlarms", throttled: "Throttling" },
    ask: () => new CloudWatchClient(settings()).send(new DescribeAlarmsCommand({})),
  },
  {
    ...{ name: "logs:DescribeLogGroups", throttled: "ThrottlingException" },
    ask: () => new CloudWatchLogsClient(settings()).send(new DescribeLogGroupsCommand({})),
  },
  {
    ...{ name: "dynamodb:ListTables", throttled: "ThrottlingException" },
    ask: () => new DynamoDBClient(settings()).send(new ListTablesCommand({})),
  },
  {
    ...{ name: "iam:ListRoles", throttled: "Throttling" },
    ask: () => new IAMClient(settings()).send(new ListRolesCommand({})),
  },
  {
    ...{ name: "lambda:GET /functions", throttled: "TooManyRequestsException" },
    ask: () => new LambdaClient(settings()).send(new ListFunctionsCommand({})),
  },
  {
    ...{ name: "s3:GET /", throttled: "SlowDown" },
    ask: () => new S3Client({ ...settings(), forcePathStyle: true }).send(new ListBucketsCommand({})),
  },
];

test.each(services)("$name passes, is throttled, fails, and is cut off, each as the service would", async (asked) => {
  proxy.begin();
  await asked.ask();
  expect(proxy.calls).toMatchObject([{ name: asked.name, occurrence: 1, status: 200, changes: false }]);

  // The second of its kind, and no other.
  const strikeSecond = (intervention: Intervention) =>
    proxy.begin(({ name, occurrence }) => (name === asked.name && occurrence === 2 ? intervention : undefined));
  strikeSecond("throttle");
  await asked.ask();
  await expect(asked.ask()).rejects.toMatchObject({ name: asked.throttled });
  await asked.ask();
  expect(proxy.calls.map(({ struck }) => struck)).toEqual([undefined, "throttle", undefined]);

  strikeSecond("error");
  await asked.ask();
  await expect(asked.ask()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });

  strikeSecond("reset");
  await asked.ask();
  await expect(asked.ask()).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("an answer is lost after AWS has acted, a call that is cut off before", async () => {
  const s3 = () => new S3Client({ ...settings(), forcePathStyle: true });
  const buckets = async () => (await s3().send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name);
  const strike = (intervention: Intervention) => proxy.begin(({ changes }) => (changes ? intervention : undefined));

  strike("reset");
  await expect(s3().send(new CreateBucketCommand({ Bucket: "never-seen" }))).rejects.toMatchObject({
    code: "ECONNRESET",
  });
  expect(await buckets()).toEqual([]);

  strike("lost-answer");
  await expect(s3().send(new CreateBucketCommand({ Bucket: "made-anyway" }))).rejects.toMatchObject({
    code: "ECONNRESET",
  });
  expect(await buckets()).toEqual(["made-anyway"]);

  const seen: string[] = [];
  strike({ when: "before", run: async () => void seen.push(`before: ${await bucketsNow()}`) });
  await expect(s3().send(new CreateBucketCommand({ Bucket: "another" }))).rejects.toMatchObject({ code: "ECONNRESET" });
  strike({ when: "after", run: async () => void seen.push(`after: ${await bucketsNow()}`) });
  await expect(s3().send(new CreateBucketCommand({ Bucket: "another" }))).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(seen).toEqual(["before: made-anyway", "after: another,made-anyway"]);
});

/** Past the proxy. */
async function bucketsNow(): Promise<string> {
  const { Buckets = [] } = await new S3Client({ ...localAws.client, forcePathStyle: true }).send(
    new ListBucketsCommand({}),
  );
  return Buckets.map(({ Name }) => Name).join();
}
