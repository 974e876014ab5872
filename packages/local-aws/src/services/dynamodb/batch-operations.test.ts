import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

let db: StartedDynamoDb;

beforeAll(async () => {
  db = await startDynamoDb();
  await db.client.send(new CreateTableCommand(itemsTable("items")));
  await db.client.send(new CreateTableCommand(itemsTable("others")));
});

afterAll(() => db.close());

const put = (id: string, more = {}): WriteRequest => ({ PutRequest: { Item: { id: { S: id }, ...more } } });

test("writes to and reads from several tables", async () => {
  const written = await db.client.send(
    new BatchWriteItemCommand({
      RequestItems: { items: [put("a", { v: { N: "1" } }), put("b")], others: [put("a")] },
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  await db.client.send(
    new BatchWriteItemCommand({ RequestItems: { items: [{ DeleteRequest: { Key: { id: { S: "b" } } } }] } }),
  );
  const read = await db.client.send(
    new BatchGetItemCommand({
      RequestItems: {
        items: { Keys: ["a", "b"].map((id) => ({ id: { S: id } })), ProjectionExpression: "v", ConsistentRead: true },
        others: { Keys: [{ id: { S: "a" } }] },
      },
      ReturnConsumedCapacity: "TOTAL",
    }),
  );

  expect(written).toMatchObject({
    UnprocessedItems: {},
    ConsumedCapacity: [
      { TableName: "items", CapacityUnits: 2 },
      { TableName: "others", CapacityUnits: 1 },
    ],
  });
  expect(read).toMatchObject({
    Responses: { items: [{ v: { N: "1" } }], others: [{ id: { S: "a" } }] },
    UnprocessedKeys: {},
    ConsumedCapacity: [
      { TableName: "items", CapacityUnits: 2 },
      { TableName: "others", CapacityUnits: 0.5 },
    ],
  });
});

test("leaves what is beyond 16 MB for the next request", async () => {
  const ids = Array.from({ length: 45 }, (_, n) => `big-${n}`);
  for (let start = 0; start < ids.length; start += 15) {
    const items = ids.slice(start, start + 15).map((id) => put(id, { text: { S: "x".repeat(399_000) } }));
    await db.client.send(new BatchWriteItemCommand({ RequestItems: { items } }));
  }
  const keys = ids.map((id) => ({ id: { S: id } }));
  const first = await db.client.send(
    new BatchGetItemCommand({ RequestItems: { items: { Keys: keys, ProjectionExpression: "id" } } }),
  );
  const second = await db.client.send(new BatchGetItemCommand({ RequestItems: first.UnprocessedKeys }));

  expect(first.Responses?.items).toHaveLength(42);
  expect(second.Responses?.items).toEqual(["big-42", "big-43", "big-44"].map((id) => ({ id: { S: id } })));
});

test.each<[string, Record<string, WriteRequest[]>, string]>([
  [
    "one item twice",
    { items: [put("x"), { DeleteRequest: { Key: { id: { S: "x" } } } }] },
    "Provided list of item keys contains duplicates",
  ],
  [
    "more than 25 over all tables",
    {
      items: Array.from({ length: 20 }, (_, n) => put(`${n}`)),
      others: Array.from({ length: 6 }, (_, n) => put(`${n}`)),
    },
    "Too many items requested for the BatchWriteItem call",
  ],
  [
    "an item without its key",
    { items: [{ PutRequest: { Item: { v: { N: "1" } } } }] },
    "The provided key element does not match the schema",
  ],
])("refuses %s, and writes nothing", async (_what, RequestItems, message) => {
  await expect(db.client.send(new BatchWriteItemCommand({ RequestItems }))).rejects.toMatchObject({
    name: "ValidationException",
    message,
  });
});
