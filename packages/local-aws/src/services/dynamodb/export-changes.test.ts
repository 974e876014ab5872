import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, asyncProperty, boolean, constantFrom, integer, option, record } from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Clock } from "../../core/clock.ts";
import type { Item } from "./attribute-value.ts";
import { keyOf } from "./dynalite.ts";
import { exportedChanges } from "./export-changes.ts";
import { ItemStore } from "./item-store.ts";
import { Journal } from "./journal.ts";
import type { Table } from "./table.ts";
import { journaledTable } from "./test/journaled-table.ts";
import { WritePath } from "./write-path.ts";

const START = Date.UTC(2026, 10, 28);
const clock: Clock & { at: number } = { at: START, now: () => clock.at, schedule: () => () => {} };
let directory: string;
let store: ItemStore;
let journal: Journal;
let writes: WritePath;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "export-changes-"));
  store = await ItemStore.open(directory);
  journal = await Journal.load(store, []);
  writes = new WritePath(store, journal, clock, () => {});
});

afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function newTable(run: number): Table {
  return journaledTable(
    { name: `table-${run}`, id: `00000000-0000-4000-8000-${String(run).padStart(12, "0")}`, createdAt: START },
    { since: START, periodDays: 35, journal: "one" },
  );
}

interface Line {
  readonly Metadata: { readonly WriteTimestampMicros: { readonly N: string } };
  readonly Keys: Item;
  readonly OldImage?: Item;
  readonly NewImage?: Item;
}

const step = record({
  id: constantFrom("a", "b", "ä"),
  n: constantFrom("1", "-2.5"),
  value: option(constantFrom("x", "y"), { nil: undefined }),
  /** Several changes may fall into one millisecond. */
  wait: integer({ min: 0, max: 2 }),
});

test("an item's line is its first old and last new image of the window, and of what came and went there is none", async () => {
  let run = 0;
  await assert(
    asyncProperty(
      array(step, { maxLength: 30 }),
      integer({ min: 0, max: 40 }),
      integer({ min: 0, max: 40 }),
      boolean(),
      async (steps, offset, length, wantsOld) => {
        run += 1;
        const table = newTable(run);
        const begin = clock.at;
        const [from, to] = [begin + offset, begin + offset + length];
        // The naive model: what was there when the window began and ended, and when each item was written last in it.
        const [before, after] = [new Map<string, Item>(), new Map<string, Item>()];
        const touched = new Map<string, number>();
        for (const { id, n, value, wait } of steps) {
          clock.at += wait;
          const Keys = { id: { S: id }, n: { N: n } };
          const name = JSON.stringify(Keys);
          const item = value === undefined ? undefined : { ...Keys, value: { S: value } };
          const existed = after.has(name);
          await writes.write({ table, key: keyOf(Keys, table.shape), apply: () => item });
          for (const [map, end] of [
            [before, from],
            [after, to],
          ] as const) {
            if (clock.at < end) {
              item === undefined ? map.delete(name) : map.set(name, item);
            }
          }
          if (clock.at >= from && clock.at < to && (existed || item !== undefined)) {
            touched.set(name, clock.at);
          }
        }
        clock.at += 1;

        const lines: Line[] = [];
        const places: string[] = [];
        const view = wantsOld ? "NEW_AND_OLD_IMAGES" : "NEW_IMAGE";
        for await (const { key, line } of exportedChanges(journal.netChanges(table, { from, to }), table, view)) {
          places.push(key);
          lines.push(JSON.parse(line));
        }

        const expected = [...touched].flatMap(([name, at]) => {
          const [OldImage, NewImage] = [before.get(name), after.get(name)];
          return OldImage === undefined && NewImage === undefined
            ? []
            : [
                {
                  Metadata: { WriteTimestampMicros: { N: `${at}000` } },
                  Keys: JSON.parse(name),
                  ...(OldImage === undefined || !wantsOld ? {} : { OldImage }),
                  ...(NewImage === undefined ? {} : { NewImage }),
                },
              ];
        });
        const byKeys = (left: { Keys: Item }, right: { Keys: Item }) =>
          JSON.stringify(left.Keys) < JSON.stringify(right.Keys) ? -1 : 1;
        expect(lines.sort(byKeys)).toEqual(expected.sort(byKeys));
        expect(places).toEqual([...places].sort());
      },
    ),
    { numRuns: 100 },
  );
});
