import { GetCommand, type QueryCommandInput, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createDynamoClient } from "./create-dynamo-client.ts";
import { createDynamoItemStore } from "./create-dynamo-item-store.ts";
import type { ListPosition } from "./item-store.ts";
import { StoreUnavailableError } from "./store-unavailable-error.ts";
import { makeItem } from "./testing/make-item.ts";
import { type AnswerLoser, startAnswerLoser } from "./testing/start-answer-loser.ts";
import { type ItemsTable, startItemsTable } from "./testing/start-items-table.ts";

let table: ItemsTable;
let loser: AnswerLoser;
let time: Date;
const now = () => time;

beforeAll(async () => {
  table = await startItemsTable();
  loser = await startAnswerLoser(table.port);
  for (const [name, value] of Object.entries({ ...table.env, AWS_ENDPOINT_URL: loser.endpoint }))
    vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await loser[Symbol.asyncDispose]();
  await table[Symbol.asyncDispose]();
});

beforeEach(() => {
  time = new Date("2026-06-01T12:00:00.000Z");
});

function connect() {
  const client = createDynamoClient();
  return { client, store: createDynamoItemStore(client, table.tableName, now) };
}

describe("the DynamoDB item store", () => {
  it("gives back what was created, and nothing more", async () => {
    const { store } = connect();
    const plain = makeItem(101);
    const full = makeItem(102, { description: "d", status: "inactive", expiresAt: "2026-07-01T00:00:00.000Z" });
    expect(await store.create(plain)).toBe("written");
    expect(await store.create(full)).toBe("written");
    expect(await store.get(plain.id)).toEqual(plain);
    expect(await store.get(full.id)).toEqual(full);
    expect(await store.get(makeItem(199).id)).toBeUndefined();
  });

  it("creates no item twice", async () => {
    const { store } = connect();
    const item = makeItem(111);
    await store.create(item);
    expect(await store.create({ ...item, name: "other" })).toBe("conflict");
    expect(await store.get(item.id)).toEqual(item);
  });

  it("replaces the version it was told, and that only", async () => {
    const { store } = connect();
    const item = makeItem(121, { description: "old" });
    await store.create(item);
    const next = makeItem(121, { name: "new", version: 2 });
    expect(await store.replace(next, 1)).toBe("written");
    expect(await store.replace({ ...next, name: "late" }, 1)).toBe("conflict");
    expect(await store.get(item.id)).toEqual(next);
    expect(await store.replace(makeItem(129), 1)).toBe("conflict");
    expect(await store.get(makeItem(129).id)).toBeUndefined();
  });

  it("keeps attributes that it does not know", async () => {
    const { client, store } = connect();
    const key = { TableName: table.tableName, Key: { id: makeItem(131).id } };
    await store.create(makeItem(131));
    await client.send(
      new UpdateCommand({ ...key, UpdateExpression: "SET later = :x", ExpressionAttributeValues: { ":x": 1 } }),
    );
    await store.replace(makeItem(131, { version: 2 }), 1);
    expect((await client.send(new GetCommand(key))).Item).toMatchObject({ later: 1, version: 2 });
    expect(await store.get(makeItem(131).id)).not.toHaveProperty("later");
  });

  it("deletes the version it was told, and that only", async () => {
    const { store } = connect();
    const item = makeItem(141, { version: 2 });
    await store.create(item);
    expect(await store.delete(item.id, 1)).toBe("conflict");
    expect(await store.delete(item.id, 2)).toBe("written");
    expect(await store.get(item.id)).toBeUndefined();
    expect(await store.delete(item.id, 2)).toBe("conflict");
  });

  it("lists one status from the index, newest first, page by page", async () => {
    const { client, store } = connect();
    for (const number of [151, 152, 153, 154, 155]) await store.create(makeItem(number, { status: "archived" }));
    await store.create(makeItem(156));
    const sent = vi.spyOn(client, "send");

    const pages: string[][] = [];
    let after: ListPosition | undefined;
    do {
      const page = await store.list({ status: "archived", limit: 2, after });
      pages.push(page.items.map((item) => item.name));
      after = page.next;
    } while (after);

    expect(pages.filter((page) => page.length > 0)).toEqual([
      ["item 155", "item 154"],
      ["item 153", "item 152"],
      ["item 151"],
    ]);
    for (const [command] of sent.mock.calls) {
      expect(command.constructor.name).toBe("QueryCommand");
      expect((command.input as QueryCommandInput).IndexName).toBe("status-index");
    }
  });

  it("goes on from its place after inserts and deletes around it", async () => {
    const { store } = connect();
    for (const number of [161, 163, 165, 167]) await store.create(makeItem(number, { status: "inactive" }));
    const query = { status: "inactive", limit: 2 } as const;
    const first = await store.list(query);
    expect(first.next).toEqual({ createdAt: makeItem(165).createdAt, id: makeItem(165).id });

    await store.delete(makeItem(165).id, 1);
    await store.create(makeItem(168, { status: "inactive" }));
    await store.create(makeItem(164, { status: "inactive" }));

    const second = await store.list({ ...query, after: first.next });
    expect(second.items.map((item) => item.name)).toEqual(["item 164", "item 163"]);
  });

  it("stores the expiry in seconds, and hides an item from that moment on", async () => {
    const { client, store } = connect();
    const expiresAt = "2026-06-01T13:00:00.000Z";
    const item = makeItem(171, { expiresAt });
    await store.create(item);
    const { Item: record } = await client.send(new GetCommand({ TableName: table.tableName, Key: { id: item.id } }));
    expect(record?.expiresAtEpoch).toBe(Date.parse(expiresAt) / 1000);
    const isListed = async () =>
      (await store.list({ status: "active", limit: 100 })).items.some(({ id }) => id === item.id);

    time = new Date("2026-06-01T12:59:59.999Z");
    expect(await store.get(item.id)).toEqual(item);
    expect(await isListed()).toBe(true);

    time = new Date("2026-06-01T13:00:00.000Z");
    expect(await store.get(item.id)).toBeUndefined();
    expect(await isListed()).toBe(false);
  });

  it("lets one of many writers of a version win", async () => {
    const { store } = connect();
    await store.create(makeItem(181));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => store.replace(makeItem(181, { name: `writer ${n}`, version: 2 }), 1)),
    );
    expect(results.filter((result) => result === "written")).toHaveLength(1);
    expect(await store.get(makeItem(181).id)).toMatchObject({ name: `writer ${results.indexOf("written")}` });
  });
});

describe("when the answer to a write is lost", () => {
  it("knows its own creation, change and deletion again", async () => {
    const { store } = connect();
    const item = makeItem(201);

    loser.lose("PutItem", 1);
    expect(await store.create(item)).toBe("written");
    loser.lose("UpdateItem", 1);
    expect(await store.replace({ ...item, name: "new", version: 2 }, 1)).toBe("written");
    expect(await store.get(item.id)).toMatchObject({ name: "new", version: 2 });
    loser.lose("DeleteItem", 1);
    expect(await store.delete(item.id, 2)).toBe("written");
    expect(await store.get(item.id)).toBeUndefined();
  });

  it("does not take another's write for its own", async () => {
    const { store } = connect();
    const item = makeItem(211, { version: 2 });
    await store.create(item);

    loser.lose("PutItem", 1);
    expect(await store.create(makeItem(211))).toBe("conflict");
    loser.lose("UpdateItem", 1);
    expect(await store.replace(makeItem(211, { version: 2 }), 1)).toBe("conflict");
    loser.lose("DeleteItem", 1);
    expect(await store.delete(item.id, 1)).toBe("conflict");
    expect(await store.get(item.id)).toEqual(item);
  });

  it("is unavailable when no attempt gets an answer", async () => {
    const { store } = connect();
    loser.lose("GetItem", 3);
    await expect(store.get(makeItem(1).id)).rejects.toBeInstanceOf(StoreUnavailableError);
  });
});

it("leaves a missing table an unexpected error", async () => {
  const store = createDynamoItemStore(createDynamoClient(), "no-such-table", now);
  await expect(store.get(makeItem(1).id)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
