import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cleanup } from "../support/cleanup.ts";
import { credentials, region } from "../support/local-aws-server.ts";
import { itemId } from "./canned-items.ts";
import { startDynamodbStub } from "./start-dynamodb-stub.ts";

const cleanup = new Cleanup();
const table = { TableName: "items" };
const Key = { id: itemId(1) };
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  const endpoint = await startDynamodbStub(cleanup, new AbortController().signal);
  client = DynamoDBDocumentClient.from(new DynamoDBClient({ region, credentials, endpoint }));
  cleanup.defer(async () => client.destroy());
});

afterAll(() => cleanup.run());

test("an SDK client reads an item, and none where no item can be", async () => {
  const { Item } = await client.send(new GetCommand({ ...table, Key }));
  const nothing = await client.send(new GetCommand({ ...table, Key: { id: "idempotency#0" } }));

  expect(Item).toMatchObject({ ...Key, version: 1, attributes: { weightKg: 4.5 } });
  expect(nothing.Item).toBeUndefined();
});

test("an SDK client lists as many items as it asks for, and where to go on", async () => {
  const { Items, LastEvaluatedKey } = await client.send(
    new QueryCommand({
      ...{ ...table, IndexName: "status-index", KeyConditionExpression: "#status = :status", Limit: 20 },
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":status": "active" },
    }),
  );

  expect(Items).toHaveLength(20);
  expect(LastEvaluatedKey).toMatchObject({ id: itemId(19), status: "active" });
});

test("writes succeed, and give back what the item was when they are asked to", async () => {
  await client.send(new PutCommand({ ...table, Item: Key }));
  const { Attributes } = await client.send(new DeleteCommand({ ...table, Key, ReturnValues: "ALL_OLD" }));

  expect(Attributes).toMatchObject({ ...Key, version: 1 });
});

test("what it cannot answer truly is an error that names it", async () => {
  const update = { ...table, Key, UpdateExpression: "SET x = :x", ExpressionAttributeValues: { ":x": 1 } };

  await expect(client.send(new UpdateCommand({ ...update, ReturnValues: "ALL_NEW" }))).rejects.toThrow("ALL_NEW");
  await expect(client.send(new ScanCommand(table))).rejects.toThrow("The stub does not answer Scan.");
});
