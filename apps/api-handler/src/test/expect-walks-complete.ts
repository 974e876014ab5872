import fc from "fast-check";
import { expect, onTestFinished, vi } from "vitest";
import { createHandler } from "../create-handler.ts";
import type { Item } from "../items/item.ts";
import { createDynamoClient } from "../store/create-dynamo-client.ts";
import { createDynamoItemStore } from "../store/create-dynamo-item-store.ts";
import type { ItemStore } from "../store/item-store.ts";
import { CURSOR_KEY } from "./cursor-key.ts";
import { makeContext } from "./make-context.ts";
import { makeEvent } from "./make-event.ts";
import { makeItem } from "./make-item.ts";
import { startItemsTable } from "./start-items-table.ts";

/** Few moments, so that several items have the same. */
const moments = fc.integer({ min: 0, max: 6 });
const places = fc.nat();
/** What others do between two pages. */
const events = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), moment: moments }),
  fc.record({ kind: fc.constant("delete" as const), place: places }),
  fc.record({ kind: fc.constant("move" as const), place: places }),
  // The very item that the cursor stands at.
  fc.record({ kind: fc.constant("delete last" as const) }),
);
const walks = fc.record({
  order: fc.constantFrom("newest" as const, "oldest" as const),
  limit: fc.integer({ min: 1, max: 5 }),
  first: fc.array(moments, { minLength: 1, maxLength: 14 }),
  between: fc.array(fc.array(events, { maxLength: 4 }), { minLength: 15, maxLength: 15 }),
});

let number = 0;

/** Walks so many lists by their cursors: each shows exactly once what is there all the time, whatever comes and goes between its pages. */
export async function expectWalksComplete(count: number): Promise<void> {
  await using table = await startItemsTable();
  for (const [name, value] of Object.entries(table.env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const store = createDynamoItemStore(createDynamoClient(), table.tableName, () => new Date());
  await fc.assert(
    fc.asyncProperty(walks, async ({ order, limit, first, between }) => {
      const present = new Map<string, Item>();
      const atFirst = new Set<string>();
      const touched = new Set<string>();
      for (const moment of first) atFirst.add((await insert(store, present, moment)).id);

      const seen: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page === 0 || cursor !== undefined; page++) {
        const { items, nextCursor } = await readPage(store, order, limit, cursor);
        expect(items.length).toBeLessThanOrEqual(limit);
        for (const item of items) expect(present.get(item.id)).toEqual(item);
        seen.push(...items.map(({ id }) => id));
        cursor = nextCursor;
        for (const event of between[page] ?? []) {
          if (event.kind === "insert") {
            await insert(store, present, event.moment);
            continue;
          }
          const ids = [...present.keys()];
          const id = event.kind === "delete last" ? seen.at(-1) : ids[event.place % Math.max(1, ids.length)];
          const item = id === undefined ? undefined : present.get(id);
          if (item === undefined) continue;
          touched.add(item.id);
          present.delete(item.id);
          if (event.kind === "move") await store.replace({ ...item, status: "inactive", version: 2 }, 1);
          else await store.delete(item.id, 1);
        }
      }

      const all = [...atFirst].filter((id) => !touched.has(id));
      expect(seen.filter((id) => all.includes(id)).sort()).toEqual(all.sort());
      expect(new Set(seen).size).toBe(seen.length);
      for (const { id } of present.values()) await store.delete(id, 1);
    }),
    { numRuns: count },
  );
}

async function insert(store: ItemStore, present: Map<string, Item>, moment: number): Promise<Item> {
  number += 1;
  const createdAt = new Date(Date.UTC(2026, 0, 1, 0, 0, moment)).toISOString();
  // Ids in no order of time.
  const id = crypto.randomUUID();
  const item = makeItem(number, { id, createdAt, updatedAt: createdAt });
  await store.createOnce(item);
  present.set(id, item);
  return item;
}

async function readPage(store: ItemStore, order: string, limit: number, cursor: string | undefined) {
  const handler = createHandler({
    services: { store, now: () => new Date(), newId: () => crypto.randomUUID(), cursorKey: CURSOR_KEY },
    allowedOrigins: [],
    log: () => {},
    write: () => {},
    env: {},
  });
  const query = { order, limit: String(limit), ...(cursor === undefined ? {} : { cursor }) };
  const { statusCode, body } = await handler(makeEvent("GET", "/items", { query }), makeContext());
  expect(statusCode).toBe(200);
  return JSON.parse(body) as { items: Item[]; nextCursor?: string };
}
