import { CreateTableCommand, GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MetricDatum } from "../../core/ports.ts";
import { testCore } from "../../test/test-core.ts";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";
import { Traffic } from "./traffic.ts";

let db: StartedDynamoDb;

beforeEach(async () => {
  db = await startDynamoDb();
  await db.client.send(new CreateTableCommand(itemsTable("items")));
});

afterEach(() => db.close());

/** What was recorded under a name, summed up by the values of its dimensions. */
function recorded(metrics: readonly MetricDatum[], name: string): Record<string, number> {
  return totals(metrics, name, ({ value, count = 1 }) => value * count);
}

/** How many samples were recorded under a name. */
function sampled(metrics: readonly MetricDatum[], name: string): Record<string, number> {
  return totals(metrics, name, ({ count = 1 }) => count);
}

function totals(metrics: readonly MetricDatum[], name: string, of: (datum: MetricDatum) => number) {
  const found: Record<string, number> = {};
  for (const datum of metrics.filter((each) => each.name === name)) {
    const key = Object.values(datum.dimensions).join(" ");
    found[key] = (found[key] ?? 0) + of(datum);
  }
  return found;
}

test("records what requests consumed and how they ended, once a second", async () => {
  const item = { id: { S: "1" }, status: { S: "s" }, createdAt: { N: "1" } };
  const put = new PutItemCommand({ TableName: "items", Item: item, ConditionExpression: "attribute_not_exists(id)" });
  await db.client.send(put);
  await expect(db.client.send(put)).rejects.toThrow("The conditional request failed");
  await db.client.send(new GetItemCommand({ TableName: "items", Key: { id: { S: "1" } }, ConsistentRead: true }));
  await db.client.send(new ScanCommand({ TableName: "items", IndexName: "status-index" }));
  await expect(db.client.send(new GetItemCommand({ TableName: "items", Key: {} }))).rejects.toThrow(/schema/);
  expect(db.metrics).toEqual([]);
  await db.core.clock.advance(1000);

  expect(recorded(db.metrics, "ConsumedWriteCapacityUnits")).toEqual({ items: 1, "items status-index": 1 });
  expect(recorded(db.metrics, "ConsumedReadCapacityUnits")).toEqual({ items: 1, "items status-index": 0.5 });
  expect(recorded(db.metrics, "ConditionalCheckFailedRequests")).toEqual({ items: 1 });
  expect(recorded(db.metrics, "ReturnedItemCount")).toEqual({ "items Scan": 1 });
  expect(recorded(db.metrics, "UserErrors")).toEqual({ "": 1 });
  expect(Object.keys(recorded(db.metrics, "SuccessfulRequestLatency"))).toEqual([
    "items PutItem",
    "items GetItem",
    "items Scan",
  ]);
  expect(new Set(db.metrics.map(({ namespace }) => namespace))).toEqual(new Set(["AWS/DynamoDB"]));
});

test("records planted throttling and failures by table and operation", async () => {
  const fault = (operation: string, code: string, status: number) =>
    db.dynamodb.service.onFault?.(operation, { TableName: "items" }, { code, status });
  fault("PutItem", "ProvisionedThroughputExceededException", 400);
  fault("Query", "ThrottlingException", 400);
  fault("GetItem", "InternalServerError", 500);
  await db.core.clock.advance(1000);

  expect(recorded(db.metrics, "ThrottledRequests")).toEqual({ "items PutItem": 1, "items Query": 1 });
  expect(recorded(db.metrics, "WriteThrottleEvents")).toEqual({ items: 1 });
  expect(recorded(db.metrics, "ReadThrottleEvents")).toEqual({ items: 1 });
  expect(recorded(db.metrics, "SystemErrors")).toEqual({ "items GetItem": 1 });
});

test("hands over the rest when it stops", async () => {
  await db.client.send(new GetItemCommand({ TableName: "items", Key: { id: { S: "1" } } }));
  const { metrics } = db;
  db = await db.restart();

  expect(recorded(metrics, "ConsumedReadCapacityUnits")).toEqual({ items: 0.5 });
});

test("samples are requests: each with what it used", async () => {
  const key = { id: { S: "1" } };
  for (let n = 0; n < 3; n++) {
    await db.client.send(new GetItemCommand({ TableName: "items", Key: key }));
    await db.client.send(new GetItemCommand({ TableName: "items", Key: key, ConsistentRead: true }));
  }
  await db.client.send(new ScanCommand({ TableName: "items" }));
  await db.core.clock.advance(1000);

  expect(recorded(db.metrics, "ConsumedReadCapacityUnits")).toEqual({ items: 5 });
  expect(sampled(db.metrics, "ConsumedReadCapacityUnits")).toEqual({ items: 7 });
  expect(sampled(db.metrics, "SuccessfulRequestLatency")).toEqual({ "items GetItem": 6, "items Scan": 1 });
  expect([recorded(db.metrics, "ReturnedItemCount"), sampled(db.metrics, "ReturnedItemCount")]).toEqual([
    { "items Scan": 0 },
    { "items Scan": 1 },
  ]);
});

test.each([201, 399, 10_000])("of %d latencies, groups keep count, sum, extremes and distribution", (samples) => {
  const core = testCore();
  const data: MetricDatum[] = [];
  const traffic = new Traffic({ record: (more) => void data.push(...more) }, core.clock);
  const latencies = Array.from({ length: samples }, (_, n) => (n * 7919) % samples);
  for (const latency of latencies) {
    traffic.succeeded("items", "GetItem", latency);
  }
  traffic.flush();
  core.dispose();

  expect(data.length).toBeLessThanOrEqual(200);
  expect(sampled(data, "SuccessfulRequestLatency")).toEqual({ "items GetItem": samples });
  const total = latencies.reduce((sum, latency) => sum + latency, 0);
  expect(recorded(data, "SuccessfulRequestLatency")["items GetItem"]).toBeCloseTo(total, 6);
  expect([data[0]?.value, data.at(-1)?.value]).toEqual([0, samples - 1]);
  const upToMedian = data.filter(({ value }) => value <= samples / 2).reduce((sum, { count = 1 }) => sum + count, 0);
  expect(upToMedian / samples).toBeCloseTo(0.5, 1);
});
