import { randomUUID } from "node:crypto";
import {
  CreateTableCommand,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
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

const put = (id: string, more = {}): TransactWriteItem => ({
  Put: { TableName: "items", Item: { id: { S: id }, ...more } },
});

const add = (id: string, amount: number): TransactWriteItem => ({
  Update: {
    TableName: "items",
    Key: { id: { S: id } },
    UpdateExpression: "ADD n :n",
    ExpressionAttributeValues: { ":n": { N: String(amount) } },
  },
});

const transact = (TransactItems: TransactWriteItem[], more = {}) =>
  db.client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));

async function get(id: string, TableName = "items") {
  return (await db.client.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item;
}

test("writes to several tables together, and says what that consumed", async () => {
  await db.client.send(new PutItemCommand({ TableName: "others", Item: { id: { S: "old" } } }));
  const { ConsumedCapacity } = await transact(
    [
      put("a"),
      add("b", 2),
      { Delete: { TableName: "others", Key: { id: { S: "old" } } } },
      {
        ConditionCheck: {
          TableName: "others",
          Key: { id: { S: "none" } },
          ConditionExpression: "attribute_not_exists(id)",
        },
      },
    ],
    { ReturnConsumedCapacity: "TOTAL" },
  );

  expect([await get("a"), await get("b"), await get("old", "others")]).toEqual([
    { id: { S: "a" } },
    { id: { S: "b" }, n: { N: "2" } },
    undefined,
  ]);
  expect(ConsumedCapacity).toEqual([
    { TableName: "items", CapacityUnits: 4, WriteCapacityUnits: 4 },
    { TableName: "others", CapacityUnits: 4, WriteCapacityUnits: 4 },
  ]);
});

test("writes nothing when one condition fails, and gives every reason in order", async () => {
  await transact([put("taken", { v: { N: "1" } })]);
  const cancelled = transact([
    put("new"),
    {
      Put: {
        TableName: "items",
        Item: { id: { S: "taken" } },
        ConditionExpression: "attribute_not_exists(id)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    },
    {
      Update: {
        TableName: "items",
        Key: { id: { S: "b" } },
        UpdateExpression: "SET n = n + :s",
        ExpressionAttributeValues: { ":s": { N: "1" } },
        ConditionExpression: "n = :s",
      },
    },
  ]);

  await expect(cancelled).rejects.toMatchObject({
    name: "TransactionCanceledException",
    message:
      "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]",
    CancellationReasons: [
      { Code: "None" },
      {
        Code: "ConditionalCheckFailed",
        Message: "The conditional request failed",
        Item: { id: { S: "taken" }, v: { N: "1" } },
      },
      { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
    ],
  });
  expect(await get("new")).toBeUndefined();
});

test("an update that does not fit the item cancels the transaction with a validation error", async () => {
  await transact([put("text", { n: { S: "not a number" } })]);

  await expect(transact([put("never"), add("text", 1)])).rejects.toMatchObject({
    name: "TransactionCanceledException",
    CancellationReasons: [
      { Code: "None" },
      { Code: "ValidationError", Message: "An operand in the update expression has an incorrect data type" },
    ],
  });
  expect(await get("never")).toBeUndefined();
});

test("a transaction that is sent again within ten minutes is not done again", async () => {
  const ClientRequestToken = randomUUID();
  await transact([add("once", 1)], { ClientRequestToken });
  const again = await transact([add("once", 1)], { ClientRequestToken, ReturnConsumedCapacity: "TOTAL" });

  expect((await get("once"))?.n).toEqual({ N: "1" });
  expect(again.ConsumedCapacity).toEqual([{ TableName: "items", CapacityUnits: 2, ReadCapacityUnits: 2 }]);
  await expect(transact([add("once", 2)], { ClientRequestToken })).rejects.toMatchObject({
    name: "IdempotentParameterMismatchException",
  });

  db = await db.restart();
  await transact([add("once", 1)], { ClientRequestToken });
  expect((await get("once"))?.n).toEqual({ N: "1" });

  await db.core.clock.advance(10 * 60 * 1000 + 1);
  await transact([add("once", 1)], { ClientRequestToken });
  expect((await get("once"))?.n).toEqual({ N: "2" });
});

test("50 writers at once: each transaction is done once or cancelled by a conflict, never half", async () => {
  await transact([put("from", { n: { N: "1000" } }), put("to", { n: { N: "0" } })]);
  const move = async (): Promise<number> => {
    for (let conflicts = 0; ; conflicts++) {
      try {
        await transact([add("from", -1), add("to", 1)]);
        return conflicts;
      } catch (error) {
        expect(error).toMatchObject({
          name: "TransactionCanceledException",
          message: expect.stringMatching(/TransactionConflict/),
        });
      }
    }
  };
  await Promise.all(Array.from({ length: 50 }, move));
  const { Responses } = await db.client.send(
    new TransactGetItemsCommand({
      TransactItems: ["from", "to"].map((id) => ({ Get: { TableName: "items", Key: { id: { S: id } } } })),
    }),
  );

  expect(Responses?.map(({ Item }) => Item?.n?.N)).toEqual(["950", "50"]);
});

test("what is in a transaction on its way cannot be written or read in another meanwhile", async () => {
  const { rawJsonOperations } = db.dynamodb.service;
  const context = db.core.context();
  const call = (operation: string, body: Record<string, unknown>) => rawJsonOperations?.[operation]?.(body, context);
  const Item = { id: { S: "busy" } };
  // In one go, so that the first is still being written when the others arrive.
  const outcomes = await Promise.allSettled([
    call("TransactWriteItems", { TransactItems: [{ Put: { TableName: "items", Item } }] }),
    call("PutItem", { TableName: "items", Item }),
    call("TransactWriteItems", {
      TransactItems: [
        { Put: { TableName: "items", Item: { id: { S: "free" } } } },
        { Put: { TableName: "items", Item } },
      ],
    }),
    call("TransactGetItems", { TransactItems: [{ Get: { TableName: "items", Key: Item } }] }),
    call("BatchWriteItem", { RequestItems: { items: [{ PutRequest: { Item } }] } }),
  ]);

  const conflict = { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" };
  const cancelled = (CancellationReasons: unknown[]) => ({
    reason: { code: "TransactionCanceledException", options: { fields: { CancellationReasons } } },
  });
  expect(outcomes).toMatchObject([
    { status: "fulfilled" },
    { reason: { code: "TransactionConflictException" } },
    cancelled([{ Code: "None" }, conflict]),
    cancelled([conflict]),
    { value: { UnprocessedItems: { items: [{ PutRequest: { Item } }] } } },
  ]);
  expect(await get("free")).toBeUndefined();
});

test("reads several items together, projected, with an empty answer for those that are not there", async () => {
  const { Responses, ConsumedCapacity } = await db.client.send(
    new TransactGetItemsCommand({
      TransactItems: [
        { Get: { TableName: "items", Key: { id: { S: "from" } }, ProjectionExpression: "n" } },
        { Get: { TableName: "others", Key: { id: { S: "nobody" } } } },
      ],
      ReturnConsumedCapacity: "TOTAL",
    }),
  );

  expect(Responses).toEqual([{ Item: { n: { N: "950" } } }, {}]);
  expect(ConsumedCapacity).toEqual([
    { TableName: "items", CapacityUnits: 2, ReadCapacityUnits: 2 },
    { TableName: "others", CapacityUnits: 2, ReadCapacityUnits: 2 },
  ]);
});

test.each<[string, TransactWriteItem[], string | RegExp]>([
  [
    "two operations on one item",
    [put("x"), add("x", 1)],
    "Transaction request cannot include multiple operations on one item",
  ],
  ["more than 100 items", Array.from({ length: 101 }, (_, n) => put(`n${n}`)), /less than or equal to 100/],
  ["no item", [], /greater than or equal to 1/],
  ["an item of two kinds", [{ ...put("x"), ...add("y", 1) }], /can only contain one of/],
  [
    "a check without a condition",
    [{ ConditionCheck: { TableName: "items", Key: { id: { S: "x" } }, ConditionExpression: undefined } }],
    /'transactItems.1.member.conditionCheck.conditionExpression'.*must not be null/,
  ],
  [
    "an expression that does not parse",
    [{ Put: { TableName: "items", Item: { id: { S: "x" } }, ConditionExpression: "id ==" } }],
    /Invalid ConditionExpression/,
  ],
])("refuses %s", async (_what, items, message) => {
  await expect(transact(items)).rejects.toMatchObject({
    name: "ValidationException",
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });
});

test("a key that does not fit its table is a reason of cancellation", async () => {
  const wrong: TransactWriteItem = { Delete: { TableName: "items", Key: { id: { N: "1" } } } };

  await expect(transact([put("fits"), wrong])).rejects.toMatchObject({
    name: "TransactionCanceledException",
    CancellationReasons: [
      { Code: "None" },
      { Code: "ValidationError", Message: "The provided key element does not match the schema" },
    ],
  });
});
