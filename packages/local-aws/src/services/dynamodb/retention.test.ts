import { expect, test } from "vitest";
import type { Cancel, Clock } from "../../core/clock.ts";
import { Retention, type RetentionDependencies } from "./retention.ts";
import type { Table } from "./table.ts";
import { journaledTable } from "./test/journaled-table.ts";

const START = Date.UTC(2026, 10, 28);
const HOUR_MS = 3_600_000;

function tableNamed(name: string): Table {
  const id = `00000000-0000-4000-8000-${name.padEnd(12, "0")}`;
  return journaledTable({ name, id, createdAt: START }, { since: START, periodDays: 1, journal: "one" });
}

/** A retention over tables whose journals are what `trim` says; what it plans is run by hand. */
function retention(names: readonly string[], trim: RetentionDependencies["journal"]["trim"]) {
  const planned = new Map<symbol, { readonly at: number; readonly run: () => void | Promise<void> }>();
  const lines: string[] = [];
  const reads = { tables: 0, exports: 0 };
  const clock: Clock = {
    now: () => START,
    schedule: (at, run): Cancel => {
      const id = Symbol();
      planned.set(id, { at, run });
      return () => void planned.delete(id);
    },
  };
  const reviewed = new Retention({
    tables: {
      all: () => {
        reads.tables += 1;
        return names.map(tableNamed);
      },
      restoring: () => [],
    },
    journal: { trim },
    backups: { all: () => [], delete: () => {} },
    exports: {
      forgetOld: () => undefined,
      underWay: () => {
        reads.exports += 1;
        return [];
      },
    },
    remains: { remove: () => {} },
    clock,
    log: (line) => lines.push(line),
  });
  return { reviewed, planned, lines, reads };
}

test("a journal that cannot be trimmed keeps neither the others nor the next review from their turn", async () => {
  const trimmed: string[] = [];
  let isBroken = true;
  const { reviewed, planned, lines } = retention(["broken", "sound"], async ({ name }) => {
    if (name === "broken" && isBroken) {
      throw new Error("The disk is full.");
    }
    trimmed.push(name);
    return START;
  });

  await reviewed.review();
  expect(trimmed).toEqual(["sound"]);
  expect(lines).toEqual([expect.stringMatching(/old changes of the table broken could not.*The disk is full/)]);
  const [[id, next] = []] = planned;
  expect(next?.at).toBe(START + HOUR_MS);

  isBroken = false;
  planned.delete(id as symbol);
  await next?.run();
  expect(trimmed).toEqual(["sound", "broken", "sound"]);
  expect([...planned.values()].map(({ at }) => at)).toEqual([START + 24 * HOUR_MS]);
});

test("reviews that are asked for while one is running are one, which sees what was changed by then", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { reviewed, reads } = retention(["one", "two"], async () => {
    await released;
    return START;
  });
  const first = reviewed.review();
  await new Promise((resolve) => setImmediate(resolve));
  const others = Array.from({ length: 5 }, () => reviewed.review());
  release();
  await Promise.all([first, ...others]);

  expect(reads).toEqual({ tables: 2, exports: 2 });
});

test("stops after the review that is running, and plans no other", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { reviewed, reads, planned } = retention(["one"], async () => {
    await released;
    return START;
  });
  void reviewed.review();
  await new Promise((resolve) => setImmediate(resolve));
  void reviewed.review();
  const stopped = reviewed.stop();
  release();
  await stopped;

  expect(reads.tables).toBe(1);
  expect(planned.size).toBe(0);
});
