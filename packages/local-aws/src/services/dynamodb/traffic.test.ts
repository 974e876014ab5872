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

/** What was recorded under a name, as `dimensions -> value`. */
function recorded(metrics: readonly MetricDatum[], name: string): Record<string, number> {
  return Object.fromEntries(
    metrics
      .filter((datum) => datum.name === name)
      .map(({ dimensions, value }) => [Object.values(dimensions).join(" "), value]),
  );
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

test("of very many latencies, keeps the distribution", () => {
  const core = testCore();
  const data: MetricDatum[] = [];
  const traffic = new Traffic({ record: (more) => void data.push(...more) }, core.clock);
  for (let n = 0; n < 10_000; n++) {
    traffic.succeeded("items", "GetItem", (n * 7919) % 10_000);
  }
  traffic.flush();
  core.dispose();
  const values = data.map(({ value }) => value);

  expect(values).toHaveLength(200);
  expect([values[0], values.at(-1)]).toEqual([0, 9999]);
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(5000, -2);
});
