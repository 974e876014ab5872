import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  paginateQuery,
  paginateScan,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

let db: StartedDynamoDb;

async function fill(TableName: string, items: Record<string, AttributeValue>[]): Promise<void> {
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await db.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
  }
}

beforeAll(async () => {
  db = await startDynamoDb();
  await db.client.send(
    new CreateTableCommand({
      TableName: "orders",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "customer", KeyType: "HASH" },
        { AttributeName: "number", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "customer", AttributeType: "S" },
        { AttributeName: "number", AttributeType: "N" },
        { AttributeName: "state", AttributeType: "S" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-state",
          KeySchema: [{ AttributeName: "state", KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "by-customer-state",
          KeySchema: [
            { AttributeName: "customer", KeyType: "HASH" },
            { AttributeName: "state", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["amount"] },
        },
      ],
    }),
  );
  await fill(
    "orders",
    Array.from({ length: 120 }, (_, n) => ({
      customer: { S: n % 2 === 0 ? "ann" : "bob" },
      number: { N: String(n - 60) },
      state: { S: ["open", "paid", "sent"][n % 3] as string },
      amount: { N: String(n) },
      orderLines: { L: [{ S: `line ${n}` }] },
    })),
  );
});

afterAll(() => db.close());

const ofAnn: QueryCommandInput = {
  TableName: "orders",
  KeyConditionExpression: "customer = :c AND #n BETWEEN :from AND :to",
  ExpressionAttributeNames: { "#n": "number" },
  ExpressionAttributeValues: { ":c": { S: "ann" }, ":from": { N: "-10" }, ":to": { N: "10" } },
};

const numbers = (items: Record<string, AttributeValue>[] | undefined) => items?.map((item) => Number(item.number?.N));

test("answers a range of the sort key in its order, forwards and backwards", async () => {
  const forwards = await db.client.send(new QueryCommand(ofAnn));
  const backwards = await db.client.send(new QueryCommand({ ...ofAnn, ScanIndexForward: false, Limit: 3 }));

  expect(numbers(forwards.Items)).toEqual([-10, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10]);
  expect(numbers(backwards.Items)).toEqual([10, 8, 6]);
  expect(backwards.LastEvaluatedKey).toEqual({ customer: { S: "ann" }, number: { N: "6" } });
});

test("filters by document equality, projects after filtering, and counts what it looked at", async () => {
  const { Items, Count, ScannedCount } = await db.client.send(
    new QueryCommand({
      ...ofAnn,
      FilterExpression: "orderLines = :lines",
      ProjectionExpression: "amount",
      ExpressionAttributeValues: { ...ofAnn.ExpressionAttributeValues, ":lines": { L: [{ S: "line 60" }] } },
    }),
  );

  expect({ Items, Count, ScannedCount }).toEqual({ Items: [{ amount: { N: "60" } }], Count: 1, ScannedCount: 11 });
});

test("counts without items when only the count is asked for", async () => {
  const answer = await db.client.send(
    new QueryCommand({
      ...ofAnn,
      Select: "COUNT",
      FilterExpression: "amount > :t",
      ExpressionAttributeValues: { ...ofAnn.ExpressionAttributeValues, ":t": { N: "60" } },
    }),
  );

  expect(answer).toMatchObject({ Count: 5, ScannedCount: 11 });
  expect(answer.Items).toBeUndefined();
});

test.each([true, false])(
  "pages through an index where every entry has the same key (forwards: %s)",
  async (forwards) => {
    const seen: number[] = [];
    const pages = paginateQuery(
      { client: db.client, pageSize: 7 },
      {
        TableName: "orders",
        IndexName: "by-state",
        ScanIndexForward: forwards,
        KeyConditionExpression: "#s = :s",
        ExpressionAttributeNames: { "#s": "state" },
        ExpressionAttributeValues: { ":s": { S: "paid" } },
      },
    );
    for await (const { Items } of pages) {
      seen.push(...(numbers(Items) ?? []));
      expect(Object.keys(Items?.[0] ?? { customer: 0, number: 0, state: 0 }).sort()).toEqual([
        "customer",
        "number",
        "state",
      ]);
    }

    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
  },
);

test("a local index fetches the whole item when all attributes are asked for", async () => {
  const query: QueryCommandInput = {
    TableName: "orders",
    IndexName: "by-customer-state",
    KeyConditionExpression: "customer = :c AND begins_with(#s, :s)",
    ExpressionAttributeNames: { "#s": "state" },
    ExpressionAttributeValues: { ":c": { S: "bob" }, ":s": { S: "se" } },
    Limit: 1,
  };
  const projected = await db.client.send(new QueryCommand(query));
  const whole = await db.client.send(new QueryCommand({ ...query, Select: "ALL_ATTRIBUTES" }));

  expect(Object.keys(projected.Items?.[0] ?? {}).sort()).toEqual(["amount", "customer", "number", "state"]);
  expect(Object.keys(whole.Items?.[0] ?? {}).sort()).toEqual(["amount", "customer", "number", "orderLines", "state"]);
});

test("scans everything once, in pages, in segments and over an index", async () => {
  const scanned = async (input: { IndexName?: string; Segment?: number; TotalSegments?: number }) => {
    const found: string[] = [];
    for await (const { Items } of paginateScan(
      { client: db.client, pageSize: 11 },
      { TableName: "orders", ...input },
    )) {
      found.push(...(Items ?? []).map((item) => `${item.customer?.S} ${item.number?.N}`));
    }
    return found;
  };
  const segments = await Promise.all([0, 1, 2].map((Segment) => scanned({ Segment, TotalSegments: 3 })));
  const whole = await scanned({});

  expect(new Set(whole).size).toBe(120);
  expect(whole).toHaveLength(120);
  expect(segments.flat().sort()).toEqual([...whole].sort());
  expect((await scanned({ IndexName: "by-state" })).sort()).toEqual([...whole].sort());
});

test("tells units of the table and of an index apart, and the least of a read that finds nothing", async () => {
  const nothing = await db.client.send(
    new QueryCommand({
      ...ofAnn,
      ExpressionAttributeValues: { ":c": { S: "nobody" }, ":from": { N: "0" }, ":to": { N: "1" } },
      ReturnConsumedCapacity: "TOTAL",
      ConsistentRead: true,
    }),
  );
  const index = await db.client.send(
    new ScanCommand({ TableName: "orders", IndexName: "by-state", ReturnConsumedCapacity: "INDEXES" }),
  );

  expect(nothing.ConsumedCapacity).toEqual({ TableName: "orders", CapacityUnits: 1 });
  expect(index.ConsumedCapacity).toMatchObject({
    Table: { CapacityUnits: 0 },
    GlobalSecondaryIndexes: { "by-state": { CapacityUnits: expect.any(Number) } },
  });
});

test("no two of many items with one index key hide each other", async () => {
  await db.client.send(
    new CreateTableCommand({
      TableName: "crowd",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "status", AttributeType: "S" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "status-index",
          KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
  // These two ids share the first 24 bits of MD5("Outliers" + id), which is all that dynalite tells them apart by.
  await fill(
    "crowd",
    ["item-10782", "item-11308"].map((id) => ({ id: { S: id }, status: { S: "same" } })),
  );
  const query = {
    TableName: "crowd",
    IndexName: "status-index",
    KeyConditionExpression: "#s = :s",
    ExpressionAttributeNames: { "#s": "status" },
    ExpressionAttributeValues: { ":s": { S: "same" } },
  };
  const all = await db.client.send(new QueryCommand(query));
  const first = await db.client.send(new QueryCommand({ ...query, Limit: 1 }));
  const second = await db.client.send(new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }));

  expect(all.Count).toBe(2);
  expect(second.Items).toEqual(all.Items?.slice(1));
});

test("refuses an index that is not there, and a filter on a key", async () => {
  await expect(db.client.send(new QueryCommand({ ...ofAnn, IndexName: "missing" }))).rejects.toThrow(
    "The table does not have the specified index: missing",
  );
  await expect(db.client.send(new QueryCommand({ ...ofAnn, FilterExpression: "customer = :c" }))).rejects.toThrow(
    /Filter Expression can only contain non-primary key attributes/,
  );
});
