import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { type DocumentRecord, ExactNumber } from "@slipway/contracts";
import { decideUndo, type ItemSwap } from "@slipway/release-engine";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { toDocument, toItem } from "./attribute-values.ts";
import { DynamoUndoTable } from "./dynamo-undo-table.ts";

const TableName = "orders";
let fixture: LocalAwsFixture;
let client: DynamoDBClient;
let table: DynamoUndoTable;
let made = 0;

beforeAll(async () => {
  fixture = await localAwsFixture();
  client = new DynamoDBClient(fixture.client);
  await client.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
      KeySchema: [
        { AttributeName: "status", KeyType: "HASH" },
        { AttributeName: "n", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "status", AttributeType: "B" },
        { AttributeName: "n", AttributeType: "N" },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName });
  table = new DynamoUndoTable(client, TableName);
});

afterEach(() => fixture.clearFaults());

afterAll(async () => {
  client?.destroy();
  await fixture?.close();
});

/** A key of reserved words and of types that are no text. */
const newKey = (): DocumentRecord => ({ status: new Uint8Array([1, 2]), n: ++made });
const put = (record: DocumentRecord) => client.send(new PutItemCommand({ TableName, Item: toItem(record) }));
const read = async (key: DocumentRecord) => {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: toItem(key), ConsistentRead: true }));
  return Item && toDocument(Item);
};

/** Images with every type of attribute. */
const good = (key: DocumentRecord): DocumentRecord => ({
  ...{ ...key, name: "pen", price: 7, exact: new ExactNumber("12345678901234567890"), yes: true, nothing: null },
  ...{
    "odd name.#": "x",
    bytes: new Uint8Array([0]),
    tags: new Set(["b", "a"]),
    empty: "",
    list: [1, { deep: [] }],
    map: {},
  },
});
const bad = (key: DocumentRecord): DocumentRecord => ({
  ...good(key),
  price: 0,
  writer: "batch",
  name: "",
  tags: new Set(["a"]),
});

const wholeSwaps: readonly [string, (key: DocumentRecord) => ItemSwap][] = [
  ["a changed item", (key) => ({ key, from: bad(key), to: good(key) })],
  ["an item that was deleted", (key) => ({ key, to: good(key) })],
  ["an item that was made", (key) => ({ key, from: bad(key) })],
];

test.each(wholeSwaps)("writes %s back, once", async (_name, swapOf) => {
  const swap = swapOf(newKey());
  if (swap.from !== undefined) await put(swap.from);

  expect(await table.swap(swap)).toMatchObject({ outcome: "written" });
  expect(await read(swap.key)).toEqual(swap.to);
  expect(decideUndo(swap, (await table.read(swap.key)).record)).toBe("there");
  expect(await table.swap(swap)).toMatchObject({ outcome: "conflict" });
});

test.each(wholeSwaps)("leaves %s when somebody has changed it, whatever it was", async (_name, swapOf) => {
  const swap = swapOf(newKey());
  for (const theirs of [
    { ...bad(swap.key), price: 8 },
    { ...swap.key },
    { ...bad(swap.key), list: [1, { deep: [1] }] },
  ]) {
    await put(theirs);
    expect(await table.swap(swap)).toMatchObject({ outcome: "conflict" });
    expect(await read(swap.key)).toEqual(theirs);
  }
});

test("leaves an item that is not there any more, and one that has got what would be added", async () => {
  const key = newKey();
  const swap = { key, from: { ...key, price: 0 }, to: { ...key, price: 7, note: "ours" } };
  expect(await table.swap(swap)).toMatchObject({ outcome: "conflict" });
  expect(await read(key)).toBeUndefined();

  await put({ ...key, price: 0, note: "theirs" });
  expect(await table.swap(swap)).toMatchObject({ outcome: "conflict" });
  expect(await read(key)).toEqual({ ...key, price: 0, note: "theirs" });
});

test("keeps what somebody has added meanwhile", async () => {
  const key = newKey();
  await put({ ...key, price: 0, note: "theirs" });
  expect(await table.swap({ key, from: { ...key, price: 0 }, to: { ...key, price: 7 } })).toMatchObject({
    outcome: "written",
  });
  expect(await read(key)).toEqual({ ...key, price: 7, note: "theirs" });
});

test("writes an item with as many attributes as one condition takes", async () => {
  const key = newKey();
  const wide = (value: string) => Object.fromEntries(Array.from({ length: 146 }, (_, index) => [`a${index}`, value]));
  const swap = { key, from: { ...key, ...wide("bad") }, to: { ...key, ...wide("good") } };
  await put(swap.from);
  expect(decideUndo(swap, swap.from)).toBe("write");
  expect(await table.swap(swap)).toMatchObject({ outcome: "written" });
});

test.each([
  ["PutItem", wholeSwaps[1]],
  ["UpdateItem", wholeSwaps[0]],
  ["DeleteItem", wholeSwaps[2]],
] as const)("takes a %s whose answer was lost for its own", async (operation, line) => {
  const swap = line?.[1](newKey()) as ItemSwap;
  if (swap.from !== undefined) await put(swap.from);
  await fixture.plantFault({ service: "dynamodb", operation, kind: "lost-answer", remaining: 1 });
  expect(await table.swap(swap)).toMatchObject({ outcome: "written" });
  expect(await read(swap.key)).toEqual(swap.to);
});

test("says what is wrong where there is no such table, and looks again when it is there", async () => {
  const missing = new DynamoUndoTable(client, "missing");
  await expect(missing.describe()).rejects.toMatchObject({ kind: "not-found" });
  await expect(missing.describe()).rejects.toMatchObject({ kind: "not-found" });
  expect(await table.describe()).toEqual({ name: TableName, partitionKey: "status", sortKey: "n" });
});
