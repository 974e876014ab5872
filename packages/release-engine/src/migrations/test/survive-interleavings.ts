import { ManualClock } from "@slipway/testing";
import fc from "fast-check";
import { expect } from "vitest";
import { addCounts, countsOf, noCounts } from "../counts.ts";
import { type MigrationRun, runMigration } from "../run-migration.ts";
import { FakeMigrationTable } from "./fake-migration-table.ts";
import { kindMigration } from "./kind-migration.ts";

/** What a live version does to a record at some step of the runs. */
const disturbance = fc.record({
  step: fc.integer({ min: 1, max: 120 }),
  id: fc.integer({ min: 0, max: 14 }),
  what: fc.constantFrom("create-old", "replace-old", "update", "delete"),
});

type Disturbance = typeof disturbance extends fc.Arbitrary<infer T> ? T : never;

/** How a run ends early, and after how many steps. */
const ending = fc.record({ after: fc.integer({ min: 1, max: 90 }), how: fc.constantFrom("kill", "stop") });

const RECORDS = 10;
const MIGRATION = kindMigration();

/** Live versions of the application, and what they know they have written. */
class LiveVersions {
  /** What each record was given last; deleted ones are not in it. */
  readonly written = new Map(records().map(({ id, n }) => [id, n]));
  /** How often each record came into the old shape: as often, at most, may it be migrated. */
  readonly becameOld = new Map(records().map(({ id }) => [id, 1]));
  readonly #table: FakeMigrationTable;

  constructor(table: FakeMigrationTable) {
    this.#table = table;
  }

  disturb({ step, id: number, what }: Disturbance): void {
    const id = `thing-${number}`;
    const now = this.#table.records.get(id);
    const n = step + 1_000;
    if (what === "delete") {
      this.#table.records.delete(id);
      this.written.delete(id);
    } else if (now === undefined ? what === "create-old" : what !== "create-old") {
      this.#table.put(what === "update" ? { ...now, id, n } : { id, n });
      this.written.set(id, n);
      const isNewlyOld = what !== "update" && now?.kind !== undefined;
      this.becameOld.set(id, (this.becameOld.get(id) ?? 0) + (isNewlyOld || now === undefined ? 1 : 0));
    }
  }
}

/**
 * Runs a migration in random interleavings of its segments with itself, with live versions that create, change and delete records, with kills
 * and requests to stop at any call, and with a rival that takes it for dead; each time to its end. Then every record has to be in the new
 * shape, with what was written last, none twice, and none that was deleted; and where nothing was killed, every write is counted.
 *
 * @throws an assertion's error with the smallest interleaving that was found to break it
 */
export async function surviveInterleavings(count: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(disturbance, { maxLength: 25 }),
      fc.array(ending, { maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (scheduler, disturbances, endings, segments, isRivalled) => {
        const table = new FakeMigrationTable(records());
        const live = new LiveVersions(table);
        const clock = new ManualClock();
        let steps = 0;
        let dead = Infinity;
        let stopped = Infinity;
        let asked = new AbortController();
        let tokens = 0;
        table.step = async () => {
          await scheduler.schedule(Promise.resolve());
          steps += 1;
          for (const each of disturbances.filter(({ step }) => step === steps)) {
            live.disturb(each);
          }
          if (steps >= stopped) {
            asked.abort();
          }
          if (steps >= dead) {
            throw new Error("killed");
          }
        };
        const run = (pageSize: number, verdict: "due" | "again" = "due"): Promise<MigrationRun | undefined> => {
          const token = `token-${++tokens}`;
          return runMigration(
            { table, ledger: table, clock, runner: { name: token, newToken: () => token, isGone: () => true } },
            {
              planned: { migration: MIGRATION, digest: "a".repeat(64), verdict },
              shape: { name: "things", partitionKey: "id", estimatedRecords: RECORDS },
              ...{ segments, pageSize, signal: asked.signal },
            },
          );
        };
        const runs = async () => {
          for (const { how, after } of endings) {
            dead = how === "kill" ? steps + after : Infinity;
            stopped = how === "stop" ? steps + after : Infinity;
            asked = new AbortController();
            await run(3).catch(how === "kill" ? expectKilled : expectStopped);
          }
          [dead, stopped, asked] = [Infinity, Infinity, new AbortController()];
          if (isRivalled) {
            await Promise.all([run(2).catch(expectFenced), run(3).catch(expectFenced)]);
          }
          while (table.migrations.get(MIGRATION.id)?.state !== "done") {
            await run(3);
          }
        };
        await scheduler.waitFor(runs());
        if (!isRivalled && endings.every(({ how }) => how === "stop")) {
          const { earlier = noCounts, segments: last = [] } = table.migrations.get(MIGRATION.id) ?? {};
          const written = [...table.writes.values()].reduce((sum, times) => sum + times, 0);
          expect(addCounts(earlier, countsOf(last)).changed).toBe(written);
        }
        // A live version that writes the old shape behind the last look is not seen by it: once there is none, look again.
        table.step = async () => {};
        expect((await run(3, "again"))?.outcome).toBe("done");

        for (const [id, record] of table.records) {
          expect(record).toEqual({ id, n: live.written.get(id), kind: "item" });
        }
        expect([...table.records.keys()].sort()).toEqual([...live.written.keys()].sort());
        for (const [id, times] of table.writes) {
          expect(times, id).toBeLessThanOrEqual(live.becameOld.get(id) ?? 0);
        }
      },
    ),
    { numRuns: count },
  );
}

function records() {
  return Array.from({ length: RECORDS }, (_, n) => ({ id: `thing-${n}`, n }));
}

function expectKilled(error: unknown): void {
  expect(String(error)).toBe("Error: killed");
}

function expectStopped(error: unknown): void {
  expect(error).toMatchObject({ kind: "interrupted" });
}

function expectFenced(error: unknown): void {
  expect(error).toMatchObject({ kind: expect.stringMatching(/^(conflict|busy)$/) });
}
