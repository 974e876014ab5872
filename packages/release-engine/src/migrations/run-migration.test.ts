import { setImmediate } from "node:timers/promises";
import type { Migration, MigrationHolder } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { beforeEach, describe, expect, it, test } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { LEASE_MS } from "./held-migration.ts";
import { previewMigration } from "./preview-migration.ts";
import { type RunMigrationOptions, runMigration } from "./run-migration.ts";
import { FakeMigrationTable } from "./test/fake-migration-table.ts";
import { kindMigration } from "./test/kind-migration.ts";
import { surviveInterleavings } from "./test/survive-interleavings.ts";

const DIGEST = "a".repeat(64);

let table: FakeMigrationTable;
let clock: ManualClock;
let tokens: number;

beforeEach(() => {
  clock = new ManualClock();
  tokens = 0;
  table = new FakeMigrationTable(things(100));
});

function things(count: number) {
  return Array.from({ length: count }, (_, n) => ({ id: `thing-${n}`, n }));
}

interface Attempt extends Partial<RunMigrationOptions> {
  readonly migration?: Migration;
  readonly digest?: string;
  readonly verdict?: "due" | "again";
  readonly isGone?: (holder: MigrationHolder) => boolean;
}

function attempt({
  migration = kindMigration(),
  digest = DIGEST,
  verdict = "due",
  isGone = () => false,
  ...options
}: Attempt = {}) {
  const runner = { name: `runner ${++tokens}`, newToken: () => `token-${tokens}`, isGone };
  return runMigration(
    { table, ledger: table, clock, runner, random: () => 0.5 },
    {
      planned: { migration, digest, verdict },
      shape: { name: "things", partitionKey: "id", estimatedRecords: 100 },
      segments: 3,
      pageSize: 7,
      signal: new AbortController().signal,
      ...options,
    },
  );
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof ReleaseError ? error : Promise.reject(error)),
  );

/** Fails every call from one on, as for a process that is killed. */
function killAt(step: number): () => void {
  let steps = 0;
  table.step = async () => {
    steps += 1;
    if (steps >= step) {
      throw new Error("killed");
    }
  };
  return () => {
    table.step = async () => {};
  };
}

describe("runMigration", () => {
  it("changes every record that needs it, looks at everything again, and remembers that it is done", async () => {
    table.put({ id: "new", n: 1, kind: "item" });

    const run = await attempt();

    expect(run).toMatchObject({
      outcome: "done",
      counts: { changed: 100, conflicts: 0, scanned: 202, found: 100 },
      left: { found: 0, problems: 0, examples: [] },
    });
    expect([...table.records.values()].every(({ kind }) => kind === "item")).toBe(true);
    expect(table.records.get("thing-5")).toEqual({ id: "thing-5", n: 5, kind: "item" });
    const record = table.migrations.get("0001-kind");
    expect(record).toMatchObject({ state: "done", digest: DIGEST, pass: 2, finishedBy: "runner 1" });
    expect(record?.holder).toBeUndefined();
    expect(new Set(table.scans.map(({ consistent }) => consistent))).toEqual(new Set([false, true]));
  });

  it("reads what it costs", async () => {
    const run = await attempt();
    expect(run?.counts.readUnits).toBe(100);
    // A unit for each record, and for each save but the last two, which count only in a next one.
    expect(run?.counts.writeUnits).toBeGreaterThan(100 + table.saves - 4);
  });

  it("does not touch the records of migrations", async () => {
    table.put({ id: "migration#0000-before", kind: "migration" });
    table.put({ id: "migration#0001-kind" });
    await attempt();
    expect(table.records.get("migration#0001-kind")).toEqual({ id: "migration#0001-kind" });
  });

  it("decides again when a record was changed meanwhile, and never overwrites the change", async () => {
    const disturbed = new Set<string>();
    table.step = async (call, when) => {
      if (call === "write" && when === "before" && disturbed.size < 20) {
        const id = `thing-${disturbed.size}`;
        disturbed.add(id);
        table.put({ ...table.records.get(id), id, n: 1_000, note: "theirs" });
      }
    };

    const run = await attempt();

    expect(run?.outcome).toBe("done");
    expect(run?.counts.conflicts).toBeGreaterThan(0);
    for (const id of disturbed) {
      expect(table.records.get(id)).toEqual({ id, n: 1_000, note: "theirs", kind: "item" });
    }
  });

  it("leaves a deleted record deleted", async () => {
    table.step = async (call, when) => {
      if (call === "write" && when === "before") {
        table.records.delete("thing-42");
      }
    };
    expect((await attempt())?.outcome).toBe("done");
    expect(table.records.has("thing-42")).toBe(false);
    expect(table.records.size).toBe(99);
  });

  it("goes on after a kill at any step, changes no record twice, and loses at most a page per segment", async () => {
    for (let step = 1; ; step += 3) {
      table = new FakeMigrationTable(things(30));
      const revive = killAt(step);
      const killed = await attempt().then(
        () => false,
        () => true,
      );
      revive();
      const before = table.migrations.get("0001-kind");
      const run = await attempt({ isGone: () => true });
      if (killed) {
        expect(run?.outcome, `killed at step ${step}`).toBe("done");
      }
      expect([...table.writes.values()]).toEqual(Array.from({ length: 30 }, () => 1));
      if (before !== undefined && before.state === "running") {
        expect(run?.record.startedAt).toBe(before.startedAt);
      }
      if (!killed) {
        expect(step).toBeGreaterThan(100);
        return;
      }
    }
  });

  it("tells a second runner who holds it, and lets it take over once the hold has expired", async () => {
    const revive = killAt(30);
    await attempt().catch(() => {});
    revive();

    const second = await failure(attempt());
    expect(second).toMatchObject({ kind: "busy", what: "0001-kind is being run by runner 1" });
    expect(second?.why).toContain("2026-01-01T00:00:30.000Z");

    clock.advance(LEASE_MS + 1);
    expect((await attempt())?.outcome).toBe("done");
  });

  it("stops a runner that was taken for dead as soon as it saves or writes", async () => {
    let second: Promise<unknown> | undefined;
    table.step = async (call, when) => {
      if (call === "scan" && when === "before" && second === undefined && table.saves > 3) {
        second = attempt({ isGone: () => true });
        await second;
      }
    };

    const first = await failure(attempt());

    expect(first).toMatchObject({ kind: "conflict", what: "The run of 0001-kind was taken over" });
    await expect(second).resolves.toMatchObject({ outcome: "done" });
    expect(table.migrations.get("0001-kind")?.finishedBy).toBe("runner 2");
    expect([...table.writes.values()].every((times) => times === 1)).toBe(true);
  });

  it("does not write another record when it stood still for longer than its lease", async () => {
    table.step = async (call, when) => {
      if (call === "scan" && when === "after") {
        clock.advance(LEASE_MS);
      }
    };
    expect(await failure(attempt())).toMatchObject({ kind: "conflict", what: expect.stringContaining("stood still") });
    expect(table.writes.size).toBe(0);
  });

  it("takes a save whose answer was lost for its own", async () => {
    let lost = 0;
    const save = table.save.bind(table);
    table.save = async (record) => {
      const answer = await save(record);
      lost += 1;
      // The SDK sends it again, and the table refuses it because of itself.
      return lost % 2 === 0 ? save(record) : answer;
    };
    expect((await attempt())?.outcome).toBe("done");
    expect(lost).toBeGreaterThan(4);
  });

  it("gives the hold back, and saves what it has done, after a save that was made although its answer was lost for good", async () => {
    let lost = 0;
    table.step = async (call, when) => {
      if (call === "save" && when === "after" && table.saves === 6 && lost === 0) {
        lost += 1;
        throw new ReleaseError({ kind: "unreachable", what: "x", why: "ECONNRESET", next: "type it again" });
      }
    };
    expect(await failure(attempt({ segments: 1 }))).toMatchObject({ kind: "unreachable" });
    expect(lost).toBe(1);
    const left = table.migrations.get("0001-kind");
    expect(left?.holder).toBeUndefined();
    expect(left?.revision).toBe(7);

    // At once: nobody holds it.
    expect((await attempt())?.outcome).toBe("done");
    expect([...table.writes.values()].every((times) => times === 1)).toBe(true);
  });

  it("stops when it is asked to, gives the hold back, and goes on at the same place", async () => {
    const asked = new AbortController();
    const stopped = await failure(
      attempt({ signal: asked.signal, onProgress: () => table.writes.size > 40 && asked.abort() }),
    );
    expect(stopped).toMatchObject({
      kind: "interrupted",
      what: expect.stringMatching(/^Stopped 0001-kind after \d+ rec/),
    });
    const { holder, segments } = table.migrations.get("0001-kind") ?? {};
    expect(holder).toBeUndefined();
    expect(segments?.some(({ cursor }) => cursor !== undefined)).toBe(true);
    table.scans.length = 0;

    const run = await attempt({ segments: 8 });

    expect(run?.outcome).toBe("done");
    expect(table.scans[0]).toMatchObject({ segments: 3, after: expect.anything() });
    expect([...table.writes.values()].every((times) => times === 1)).toBe(true);
  });

  it.each(["before", "after"] as const)(
    "counts what was changed and read when it is asked to stop in the middle of pages, %s a write",
    async (when) => {
      let readUnits = 0;
      const scan = table.scan.bind(table);
      table.scan = async (request) => {
        const page = await scan(request);
        readUnits += page.readUnits;
        return page;
      };
      const again = things(30);
      let stops = 0;
      let run: Awaited<ReturnType<typeof attempt>>;
      while (run === undefined) {
        const asked = new AbortController();
        let writes = 0;
        table.step = async (call, moment) => {
          // A turn for the others, so that several writes are under way when one asks for the stop.
          await setImmediate();
          writes += call === "write" && moment === when ? 1 : 0;
          if (writes === 10) {
            asked.abort();
          }
          if (table.migrations.get("0001-kind")?.pass === 2) {
            // The look has something to change, too.
            for (const thing of again.splice(0)) {
              table.put(thing);
            }
          }
        };
        run = await attempt({ signal: asked.signal }).catch((error: unknown) => {
          expect(error).toMatchObject({ kind: "interrupted" });
          stops += 1;
          return undefined;
        });
      }

      expect(stops).toBeGreaterThan(5);
      expect([...table.writes.values()].reduce((sum, times) => sum + times)).toBe(130);
      // However often a page was begun, it is looked at once in each pass.
      const scanned = run.record.pass * 100;
      expect(run).toMatchObject({
        outcome: "done",
        counts: { changed: 130, found: 130, conflicts: 0, problems: 0, scanned, readUnits },
      });
    },
  );

  it("counts a record that is not as it has to be once, however often its page is begun", async () => {
    const verify = ({ n }: { readonly n?: unknown }) => (n === 0 ? "is nothing" : undefined);
    const migration = kindMigration({ verify });
    const asked = new AbortController();
    table.step = async (call, when) => {
      if (table.migrations.get("0001-kind")?.pass === 2 && !asked.signal.aborted) {
        if (call === "scan" && when === "before") {
          table.put({ id: "thing-50", n: 50 });
        }
        if (call === "write") {
          asked.abort();
        }
      }
    };
    const options = { migration, segments: 1, pageSize: 200 };
    expect(await failure(attempt({ ...options, signal: asked.signal }))).toMatchObject({ kind: "interrupted" });
    expect(await attempt(options)).toMatchObject({ outcome: "problems", left: { problems: 1, found: 1 } });
  });

  it("slows down when it is throttled, and loses nothing", async () => {
    let throttles = 0;
    table.step = async (call, when) => {
      if (when === "before" && call !== "load" && throttles < 60 && (tokens + throttles++) % 2 === 0) {
        throw new ReleaseError({ kind: "throttled", what: "x", why: "Rate exceeded", next: "wait" });
      }
    };
    const startedAt = clock.now();
    expect((await attempt())?.outcome).toBe("done");
    expect(clock.now() - startedAt).toBeGreaterThan(1_000);
    expect([...table.writes.values()]).toHaveLength(100);
  });

  it.each(["scan", "read"] as const)(
    "keeps its hold while each %s is throttled for longer than the lease",
    async (slow) => {
      let throttles = 0;
      table.step = async (call, when) => {
        if (call === "write" && when === "before") {
          table.put({ ...table.records.get("thing-42"), id: "thing-42", n: table.writes.size });
        }
        if (call === slow && when === "before" && throttles < 11) {
          throttles += 1;
          // The SDK has tried it several times by itself.
          clock.advance(2_000);
          throw new ReleaseError({ kind: "throttled", what: "x", why: "Rate exceeded", next: "wait" });
        }
      };
      const startedAt = clock.now();
      expect((await attempt({ segments: 1 }))?.outcome).toBe("done");
      expect(throttles).toBe(11);
      expect(clock.now() - startedAt).toBeGreaterThan(LEASE_MS);
    },
  );

  it.each([
    [{ perSecond: 10, unit: "records" as const }, 19],
    [{ perSecond: 50, unit: "capacity-units" as const }, 3],
  ])("keeps to a rate of %j", async (rate, seconds) => {
    const startedAt = clock.now();
    expect((await attempt({ rate }))?.outcome).toBe("done");
    expect((clock.now() - startedAt) / 1_000).toBeGreaterThanOrEqual(seconds);
    expect((clock.now() - startedAt) / 1_000).toBeLessThan(seconds + 5);
  });

  it("is not done while somebody goes on writing the old shape, and says what is left", async () => {
    let made = 0;
    table.step = async (call, when) => {
      if (call === "scan" && when === "before") {
        table.put({ id: `late-${made++}`, n: 0 });
      }
    };

    const run = await attempt();

    expect(run).toMatchObject({ outcome: "left", left: { problems: 0 } });
    expect(run?.left.found).toBeGreaterThan(0);
    expect(run?.left.examples[0]).toMatchObject({ key: { id: expect.stringMatching(/^late-/) } });
    expect(table.migrations.get("0001-kind")?.state).toBe("running");
    table.step = async () => {};
    expect((await attempt())?.outcome).toBe("done");
  });

  it("is not done while verify complains, and names the records", async () => {
    const verify = (record: { readonly n?: unknown }) => (record.n === 13 ? "has an unlucky number" : undefined);
    const migration = kindMigration({ verify });
    const run = await attempt({ migration });
    expect(run).toMatchObject({
      outcome: "problems",
      left: { problems: 1, examples: [{ key: { id: "thing-13" }, why: "has an unlucky number" }] },
    });
    expect(run?.record.holder).toBeUndefined();
    expect(table.migrations.get("0001-kind")?.holder).toBeUndefined();
  });

  it("takes a verify that throws for one that complains", async () => {
    const verify = ({ n }: { readonly n?: unknown }) => (n as string).toLowerCase();
    const run = await attempt({ migration: kindMigration({ verify }) });
    expect(run).toMatchObject({ outcome: "problems", left: { problems: 100 } });
    expect(run?.left.examples).toHaveLength(5);
    expect(run?.left.examples[0]?.why).toMatch(/^verify threw TypeError: /);
  });

  it("begins anew when the file was changed before it was done", async () => {
    const asked = new AbortController();
    await failure(attempt({ signal: asked.signal, onProgress: () => asked.abort() }));
    const other = "b".repeat(64);
    const run = await attempt({ digest: other });
    expect(run).toMatchObject({ outcome: "done", record: { digest: other, pass: 2 } });
    expect(run?.counts.scanned).toBe(200);
  });

  it("has nothing to do when somebody has finished it, unless it is asked for again", async () => {
    await attempt();
    expect(await attempt()).toBeUndefined();
    table.put({ id: "from-a-rollback", n: 1 });
    expect(await attempt({ verdict: "again" })).toMatchObject({ outcome: "done", counts: { changed: 1 } });
  });

  it("names the record that a change cannot deal with, and can go on once it is corrected", async () => {
    const broken = kindMigration({
      backfill: {
        change(record) {
          if (record.n === 77) {
            throw new TypeError("no idea");
          }
          return record.kind === undefined ? { ...record, kind: "item" } : undefined;
        },
      },
    });
    expect(await failure(attempt({ migration: broken }))).toMatchObject({
      kind: "failed",
      what: '0001-kind cannot change the record {"id":"thing-77"} of things',
      why: "its change threw TypeError: no idea",
    });
    expect(table.migrations.get("0001-kind")?.holder).toBeUndefined();
    expect((await attempt({ digest: "c".repeat(64) }))?.outcome).toBe("done");
  });
});

describe("previewMigration", () => {
  it("counts, and writes nothing", async () => {
    table.put({ id: "new", n: 1, kind: "item" });
    const shape = await table.describe();
    const signal = new AbortController().signal;
    const migration = kindMigration();
    const seen = await previewMigration({ table, clock }, { migration, shape, segments: 4, pageSize: 9, signal });
    expect(seen).toEqual({ scanned: 101, wouldChange: 100, readUnits: 50.5 });
    expect([table.writes.size, table.saves]).toEqual([0, 0]);
  });

  it("stops all segments when one fails", async () => {
    const shape = await table.describe();
    const signal = new AbortController().signal;
    let calls = 0;
    table.step = async () => {
      await setImmediate();
      if (++calls === 6) {
        throw new Error("no answer");
      }
    };
    const options = { migration: kindMigration(), shape, segments: 4, pageSize: 1, signal };
    await expect(previewMigration({ table, clock }, options)).rejects.toThrow("no answer");
    const before = table.scans.length;
    for (let turn = 0; turn < 200; turn += 1) {
      await setImmediate();
    }
    expect(table.scans.length).toBe(before);
  });
});

test("any interleaving of runs, kills and live versions, 150 of them: nothing is lost or changed twice", async () => {
  await surviveInterleavings(150);
});
