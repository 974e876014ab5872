import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

let db: StartedDynamoDb;

beforeAll(async () => {
  db = await startDynamoDb();
  await db.client.send(new CreateTableCommand(itemsTable("items")));
});

afterAll(() => db.close());

async function get(id: string) {
  return (await db.client.send(new GetItemCommand({ TableName: "items", Key: { id: { S: id } } }))).Item;
}

test("keeps every type of value as it was written", async () => {
  const Item: Record<string, AttributeValue> = {
    id: { S: "types" },
    n: { N: "1234567890123456789012345678901234567.8" },
    b: { B: new Uint8Array([0, 255]) },
    t: { BOOL: true },
    nothing: { NULL: true },
    ss: { SS: ["a", "ü"] },
    bs: { BS: [new Uint8Array([1])] },
    m: { M: { l: { L: [{ S: "" }, { N: "-0.5" }] } } },
  };
  await db.client.send(new PutItemCommand({ TableName: "items", Item }));

  expect(await get("types")).toEqual(Item);
});

test("a failed condition changes nothing, and tells the item when asked", async () => {
  await db.client.send(new PutItemCommand({ TableName: "items", Item: { id: { S: "once" }, v: { N: "1" } } }));

  const again = db.client.send(
    new PutItemCommand({
      TableName: "items",
      Item: { id: { S: "once" }, v: { N: "2" } },
      ConditionExpression: "attribute_not_exists(id)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    }),
  );

  await expect(again).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
    message: "The conditional request failed",
    Item: { id: { S: "once" }, v: { N: "1" } },
  });
  expect(await get("once")).toEqual({ id: { S: "once" }, v: { N: "1" } });
});

test("updates with arithmetic, documents and lists, and returns what is asked", async () => {
  const Key = { id: { S: "doc" } };
  await db.client.send(
    new UpdateItemCommand({
      TableName: "items",
      Key,
      UpdateExpression: "SET m = :m, l = :l, n = :one",
      ExpressionAttributeValues: { ":m": { M: {} }, ":l": { L: [] }, ":one": { N: "1" } },
    }),
  );
  const { Attributes } = await db.client.send(
    new UpdateItemCommand({
      TableName: "items",
      Key,
      UpdateExpression: "SET m.a = :x, l = list_append(l, :l), n = n + :one ADD seen :s",
      ExpressionAttributeValues: {
        ":x": { S: "x" },
        ":l": { L: [{ S: "e" }] },
        ":one": { N: "1" },
        ":s": { SS: ["s"] },
      },
      ReturnValues: "ALL_NEW",
    }),
  );

  expect(Attributes).toEqual({
    id: { S: "doc" },
    m: { M: { a: { S: "x" } } },
    l: { L: [{ S: "e" }] },
    n: { N: "2" },
    seen: { SS: ["s"] },
  });
});

test("many writers of one item at once lose nothing", async () => {
  const increments = Array.from({ length: 50 }, () =>
    db.client.send(
      new UpdateItemCommand({
        TableName: "items",
        Key: { id: { S: "counter" } },
        UpdateExpression: "ADD n :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      }),
    ),
  );
  await Promise.all(increments);

  expect((await get("counter"))?.n).toEqual({ N: "50" });
});

test("of many conditional creations at once, one wins", async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      db.client.send(
        new PutItemCommand({
          TableName: "items",
          Item: { id: { S: "race" }, n: { N: String(n) } },
          ConditionExpression: "attribute_not_exists(id)",
        }),
      ),
    ),
  );

  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("deletes, returns the old item, and takes it out of its index", async () => {
  const Item = { id: { S: "gone" }, status: { S: "leaving" }, createdAt: { N: "1" } };
  await db.client.send(new PutItemCommand({ TableName: "items", Item }));
  const { Attributes } = await db.client.send(
    new DeleteItemCommand({ TableName: "items", Key: { id: { S: "gone" } }, ReturnValues: "ALL_OLD" }),
  );
  const left = await db.client.send(
    new QueryCommand({
      TableName: "items",
      IndexName: "status-index",
      KeyConditionExpression: "#s = :s",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": { S: "leaving" } },
    }),
  );

  expect(Attributes).toEqual(Item);
  expect(await get("gone")).toBeUndefined();
  expect(left.Count).toBe(0);
});

test("says what a write consumed, of the table and of its indexes", async () => {
  const put = (status: string) =>
    db.client.send(
      new PutItemCommand({
        TableName: "items",
        Item: { id: { S: "big" }, status: { S: status }, createdAt: { N: "1" }, text: { S: "x".repeat(1500) } },
        ReturnConsumedCapacity: "INDEXES",
      }),
    );

  const units = (table: number, index?: number) => ({
    TableName: "items",
    CapacityUnits: table + (index ?? 0),
    Table: { CapacityUnits: table },
    ...(index === undefined ? {} : { GlobalSecondaryIndexes: { "status-index": { CapacityUnits: index } } }),
  });
  expect((await put("a")).ConsumedCapacity).toEqual(units(2, 2));
  // The same again does not touch the index; another key takes the old entry out and puts a new one in.
  expect((await put("a")).ConsumedCapacity).toEqual(units(2));
  expect((await put("b")).ConsumedCapacity).toEqual(units(2, 4));
});

test("accepts the table's ARN in place of its name", async () => {
  const { Table } = await db.client.send(new DescribeTableCommand({ TableName: "items" }));
  await db.client.send(new PutItemCommand({ TableName: Table?.TableArn, Item: { id: { S: "by-arn" } } }));

  expect(await get("by-arn")).toEqual({ id: { S: "by-arn" } });
});

test.each([
  [
    "a missing table",
    { TableName: "nowhere", Item: { id: { S: "1" } } },
    "ResourceNotFoundException",
    /Requested resource not found/,
  ],
  [
    "a missing key",
    { TableName: "items", Item: { other: { S: "1" } } },
    "ValidationException",
    /Missing the key id in the item/,
  ],
  [
    "an empty index key",
    { TableName: "items", Item: { id: { S: "1" }, status: { S: "" } } },
    "ValidationException",
    /IndexKey: status/,
  ],
  [
    "a too large item",
    { TableName: "items", Item: { id: { S: "1" }, x: { S: "é".repeat(210_000) } } },
    "ValidationException",
    /Item size has exceeded the maximum allowed size/,
  ],
  [
    "an unused value",
    {
      TableName: "items",
      Item: { id: { S: "1" } },
      ConditionExpression: "attribute_exists(id)",
      ExpressionAttributeValues: { ":x": { S: "" } },
    },
    "ValidationException",
    /unused in expressions/,
  ],
])("refuses %s", async (_what, input, name, message) => {
  const refused = db.client.send(new PutItemCommand(input));

  await expect(refused).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
});

test("counts items and bytes, also after a restart", async () => {
  await db.client.send(new CreateTableCommand(itemsTable("counted")));
  for (const n of [1, 2, 3]) {
    await db.client.send(
      new PutItemCommand({
        TableName: "counted",
        Item: { id: { S: String(n) }, ...(n < 3 ? { status: { S: "s" }, createdAt: { N: "1" } } : {}) },
      }),
    );
  }
  await db.client.send(new DeleteItemCommand({ TableName: "counted", Key: { id: { S: "1" } } }));
  const before = await db.client.send(new DescribeTableCommand({ TableName: "counted" }));
  db = await db.restart();
  const { Table } = await db.client.send(new DescribeTableCommand({ TableName: "counted" }));

  expect(Table).toEqual(before.Table);
  expect(Table).toMatchObject({ ItemCount: 2, TableSizeBytes: 3 + 7 + 11 + 3 });
  expect(Table?.GlobalSecondaryIndexes?.[0]).toMatchObject({ ItemCount: 1 });
});
