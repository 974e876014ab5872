import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../core/clock.ts";
import type { Item } from "./attribute-value.ts";
import { keyOf } from "./dynalite.ts";
import { ItemStore } from "./item-store.ts";
import { type ItemChangeRecord, Journal } from "./journal.ts";
import type { Table, TableRecord } from "./table.ts";
import { journaledTable } from "./test/journaled-table.ts";
import { type ItemWrite, WritePath } from "./write-path.ts";

const START = Date.UTC(2026, 10, 28);
let directory: string;
let now: number;
/** By how much time goes on whenever somebody asks for it. */
let tick: number;
let store: ItemStore;
let journal: Journal;
let writes: WritePath;

const clock: Clock = {
  now: () => {
    now += tick;
    return now;
  },
  schedule: () => () => {},
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "journal-"));
  now = START;
  tick = 0;
  await open();
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function open(): Promise<void> {
  store = await ItemStore.open(directory);
  journal = await Journal.load(store, [items, plain]);
  writes = new WritePath(store, journal, clock, () => {});
}

function tableNamed(name: string, pointInTimeRecovery: TableRecord["pointInTimeRecovery"]): Table {
  const id = `00000000-0000-4000-8000-0000000${name.padEnd(5, "0")}`;
  return journaledTable({ name, id, createdAt: START }, pointInTimeRecovery);
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

test("a transaction has one time, however long it takes to prepare, so that no moment is in the middle of it", async () => {
  tick = 1;
  await writes.write(write("a", 1, "first"));
  await writes.transact([write("a", 1, "x"), write("b", 1, "x"), write("c", 1, "x")], []);
  await writes.write(write("a", 1, "last"));

  const found = (await changes()).map(({ at, after }) => [at - START, textOf(after)]);
  const at = found[1]?.[0];
  expect(found.map(([, value]) => value)).toEqual(["first", "x", "x", "x", "last"]);
  expect(found.filter((change) => change[0] === at).length).toBe(3);
  for (let moment = START; moment <= now; moment++) {
    expect([0, 3]).toContain((await valuesAt(moment)).filter((value) => value === "x").length);
  }
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

/** A small generator, so that a failure can be had again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test.each([1, 2, 3])(
  "any moment's items equal a naive model's, and changes lead from one to the next (seed %i)",
  async (seed) => {
    const random = randomFrom(seed);
    const model = new Map<string, string>();
    const states: { at: number; values: string[] }[] = [];
    const state = () => ({
      at: now,
      values: [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value),
    });
    for (let step = 0; step < 200; step++) {
      const made = Array.from({ length: 1 + random(3) }, (_, each) =>
        write(`k${random(12) * 3 + each}`, random(2) - 0.5, random(4) === 0 ? undefined : `${step}.${each}`),
      );
      const done = random(2) === 0 ? writes.transact(made, []) : Promise.all(made.map((each) => writes.write(each)));
      for (const { key, apply } of made) {
        const value = textOf(apply(undefined));
        value === undefined ? model.delete(key) : model.set(key, value);
      }
      await done;
      if (random(60) === 0) {
        await store.close();
        await open();
      }
      if (random(3) > 0) {
        // Whole seconds, too, so that a write can be at exactly the moment that is asked for.
        now = random(2) === 0 ? now + 1 + random(1500) : Math.ceil((now + 1) / 1000) * 1000;
        states.push(state());
      }
    }

    for (let round = 0; round < 15; round++) {
      const [one, other] = [random(states.length), random(states.length)].sort((a, b) => a - b) as [number, number];
      const [from, to] = [states[one], states[other]] as [(typeof states)[number], (typeof states)[number]];
      const places = new Map(
        (await all(journal.placesAt(items, from.at))).map(({ key, item }) => [key, textOf(JSON.parse(item))]),
      );
      expect([...places.values()]).toEqual(from.values);
      for (const { key, after } of await changes(from.at, to.at)) {
        after === undefined ? places.delete(key) : places.set(key, textOf(after));
      }
      expect([...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)).toEqual(to.values);
    }
  },
);

test("a reader may stop in the middle", async () => {
  await Promise.all(Array.from({ length: 1200 }, (_, number) => writes.write(write(`k${number}`, 1, "value"))));
  now += 10;
  for await (const _ of journal.itemsAt(items, START)) {
    expect.unreachable();
  }
  for (const reader of [journal.itemsAt(items, now), journal.changes(items, { from: START, to: now })]) {
    for await (const _ of reader) {
      break;
    }
  }
  expect((await valuesAt(now)).length).toBe(1200);
});

test("what is forgotten is gone in both orders, and nobody gets an answer from what is left of it", async () => {
  for (const value of ["one", "two", "three"]) {
    await writes.write(write("a", 1, value));
    now += 1000;
  }
  expect(await journal.trim(items, START)).toBe(START);
  expect(await journal.trim(items, START + 1500)).toBe(START + 2000);
  await store.close();
  await open();

  expect((await changes(START + 1500)).map(({ after }) => textOf(after))).toEqual(["three"]);
  expect(await valuesAt(START + 1500)).toEqual(["two"]);
  await expect(valuesAt(START + 1000)).rejects.toThrow("does not go back to 2026-11-28T00:00:01.000Z");
  await expect(changes(START + 1000)).rejects.toThrow("does not go back");
  expect(await journal.trim(items, START + 9000)).toBeUndefined();
  expect(await keysIn("k/")).toEqual([]);
  expect((await keysIn("j/")).length).toBe(1);
});

async function keysIn(part: string): Promise<string[]> {
  const prefix = `${ItemStore.tablePrefix(items.storeId)}${part}`;
  const view = await store.view();
  const keys = (await all(view.keys(prefix, `${prefix}~`))).flat();
  await view.close();
  return keys;
}

/** Writes as fast as it can through the write path, alone and in transactions, and prints the number of each change that is acknowledged. */
const WRITER = `
const [folder, directory, first, table] = process.argv.slice(1);
const [{ ItemStore }, { Journal }, { WritePath }, { keyOf }, { tableOf }] = await Promise.all(
  ["item-store", "journal", "write-path", "dynalite", "table"].map((name) => import(folder + "/" + name + ".ts")),
);
const store = await ItemStore.open(directory);
const items = tableOf(JSON.parse(table));
const clock = { now: () => Date.now(), schedule: () => () => {} };
const writes = new WritePath(store, await Journal.load(store, [items]), clock, () => {});
let next = Number(first);
const writeOf = (id, n) => {
  const key = { id: { S: id }, n: { N: "1" } };
  return { table: items, key: keyOf(key, items.shape), apply: () => ({ ...key, value: { S: String(n) }, text: { S: "x".repeat(2000) } }) };
};
await Promise.all(Array.from({ length: 8 }, async (_, writer) => {
  for (;;) {
    const n = next++;
    const made = [writeOf("w" + writer, n), writeOf("v" + writer, n)];
    await (n % 2 === 0 ? writes.transact(made, []) : writes.write(made[0]));
    process.stdout.write(n + "\\n");
  }
}));
`;

test("after kill -9 the journal tells exactly how the items that are there came about", async () => {
  await store.close();
  const acknowledged = new Set<string>();
  for (let round = 0; round < 3; round++) {
    const writer = spawn(
      process.execPath,
      [
        "--no-warnings",
        "--input-type=module",
        "-e",
        WRITER,
        import.meta.dirname,
        directory,
        String(round * 1_000_000),
        JSON.stringify(items.record),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const exited = once(writer, "exit");
    const before = acknowledged.size;
    for await (const line of createInterface({ input: writer.stdout })) {
      acknowledged.add(line);
      if (acknowledged.size - before === 150) {
        writer.kill("SIGKILL");
      }
    }
    await exited;
  }
  await open();
  const told = new Map<string, string | undefined>();
  const values = new Set<string | undefined>();
  for (const { key, before, after } of await changes()) {
    expect(textOf(before)).toBe(told.get(key));
    told.set(key, textOf(after));
    values.add(textOf(after));
  }
  const found = (await all(journal.placesAt(items, Date.now() + 60_000))).map(({ key, item }) => [
    key,
    textOf(JSON.parse(item)),
  ]);

  expect(acknowledged.size).toBeGreaterThanOrEqual(450);
  expect([...acknowledged].filter((n) => !values.has(n))).toEqual([]);
  expect(found).toEqual([...told].sort(([a], [b]) => (a < b ? -1 : 1)));
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
