import { APIGatewayClient, UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFunction } from "./support/create-function.ts";
import { createItemsTable } from "./support/create-items-table.ts";
import { createProxyApi } from "./support/create-proxy-api.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";

const FUNCTION = `
export const handler = async ({ path }) => {
  if (path === "/crash") throw new Error("crash");
  return { statusCode: Number(path.slice(1)), body: "" };
};`;
/** How often each path is asked for; 13 requests that reach the function, of which one makes it fail. */
const ASKED = { "/200": 7, "/404": 3, "/503": 2, "/crash": 1 };
/** Requests while the function may not run at all. */
const THROTTLED = 2;

let localAws: LocalAwsProcess;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  cloudwatch = new CloudWatchClient(localAws.client);
  await callFunction();
  await useTable();
});

afterAll(async () => {
  cloudwatch.destroy();
  await localAws.stop();
});

/** Sends requests through API Gateway to an alias of a function. */
async function callFunction(): Promise<void> {
  const lambda = new LambdaClient(localAws.client);
  const gateway = new APIGatewayClient(localAws.client);
  const FunctionName = "orders";
  const functionArn = await createFunction(localAws.client, { name: FunctionName, code: FUNCTION });
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
  const api = await createProxyApi(localAws.client, {
    ...{ name: "orders-api", functionArn: `${functionArn}:live`, stage: "prod" },
  });
  await gateway.send(
    new UpdateStageCommand({
      restApiId: api,
      stageName: "prod",
      patchOperations: [{ op: "replace", path: "/*/*/metrics/enabled", value: "true" }],
    }),
  );
  const url = localAws.stageUrl(api, "prod");
  for (const [path, times] of Object.entries(ASKED)) {
    for (let n = 0; n < times; n++) {
      const { status } = await fetch(`${url}${path}`);
      expect(status).toBe(path === "/crash" ? 502 : Number(path.slice(1)));
    }
  }
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  for (let n = 0; n < THROTTLED; n++) {
    expect((await fetch(`${url}/200`)).status).toBeGreaterThanOrEqual(500);
  }
  lambda.destroy();
  gateway.destroy();
}

/** Reads and writes a table, also against a condition, and a table that is not there. */
async function useTable(): Promise<void> {
  const dynamodb = new DynamoDBClient(localAws.client);
  await createItemsTable(dynamodb, "orders");
  const put = new PutItemCommand({
    TableName: "orders",
    Item: { id: { S: "1" } },
    ConditionExpression: "attribute_not_exists(id)",
  });
  await dynamodb.send(put);
  await expect(dynamodb.send(put)).rejects.toThrow("conditional");
  for (let n = 0; n < 4; n++) {
    await dynamodb.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: "1" } }, ConsistentRead: true }));
  }
  await dynamodb.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: "1" } } }));
  await expect(dynamodb.send(new GetItemCommand({ TableName: "gone", Key: { id: { S: "1" } } }))).rejects.toMatchObject(
    { name: "ResourceNotFoundException" },
  );
  dynamodb.destroy();
}

type Dimensions = Readonly<Record<string, string>>;

/** Statistics of a metric over the past hour and the next; `undefined` where there is no data. */
async function statistics(namespace: string, name: string, dimensions: Dimensions, stats: readonly string[]) {
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 3_600_000),
      MetricDataQueries: stats.map((Stat, index) => ({
        Id: `s${index}`,
        MetricStat: {
          Metric: {
            Namespace: namespace,
            MetricName: name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: 7200,
          Stat,
        },
      })),
    }),
  );
  return MetricDataResults.map(({ Values }) => Values?.[0]);
}

test.each<[string, Dimensions]>([
  ["all functions", {}],
  ["the function", { FunctionName: "orders" }],
  ["the alias", { FunctionName: "orders", Resource: "orders:live" }],
  ["the version behind the alias", { FunctionName: "orders", Resource: "orders:live", ExecutedVersion: "1" }],
])(
  "Lambda counts invocations of %s; what was throttled is neither an invocation nor an error",
  async (_, dimensions) => {
    const of = (name: string, ...stats: string[]) => statistics("AWS/Lambda", name, dimensions, stats);
    expect(await of("Invocations", "Sum")).toEqual([13]);
    expect(await of("Errors", "Sum", "SampleCount")).toEqual([1, 13]);
    expect(await of("Throttles", "Sum")).toEqual([THROTTLED]);
    expect(await of("Duration", "SampleCount", "TC(10000:)")).toEqual([13, 0]);
    expect(await of("ConcurrentExecutions", "Maximum")).toEqual([1]);
  },
);

test.each<[string, Dimensions]>([
  ["the API", { ApiName: "orders-api" }],
  ["the stage", { ApiName: "orders-api", Stage: "prod" }],
  ["the method", { ApiName: "orders-api", Stage: "prod", Resource: "/{proxy+}", Method: "ANY" }],
])("API Gateway counts requests of %s, and the average of errors is their rate", async (_, dimensions) => {
  const of = (name: string, ...stats: string[]) => statistics("AWS/ApiGateway", name, dimensions, stats);
  const requests = 13 + THROTTLED;
  expect(await of("Count", "Sum", "SampleCount")).toEqual([requests, requests]);
  expect(await of("4XXError", "Sum", "Average")).toEqual([3, 3 / requests]);
  const failed = 2 + 1 + THROTTLED;
  expect(await of("5XXError", "Sum", "Average")).toEqual([failed, failed / requests]);
  expect(await of("Latency", "SampleCount", "PR(:30000)")).toEqual([requests, 100]);
  expect(await of("IntegrationLatency", "SampleCount")).toEqual([requests]);
});

test("DynamoDB counts requests by table and operation; user errors have no table", async () => {
  const TableName = "orders";
  const of = (name: string, more: Dimensions, ...stats: string[]) =>
    statistics("AWS/DynamoDB", name, { TableName, ...more }, stats);
  await expect.poll(() => of("ConsumedWriteCapacityUnits", {}, "Sum")).not.toEqual([undefined]);
  expect(await of("ConsumedReadCapacityUnits", {}, "Sum", "SampleCount", "Maximum", "Minimum")).toEqual([
    4.5, 5, 1, 0.5,
  ]);
  expect(await of("SuccessfulRequestLatency", { Operation: "GetItem" }, "SampleCount")).toEqual([5]);
  expect(await of("SuccessfulRequestLatency", { Operation: "PutItem" }, "SampleCount")).toEqual([1]);
  expect(await of("ConditionalCheckFailedRequests", {}, "Sum")).toEqual([1]);
  // What did not happen has no data, not a 0.
  expect(await of("SystemErrors", { Operation: "GetItem" }, "Sum")).toEqual([undefined]);
  expect(await of("UserErrors", {}, "Sum")).toEqual([undefined]);
  const [userErrors = 0] = await statistics("AWS/DynamoDB", "UserErrors", {}, ["Sum"]);
  // Waiting for the table may have asked for it before it was there.
  expect(userErrors).toBeGreaterThanOrEqual(1);
});

test("the dashboard's search finds the version behind the alias", async () => {
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 3_600_000),
      MetricDataQueries: [
        {
          Id: "versions",
          Expression: `SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} FunctionName="orders" Resource="orders:live" MetricName="Invocations"', 'Sum', 7200)`,
          Label: "version $" + "{PROP('Dim.ExecutedVersion')}",
        },
      ],
    }),
  );
  expect(MetricDataResults?.map(({ Label, Values }) => [Label, Values])).toEqual([["version 1", [13]]]);
});
