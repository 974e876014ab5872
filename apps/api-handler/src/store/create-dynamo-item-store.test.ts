import { setTimeout as sleep } from "node:timers/promises";
import { GetItemCommand, type QueryCommandInput, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { makeItem } from "../test/make-item.ts";
import { type ItemsTable, startItemsTable } from "../test/start-items-table.ts";
import { createDynamoClient } from "./create-dynamo-client.ts";
import { createDynamoItemStore } from "./create-dynamo-item-store.ts";
import type { ListPosition } from "./item-store.ts";
import { StoreUnavailableError } from "./store-unavailable-error.ts";

let table: ItemsTable;
let time: Date;
const now = () => time;

beforeAll(async () => {
  table = await startItemsTable();
  for (const [name, value] of Object.entries(table.env)) vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await table[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await table.heal();
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
    const full = makeItem(102, {
      description: "d",
      status: "inactive",
      attributes: { colour: "blue", gears: 7.5, boxed: false },
      expiresAt: "2026-07-01T00:00:00.000Z",
    });
    expect(await store.createOnce(plain)).toBe("written");
    expect(await store.createOnce(full)).toBe("written");
    expect(await store.get(plain.id)).toEqual(plain);
    expect(await store.get(full.id)).toEqual(full);
    expect(await store.get(makeItem(199).id)).toBeUndefined();
  });

  it("creates no item twice", async () => {
    const { store } = connect();
    const item = makeItem(111);
    await store.createOnce(item);
    expect(await store.createOnce({ ...item, name: "other" })).toBe("conflict");
    expect(await store.get(item.id)).toEqual(item);
  });

  it("replaces the version it was told, and that only", async () => {
    const { store } = connect();
    const item = makeItem(121, { description: "old" });
    await store.createOnce(item);
    const next = makeItem(121, { name: "new", version: 2 });
    expect(await store.replace(next, 1)).toBe("written");
    expect(await store.replace({ ...next, name: "late" }, 1)).toBe("conflict");
    expect(await store.get(item.id)).toEqual(next);
    expect(await store.replace(makeItem(129), 1)).toBe("conflict");
    expect(await store.get(makeItem(129).id)).toBeUndefined();
  });

  it("keeps attributes that it does not know", async () => {
    const { client, store } = connect();
    const key = { TableName: table.tableName, Key: { id: { S: makeItem(131).id } } };
    await store.createOnce(makeItem(131));
    await client.send(
      new UpdateItemCommand({
        ...key,
        UpdateExpression: "SET later = :x",
        ExpressionAttributeValues: { ":x": { N: "1" } },
      }),
    );
    await store.replace(makeItem(131, { version: 2 }), 1);
    expect((await client.send(new GetItemCommand(key))).Item).toMatchObject({ later: { N: "1" }, version: { N: "2" } });
    expect(await store.get(makeItem(131).id)).not.toHaveProperty("later");
  });

  it("deletes the version it was told, and that only", async () => {
    const { store } = connect();
    const item = makeItem(141, { version: 2 });
    await store.createOnce(item);
    expect(await store.delete(item.id, 1)).toBe("conflict");
    expect(await store.delete(item.id, 2)).toBe("written");
    expect(await store.get(item.id)).toBeUndefined();
    expect(await store.delete(item.id, 2)).toBe("conflict");
  });

  it("lists one status from the index, newest first, page by page", async () => {
    const { client, store } = connect();
    for (const number of [151, 152, 153, 154, 155]) await store.createOnce(makeItem(number, { status: "archived" }));
    await store.createOnce(makeItem(156));
    const sent = vi.spyOn(client, "send");

    const pages: string[][] = [];
    let after: ListPosition | undefined;
    do {
      const page = await store.list({ status: "archived", order: "newest", limit: 2, after });
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
    for (const number of [161, 163, 165, 167]) await store.createOnce(makeItem(number, { status: "inactive" }));
    const query = { status: "inactive", order: "newest", limit: 2 } as const;
    const first = await store.list(query);
    expect(first.next).toEqual({ createdAt: makeItem(165).createdAt, id: makeItem(165).id });

    await store.delete(makeItem(165).id, 1);
    await store.createOnce(makeItem(168, { status: "inactive" }));
    await store.createOnce(makeItem(164, { status: "inactive" }));

    const second = await store.list({ ...query, after: first.next });
    expect(second.items.map((item) => item.name)).toEqual(["item 164", "item 163"]);
  });

  it("stores the expiry in seconds, and hides an item from that moment on", async () => {
    const { client, store } = connect();
    const expiresAt = "2026-06-01T13:00:00.000Z";
    const item = makeItem(171, { expiresAt });
    await store.createOnce(item);
    const { Item: record } = await client.send(
      new GetItemCommand({ TableName: table.tableName, Key: { id: { S: item.id } } }),
    );
    expect(record?.expiresAtEpoch).toEqual({ N: String(Date.parse(expiresAt) / 1000) });
    const isListed = async () =>
      (await store.list({ status: "active", order: "newest", limit: 100 })).items.some(({ id }) => id === item.id);

    time = new Date("2026-06-01T12:59:59.999Z");
    expect(await store.get(item.id)).toEqual(item);
    expect(await isListed()).toBe(true);

    time = new Date("2026-06-01T13:00:00.000Z");
    expect(await store.get(item.id)).toBeUndefined();
    expect(await isListed()).toBe(false);
  });

  it("lets one of many writers of a version win", async () => {
    const { store } = connect();
    await store.createOnce(makeItem(181));
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

    await table.plant({ kind: "lost-answer", operation: "TransactWriteItems", remaining: 1 });
    expect(await store.createOnce(item)).toBe("written");
    await table.plant({ kind: "lost-answer", operation: "UpdateItem", remaining: 1 });
    expect(await store.replace({ ...item, name: "new", version: 2 }, 1)).toBe("written");
    expect(await store.get(item.id)).toMatchObject({ name: "new", version: 2 });
    await table.plant({ kind: "lost-answer", operation: "DeleteItem", remaining: 1 });
    expect(await store.delete(item.id, 2)).toBe("written");
    expect(await store.get(item.id)).toBeUndefined();
  });

  it("does not take another's write for its own", async () => {
    const { store } = connect();
    const item = makeItem(211, { version: 2 });
    await store.createOnce(item);

    await table.plant({ kind: "lost-answer", operation: "TransactWriteItems", remaining: 1 });
    expect(await store.createOnce(makeItem(211))).toBe("conflict");
    await table.plant({ kind: "lost-answer", operation: "UpdateItem", remaining: 1 });
    expect(await store.replace(makeItem(211, { version: 2 }), 1)).toBe("conflict");
    await table.plant({ kind: "lost-answer", operation: "DeleteItem", remaining: 1 });
    expect(await store.delete(item.id, 1)).toBe("conflict");
    expect(await store.get(item.id)).toEqual(item);
  });

  it.each([
    ["a creation", 221, undefined],
    ["a creation under a key", 231, { id: "late", fingerprint: "f" }],
  ])("sends %s again, which is done once whatever comes late: a deletion is not undone", async (_, number, request) => {
    const { client, store } = connect();
    const attempts = vi.spyOn(client.config.requestHandler, "handle");
    const item = makeItem(number);
    await table.plant({ kind: "delay", delayMs: 2_300, operation: "TransactWriteItems", remaining: 1 });
    expect(await store.createOnce(item, request)).toBe("written");
    expect(attempts).toHaveBeenCalledTimes(2);
    expect(await store.delete(item.id, 1)).toBe("written");
    // The first try arrives now.
    await sleep(600);
    expect(await store.get(item.id)).toBeUndefined();
  });

  it("does not call its change refused when others have written since, who may have written over it", async () => {
    const { client, store } = connect();
    const item = makeItem(241);
    await store.createOnce(item);
    const others = createDynamoItemStore(client, table.tableName, now);
    const handle = client.config.requestHandler.handle.bind(client.config.requestHandler);
    vi.spyOn(client.config.requestHandler, "handle").mockImplementationOnce(async (...call) => {
      await handle(...call);
      // Before it is sent again, because the answer is lost.
      await others.replace(makeItem(241, { name: "theirs", version: 3 }), 2);
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
    await expect(store.replace({ ...item, name: "ours", version: 2 }, 1)).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(await store.get(item.id)).toMatchObject({ name: "theirs", version: 3 });
  });

  it("is unavailable when no attempt gets an answer", async () => {
    const { store } = connect();
    await table.plant({ kind: "lost-answer", operation: "GetItem", remaining: 3 });
    await expect(store.get(makeItem(1).id)).rejects.toBeInstanceOf(StoreUnavailableError);
  });
});

describe("createOnce", () => {
  const request = (id: string, fingerprint = "f") => ({ id, fingerprint });

  it("creates one item for one request, however many tries there are at once", async () => {
    const { store } = connect();
    const tries = Array.from({ length: 25 }, (_, number) => makeItem(300 + number));

    const results = await Promise.all(tries.map((item) => store.createOnce(item, request("many"))));

    const winner = tries[results.indexOf("written")];
    expect(results.filter((result) => result === "written")).toHaveLength(1);
    expect(results.filter((result) => result !== "written")).toEqual(
      Array.from({ length: 24 }, () => ({ fingerprint: "f", item: winner })),
    );
    const present = await Promise.all(tries.map(({ id }) => store.get(id)));
    expect(present.filter((item) => item !== undefined)).toEqual([winner]);
  });

  it("remembers the first answer, and not what became of the item", async () => {
    const { store } = connect();
    const item = makeItem(341);
    await store.createOnce(item, request("first"));
    await store.replace({ ...item, name: "changed", version: 2 }, 1);
    await store.delete(item.id, 2);

    expect(await store.createOnce(makeItem(342), request("first", "other"))).toEqual({ fingerprint: "f", item });
    expect(await store.findFirstAnswer("first")).toEqual({ fingerprint: "f", item });
    expect(await store.get(item.id)).toBeUndefined();
    expect(await store.get(makeItem(342).id)).toBeUndefined();
  });

  it("writes no note when the id is taken", async () => {
    const { store } = connect();
    await store.createOnce(makeItem(351));
    expect(await store.createOnce(makeItem(351), request("taken"))).toBe("conflict");
    expect(await store.findFirstAnswer("taken")).toBeUndefined();
  });

  it("forgets after a day, although the table has not deleted the note yet", async () => {
    const { store } = connect();
    await store.createOnce(makeItem(361), request("old"));
    time = new Date("2026-06-02T11:59:59.000Z");
    expect(await store.createOnce(makeItem(362), request("old"))).toEqual({ fingerprint: "f", item: makeItem(361) });
    time = new Date("2026-06-02T12:00:00.000Z");
    expect(await store.findFirstAnswer("old")).toBeUndefined();
    expect(await store.createOnce(makeItem(362), request("old"))).toBe("written");
  });

  it("is in no list with its notes", async () => {
    const { store } = connect();
    await store.createOnce(makeItem(371, { status: "archived" }), request("listed"));
    const { items } = await store.list({ status: "archived", order: "oldest", limit: 100 });
    expect(items.every(({ id }) => /^[\da-f-]{36}$/.test(id))).toBe(true);
  });

  it("knows its own creation again when the answer is lost", async () => {
    const { store } = connect();
    await table.plant({ kind: "lost-answer", operation: "TransactWriteItems", remaining: 2 });
    expect(await store.createOnce(makeItem(381), request("lost"))).toBe("written");
    expect(await store.get(makeItem(381).id)).toEqual(makeItem(381));
  });

  it("tells a table without capacity from one that does not answer", async () => {
    const { store } = connect();
    await table.plant({ kind: "throttle", operation: "TransactWriteItems", remaining: 3 });
    await expect(store.createOnce(makeItem(391), request("throttled"))).rejects.toMatchObject({ isThrottled: true });
    await table.plant({ kind: "unavailable", operation: "TransactWriteItems", remaining: 3 });
    await expect(store.createOnce(makeItem(391), request("throttled"))).rejects.toMatchObject({ isThrottled: false });
    expect(await store.createOnce(makeItem(391), request("throttled"))).toBe("written");
  });
});

it("checks that the table answers", async () => {
  const { store } = connect();
  await expect(store.check()).resolves.toBeUndefined();
  await table.plant({ kind: "drop", operation: "GetItem", remaining: 3 });
  await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailableError);
});

it("leaves a missing table an unexpected error", async () => {
  const store = createDynamoItemStore(createDynamoClient(), "no-such-table", now);
  await expect(store.get(makeItem(1).id)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
