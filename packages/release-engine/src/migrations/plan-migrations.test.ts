import type { MigrationRecord } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { noCounts } from "./counts.ts";
import { isToRun, type LoadedMigration, type PlanFacts, planMigrations } from "./plan-migrations.ts";
import { kindMigration } from "./test/kind-migration.ts";

const NOW = Date.UTC(2026, 5, 10);
const HOUR = 3_600_000;

function expand(id: string, digest = "a"): LoadedMigration {
  return { migration: kindMigration({ id }), digest: digest.repeat(64) };
}

function contract(id: string, migration: string, doneForHours = 24): LoadedMigration {
  const needs = { migration, doneForHours };
  return { migration: kindMigration({ id, phase: "contract", needs }), digest: "a".repeat(64) };
}

function record(id: string, change: Partial<MigrationRecord> = {}): [string, MigrationRecord] {
  const finishedAt = change.state === "running" ? undefined : new Date(NOW - 48 * HOUR).toISOString();
  return [
    id,
    {
      ...{
        version: 1,
        id,
        phase: "expand",
        description: "x",
        digest: "a".repeat(64),
        state: "done",
        revision: 9,
        writer: "w",
      },
      ...{ startedAt: "2026-06-01T00:00:00.000Z", updatedAt: "2026-06-01T00:00:00.000Z", pass: 2, earlier: noCounts },
      ...{ segments: [{ done: true, ...noCounts }], finishedAt, ...change },
    },
  ];
}

function verdicts(facts: Partial<PlanFacts>): string[] {
  const plan = planMigrations({ migrations: [], records: new Map(), now: NOW, allowContract: false, ...facts });
  return plan.map(({ id, verdict, why }) => `${id} ${verdict}${why === undefined ? "" : `: ${why}`}`);
}

describe("planMigrations", () => {
  it("takes them in the order of their numbers, whatever order they come in", () => {
    const migrations = [expand("0002-b"), expand("0010-c"), expand("0001-a")];
    expect(verdicts({ migrations, records: new Map([record("0001-a")]) })).toEqual([
      "0001-a done",
      "0002-b due",
      "0010-c due",
    ]);
  });

  it("goes on with what was begun, and begins anew when the file was changed since", () => {
    const records = new Map([record("0001-a", { state: "running" })]);
    expect(verdicts({ migrations: [expand("0001-a")], records })[0]).toBe(
      "0001-a resume: begun 2026-06-01T00:00:00.000Z, pass 2",
    );
    expect(verdicts({ migrations: [expand("0001-a", "b")], records })[0]).toMatch(
      /^0001-a restart: its file was changed/,
    );
  });

  it("refuses a changed file of a finished migration", () => {
    const records = new Map([record("0001-a")]);
    expect(verdicts({ migrations: [expand("0001-a", "b")], records })[0]).toMatch(
      /^0001-a refused: its file is not the one that was run \(b{12}; that was a{12}, finished 2026-06-08T00:00:00.000Z\)/,
    );
  });

  it("refuses two migrations with one number, and an expansion before one that has run", () => {
    expect(verdicts({ migrations: [expand("0001-a"), expand("0001-b")] })).toEqual([
      expect.stringMatching(/^0001-a refused: 0001-b has the same number/),
      expect.stringMatching(/^0001-b refused: 0001-a has the same number/),
    ]);
    const migrations = [expand("0001-a"), expand("0002-b")];
    expect(verdicts({ migrations, records: new Map([record("0002-b")]) })).toEqual([
      expect.stringMatching(/^0001-a refused: 0002-b has run already/),
      "0002-b done",
    ]);
  });

  it("runs a finished one again only when it is asked for", () => {
    const facts = { migrations: [expand("0001-a")], records: new Map([record("0001-a")]) };
    expect(verdicts({ ...facts, again: "0001-a" })[0]).toMatch(/^0001-a again: finished/);
  });

  describe("a contraction", () => {
    const migrations = [expand("0001-a"), contract("0002-b", "0001-a"), expand("0003-c")];

    it("waits for its expansion, and holds nothing else up", () => {
      const plan = verdicts({
        migrations,
        allowContract: true,
        records: new Map([record("0001-a", { state: "running" })]),
      });
      expect(plan[1]).toBe("0002-b waiting: it needs 0001-a, which is not done");
      expect(plan[2]).toBe("0003-c due");
    });

    it("waits until that has been done for long enough", () => {
      const finishedAt = new Date(NOW - 23 * HOUR).toISOString();
      const records = new Map([record("0001-a", { finishedAt }), record("0003-c")]);
      expect(verdicts({ migrations, allowContract: true, records })[1]).toMatch(
        /^0002-b waiting: it needs 0001-a to be done for 24 h, .*; not before 2026-06-10T01:00:00.000Z$/,
      );
      expect(verdicts({ migrations, allowContract: true, records, now: NOW + HOUR })[1]).toBe("0002-b due");
    });

    it("waits until somebody says that no live version needs the old shape, each time that it is gone on with", () => {
      const records = new Map([record("0001-a")]);
      expect(verdicts({ migrations, records })[1]).toMatch(/^0002-b waiting: nobody has said .* --allow-contract/);
      expect(verdicts({ migrations, records, allowContract: true })[1]).toBe("0002-b due");
      const begun = new Map([...records, record("0002-b", { state: "running", phase: "contract" })]);
      expect(verdicts({ migrations, records: begun })[1]).toMatch(/^0002-b waiting/);
      expect(verdicts({ migrations, records: begun, allowContract: true })[1]).toMatch(/^0002-b resume/);
    });

    it("is asked the same questions when it is run again", () => {
      const finished = record("0002-b", { phase: "contract" });
      const facts = { migrations, records: new Map([record("0001-a"), finished]), again: "0002-b" };
      expect(verdicts(facts)[1]).toMatch(/^0002-b waiting: nobody has said .* --allow-contract/);
      expect(verdicts({ ...facts, allowContract: true })[1]).toMatch(/^0002-b again: finished/);
      const running = new Map([record("0001-a", { state: "running" }), finished]);
      expect(verdicts({ ...facts, allowContract: true, records: running })[1]).toBe(
        "0002-b waiting: it needs 0001-a, which is not done",
      );
      const late = new Map([record("0001-a", { finishedAt: new Date(NOW - HOUR).toISOString() }), finished]);
      expect(verdicts({ ...facts, allowContract: true, records: late })[1]).toMatch(/^0002-b waiting: .*; not before/);
      expect(verdicts({ ...facts, again: "0001-a" })[1]).toBe("0002-b done");
    });

    it("may need one whose file is gone, because it is done everywhere", () => {
      const records = new Map([record("0001-a")]);
      expect(verdicts({ migrations: [contract("0002-b", "0001-a")], records, allowContract: true })).toEqual([
        "0002-b due",
      ]);
    });
  });

  it("tells what is to be run", () => {
    expect(
      ["done", "due", "resume", "restart", "again", "waiting", "refused"].filter((verdict) =>
        isToRun({ verdict: verdict as "due" }),
      ),
    ).toEqual(["due", "resume", "restart", "again"]);
  });
});
