import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Item } from "./attribute-value.ts";
import { type Commit, ItemStore } from "./item-store.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "item-store-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function commitOf(key: string, item: Item): Commit {
  return {
    operations: [
      { type: "put", key: `t1/i/${key}`, value: JSON.stringify(item) },
      { type: "put", key: `t1/x/1/${key}`, value: JSON.stringify(item) },
    ],
    items: new Map([[`t1/i/${key}`, item]]),
    counts: [{ tableId: "t1", items: 1, bytes: 10 }],
  };
}

test("writers see at once what is on its way, readers when it is written", async () => {
  const store = await ItemStore.open(directory);
  // While the first is being written, the second waits in the next batch.
  const first = store.commit(commitOf("a", { id: { S: "a" } }));
  const second = store.commit(commitOf("b", { id: { S: "b" } }));

  expect(store.latest("t1/i/b").item).toEqual({ id: { S: "b" } });
  expect(store.read("t1/i/b")).toBeUndefined();
  await Promise.all([first, second]);
  expect(store.read("t1/i/b")).toEqual({ id: { S: "b" } });
  expect(store.latest("t1/i/b").written).toBeUndefined();
  await store.close();
});

test("pages hold what was on its way when they were asked for", async () => {
  const store = await ItemStore.open(directory);
  // Several at once, so that those who come afterwards wait for company.
  await Promise.all(["a", "b"].map((key) => store.commit(commitOf(key, { id: { S: key } }))));
  void store.commit(commitOf("c", { id: { S: "c" } }));

  const keys: string[] = [];
  for await (const page of store.pages("t1/i/", "t1/i/~", 2)) {
    keys.push(...page.map(([key]) => key));
  }
  expect(keys).toEqual(["t1/i/a", "t1/i/b", "t1/i/c"]);
  await store.close();
});

test("writes what is on its way before it closes, or clears", async () => {
  const store = await ItemStore.open(directory);
  const kept = store.commit(commitOf("a", { id: { S: "a" } }));
  void store.commit({
    ...commitOf("b", { id: { S: "b" } }),
    operations: [{ type: "put", key: "t2/i/b", value: "{}" }],
  });
  await store.clear("t2/");
  void store.commit(commitOf("c", { id: { S: "c" } }));
  await store.close();
  await kept;

  const reopened = await ItemStore.open(directory);
  expect(reopened.read("t1/i/a")).toEqual({ id: { S: "a" } });
  expect(reopened.read("t2/i/b")).toBeUndefined();
  expect(reopened.read("t1/i/c")).toEqual({ id: { S: "c" } });
  await reopened.close();
});

test("counts what was committed, and drops a table with its counts", async () => {
  const store = await ItemStore.open(directory);
  await Promise.all(["a", "b", "c"].map((key) => store.commit(commitOf(key, { id: { S: key } }))));
  expect(store.count("t1")).toMatchObject({ items: 3, bytes: 30 });
  expect(await store.tableIds()).toEqual(["t1"]);
  await store.dropTable("t1");

  expect(await store.tableIds()).toEqual([]);
  expect(store.count("t1")).toMatchObject({ items: 0, bytes: 0 });
  await store.close();
});

/** Commits as fast as it can, and prints the number of each commit once it is acknowledged. */
const WRITER = `
const { ItemStore } = await import(process.argv[1]);
const store = await ItemStore.open(process.argv[2]);
let next = Number(process.argv[3]);
const write = async () => {
  for (;;) {
    const n = next++;
    const value = JSON.stringify({ id: { S: String(n) }, text: { S: "x".repeat(2000) } });
    await store.commit({
      operations: [
        { type: "put", key: "t1/i/" + n, value },
        { type: "put", key: "t1/x/1/" + n, value },
      ],
      items: new Map(),
      counts: [{ tableId: "t1", items: 1, bytes: 1 }],
    });
    process.stdout.write(n + "\\n");
  }
};
await Promise.all(Array.from({ length: 8 }, write));
`;

test("after kill -9 every acknowledged commit is there, whole, and the counts agree", async () => {
  const acknowledged = new Set<number>();
  for (let round = 0; round < 3; round++) {
    const writer = spawn(
      process.execPath,
      [
        "--no-warnings",
        "--input-type=module",
        "-e",
        WRITER,
        join(import.meta.dirname, "item-store.ts"),
        directory,
        String(round * 1_000_000),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const exited = once(writer, "exit");
    const before = acknowledged.size;
    for await (const line of createInterface({ input: writer.stdout })) {
      acknowledged.add(Number(line));
      if (acknowledged.size - before === 150) {
        writer.kill("SIGKILL");
      }
    }
    await exited;
  }
  const store = await ItemStore.open(directory);
  const items = await keysOf(store, "t1/i/");
  const entries = await keysOf(store, "t1/x/1/");

  expect(acknowledged.size).toBeGreaterThanOrEqual(450);
  expect([...acknowledged].filter((n) => !items.has(String(n)))).toEqual([]);
  expect(entries).toEqual(items);
  expect(store.count("t1").items).toBe(items.size);
  await store.close();
});

async function keysOf(store: ItemStore, prefix: string): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const page of store.pages(prefix, `${prefix}~`, 100)) {
    for (const [key] of page) {
      keys.add(key.slice(prefix.length));
    }
  }
  return keys;
}
