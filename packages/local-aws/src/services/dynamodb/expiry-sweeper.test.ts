import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

const HOUR_MS = 3_600_000;
let db: StartedDynamoDb;

beforeEach(async () => {
  db = await startDynamoDb();
  await db.client.send(new CreateTableCommand(itemsTable("items")));
});

afterEach(() => db.close());

const now = () => Math.floor(db.core.clock.now() / 1000);
const enable = (Enabled = true, AttributeName = "expiresAt") =>
  db.client.send(
    new UpdateTimeToLiveCommand({ TableName: "items", TimeToLiveSpecification: { Enabled, AttributeName } }),
  );

async function put(id: string, expiresAt: number | string): Promise<void> {
  await db.client.send(
    new PutItemCommand({
      TableName: "items",
      Item: {
        id: { S: id },
        status: { S: "s" },
        createdAt: { N: "1" },
        expiresAt: typeof expiresAt === "number" ? { N: String(expiresAt) } : { S: expiresAt },
      },
    }),
  );
}

async function left(ids: string[]): Promise<string[]> {
  const found = await Promise.all(
    ids.map((id) => db.client.send(new GetItemCommand({ TableName: "items", Key: { id: { S: id } } }))),
  );
  return ids.filter((_, index) => found[index]?.Item !== undefined);
}

test("items go when their time has come on the clock, with their index entries", async () => {
  await enable();
  await put("soon", now() + 100);
  await put("later", now() + 7200);
  await put("never", "tomorrow");
  await put("ancient", now() - 6 * 365 * 24 * 3600);

  await db.core.clock.advance(HOUR_MS);
  expect(await left(["soon", "later", "never", "ancient"])).toEqual(["later", "never", "ancient"]);
  const { Count } = await db.client.send(
    new QueryCommand({
      TableName: "items",
      IndexName: "status-index",
      KeyConditionExpression: "#s = :s",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": { S: "s" } },
    }),
  );
  expect(Count).toBe(3);

  await db.core.clock.advance(2 * HOUR_MS);
  expect(await left(["soon", "later", "never", "ancient"])).toEqual(["never", "ancient"]);
  expect(db.metrics.filter(({ name }) => name === "TimeToLiveDeletedItemCount").map(({ value }) => value)).toEqual([
    1, 1,
  ]);
});

test("an expired item is there until it is swept, within a minute", async () => {
  await enable();
  await put("item", now() - 1);

  expect(await left(["item"])).toEqual(["item"]);
  await db.core.clock.advance(60_000);
  expect(await left(["item"])).toEqual([]);
});

test("an item that is given more time stays", async () => {
  await enable();
  await put("item", now() + 100);
  await put("item", now() + 7200);
  await db.core.clock.advance(HOUR_MS);

  expect(await left(["item"])).toEqual(["item"]);
});

test("items from before TTL was enabled go as well, and a restart forgets nothing", async () => {
  await put("old", now() + 100);
  await enable();
  await put("young", now() + 100);
  db = await db.restart();
  expect(await left(["old", "young"])).toEqual(["old", "young"]);
  await db.core.clock.advance(HOUR_MS);

  await expect.poll(() => left(["old", "young"])).toEqual([]);
});

test("nothing goes once TTL is disabled", async () => {
  await enable();
  await put("item", now() + 2 * 3600);
  await db.core.clock.advance(HOUR_MS);
  await enable(false);
  await db.core.clock.advance(10 * HOUR_MS);

  expect(await left(["item"])).toEqual(["item"]);
});

test("describes TTL, and refuses what AWS refuses", async () => {
  const status = async () =>
    (await db.client.send(new DescribeTimeToLiveCommand({ TableName: "items" }))).TimeToLiveDescription;
  expect(await status()).toEqual({ TimeToLiveStatus: "DISABLED" });
  await expect(enable(false)).rejects.toThrow("TimeToLive is already disabled");
  await enable();
  expect(await status()).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" });
  await expect(enable()).rejects.toThrow("TimeToLive is already enabled");
  await expect(enable(false, "other")).rejects.toThrow(/active on a different AttributeName/);
  await expect(enable(false)).rejects.toThrow("Time to live has been modified multiple times within a fixed interval");
});
