import type { DocumentRecord } from "@slipway/contracts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { exportWindow } from "./export-window.ts";
import { FakeJournaledTable } from "./test/fake-journaled-table.ts";
import type { WindowChange } from "./window-change.ts";
import { windowChanges } from "./window-changes.ts";

const MINUTE_MS = 60_000;
type Model = Map<string, DocumentRecord>;
const step = fc.record({
  id: fc.constantFrom("a", "b", "c", "ä", "d", "e"),
  value: fc.option(fc.constantFrom("x", "y", "z"), { nil: undefined }),
  /** Seconds until it is made. */
  wait: fc.integer({ min: 0, max: 400 }),
});

it("tells of each item what it was like at both ends of the window, however AWS has to be asked for it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 0, max: 60 }),
      // Shorter than AWS exports, as it does, and in pieces.
      fc.oneof(fc.integer({ min: 1, max: 899 }), fc.integer({ min: 900, max: 9000 })),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, offset, seconds, days, mostHeld) => {
        const table = new FakeJournaledTable();
        const from = table.clock.now() + offset * 1000;
        const to = from + seconds * 1000 + days * 86_400_000;
        // The naive model: what was there at both ends.
        const [before, after, later] = [1, 2, 3].map(() => new Map<string, DocumentRecord>()) as [Model, Model, Model];
        for (const { id, value, wait } of steps) {
          table.clock.advance(wait * 1000 * (days + 1));
          const item = value === undefined ? undefined : { id, value };
          item === undefined ? table.delete(id) : table.put(item);
          for (const [map, end] of [
            [before, from],
            [after, to],
            [later, Math.max(to, from + 15 * MINUTE_MS)],
          ] as const) {
            if (table.clock.now() < end) {
              item === undefined ? map.delete(id) : map.set(id, item);
            }
          }
        }
        table.clock.advance(to + 16 * MINUTE_MS - Math.min(table.clock.now(), to));
        const signal = new AbortController().signal;
        const windows = await exportWindow(
          table,
          {
            ...{ tableName: "things-prod", exports: { bucket: "exports", prefix: "recovery" } },
            ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString() },
          },
          { now: table.clock.now(), onLine: () => {}, signal },
        );

        const seen: WindowChange[] = [];
        for await (const change of windowChanges(table, windows, { to, signal, mostHeld })) {
          expect(change.at).toBeGreaterThanOrEqual(from);
          expect(change.at).toBeLessThanOrEqual(to);
          seen.push(change);
        }

        const changed = ["a", "b", "c", "d", "e", "ä"].filter(
          (id) =>
            before.get(id)?.value !== after.get(id)?.value &&
            // Made in a short window and gone soon after: there is nothing to take back.
            (before.has(id) || later.has(id)),
        );
        expect(seen.sort((left, right) => (String(left.key.id) < String(right.key.id) ? -1 : 1))).toEqual(
          changed.map((id) => ({
            ...{ key: { id }, at: expect.any(Number) },
            ...(before.has(id) && { before: before.get(id) }),
            ...(after.has(id) && { after: after.get(id) }),
          })),
        );
      },
    ),
    { numRuns: 300 },
  );
});
