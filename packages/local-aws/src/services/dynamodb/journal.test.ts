import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../core/clock.ts";
import type { Item } from "./attribute-value.ts";
import { keyOf } from "./dynalite.ts";
import { ItemStore } from "./item-store.ts";
import { type ItemChangeRecord, Journal } from "./journal.ts";
import { type Table, type TableRecord, tableOf } from "./table.ts";
import { type ItemWrite, WritePath } from "./write-path.ts";

const START = Date.UTC(2026, 10, 28);
let directory: string;
let now: number;
let store: ItemStore;
let journal: Journal;
let writes: WritePath;

const clock: Clock = { now: () => now, schedule: () => () => {} };

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "journal-"));
  now = START;
  await open();
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function open(): Promise<void> {
  store = await ItemStore.open(directory);
  journal = await Journal.load(store, clock, [items, plain]);
  writes = new WritePath(store, journal, clock, () => {});
}

function tableNamed(name: string, pointInTimeRecovery: TableRecord["pointInTimeRecovery"]): Table {
  return tableOf({
    name,
    id: `00000000-0000-4000-8000-0000000${name.padEnd(5, "0")}`,
    createdAt: START,
    attributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" },
      { AttributeName: "n", AttributeType: "N" },
    ],
    keySchema: [
      { AttributeName: "id", KeyType: "HASH" },
      { AttributeName: "n", KeyType: "RANGE" },
    ],
    billingMode: "PAY_PER_REQUEST",
    throughput: { read: 0, write: 0 },
    deletionProtection: false,
    globalIndexes: [],
    localIndexes: [],
    tags: {},
    pointInTimeRecovery,
  });
}

const items = tableNamed("items", { since: START, periodDays: 35, journal: "one" });
const plain = tableNamed("plain", undefined);

/** An item's key is its text's letters before the colon, and a number. */
function write(id: string, n: number, value: string | undefined, table = items): ItemWrite {
  const key = { id: { S: id }, n: { N: String(n) } };
  return {
    table,
    key: keyOf(key, table.shape),
    apply: () => (value === undefined ? undefined : { ...key, value: { S: value } }),
  };
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of source) {
    found.push(each);
  }
  return found;
}

async function changes(from = 0, to = Number.MAX_SAFE_INTEGER): Promise<ItemChangeRecord[]> {
  return await all(journal.changes(items, { from, to }));
}

const textOf = (item: Item | undefined) => item?.value?.S;
const valuesAt = async (at: number) => (await all(journal.itemsAt(items, at))).map(textOf);

test("tells every change with both images, in order, also within one millisecond and after a restart", async () => {
  await writes.write(write("a", 1, "first"));
  await writes.transact([write("a", 1, "second"), write("b", -2.5, "other")], []);
  await store.close();
  await open();
  await writes.write(write("a", 1, undefined));
  now += 1;
  await writes.write(write("a", 1, undefined));
  await writes.write(write("b", 3, "last"));

  expect((await changes()).map(({ at, before, after }) => [at - START, textOf(before), textOf(after)])).toEqual([
    [0, undefined, "first"],
    [0, "first", "second"],
    [0, undefined, "other"],
    [0, "second", undefined],
    [1, undefined, "last"],
  ]);
  expect((await changes(START, START + 1)).length).toBe(4);
  expect((await changes(START + 1, START + 2)).length).toBe(1);
});

test("a table without point-in-time recovery has no journal", async () => {
  await writes.write(write("a", 1, "value", plain));

  expect(store.count(plain.storeId).items).toBe(1);
  await expect(all(journal.itemsAt(plain, now))).rejects.toThrow("The table plain has no journal");
  await expect(all(journal.changes(plain, { from: 0, to: now }))).rejects.toThrow("has no journal");
});

test("the items of a moment do not include what is written at that very millisecond", async () => {
  await writes.write(write("a", 1, "old"));
  now = START + 1000;
  await writes.write(write("a", 1, "new"));

  expect(await valuesAt(START)).toEqual([]);
  expect(await valuesAt(START + 1)).toEqual(["old"]);
  expect(await valuesAt(START + 1000)).toEqual(["old"]);
  expect(await valuesAt(START + 1001)).toEqual(["new"]);
});

test("time does not go back with the wall clock", async () => {
  await writes.write(write("a", 1, "first"));
  now -= 5000;
  await writes.write(write("a", 1, "second"));
  await store.close();
  await open();
  await writes.write(write("a", 1, "third"));

  expect((await changes()).map(({ at, after }) => [at - START, textOf(after)])).toEqual([
    [0, "first"],
    [0, "second"],
    [0, "third"],
  ]);
});

test("a reader sees one moment, whatever is written and cleared meanwhile", async () => {
  await writes.write(write("a", 1, "kept"));
  now += 10;
  const reader = journal.itemsAt(items, now);
  const first = reader.next();
  await first;
  await writes.write(write("b", 1, "late"));
  await store.clear(ItemStore.tablePrefix(items.storeId));

  expect(textOf((await first).value)).toBe("kept");
  expect(await reader.next()).toEqual({ done: true, value: undefined });
});
