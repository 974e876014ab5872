import type { LedgerBody, LedgerBodyOf } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { openLedger } from "../ledger/open-ledger.ts";
import { MemoryLedgerTable } from "../ledger/test/memory-ledger-table.ts";
import type { TableBackup } from "../ports/table-recovery.ts";
import { createRedactor } from "../redaction/create-redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { backupName, isOwnBackup, isScheduledBackup, temporaryTableName } from "./backup-names.ts";
import { createBackups } from "./create-backups.ts";
import { listBackups } from "./list-backups.ts";
import { MemoryBackups } from "./test/memory-backups.ts";
import { verifyBackup } from "./verify-backup.ts";

const HOUR_MS = 3_600_000;
const jane = { name: "Jane" };

let table: MemoryLedgerTable;
let clock: ManualClock;
let world: MemoryBackups;

beforeEach(() => {
  table = new MemoryLedgerTable();
  clock = new ManualClock();
  world = new MemoryBackups(clock);
});

const ledger = () =>
  openLedger(table, {
    ...{ environment: "prod", clock, leaseClock: clock, redactor: createRedactor(), leaseSeconds: 60 },
  });
const entries = () => ledger().read();
const bodies = async (): Promise<readonly LedgerBody[]> => (await entries()).map(({ body }) => body);

describe("names", () => {
  it("tell Slipway's own backups of an environment from all others", () => {
    const now = Date.UTC(2026, 10, 28, 16, 5, 1);
    expect(backupName("prod", now)).toBe("slipway-prod-20261128T160501Z");
    expect(isOwnBackup("prod", backupName("prod", now, "before-move"))).toBe(true);
    for (const name of [
      "items-prod-before-destroy-20261128T160501Z",
      "slipway-prod-nightly",
      backupName("prod-eu", now),
    ]) {
      expect(isOwnBackup("prod", name)).toBe(false);
    }
    for (const id of ["d32c5kddcf5bb8c3", "1b3c9e2a-0000-4000-8000-000000000000"]) {
      expect(isOwnBackup("prod", `slipway-prod-scheduled-${id}`)).toBe(true);
      expect(isScheduledBackup("prod", `slipway-prod-scheduled-${id}`)).toBe(true);
    }
    for (const name of [
      backupName("prod", now, "scheduled"),
      backupName("prod-scheduled", now),
      "slipway-prod-scheduled-",
      "slipway-prod-scheduled-<aws.scheduler.execution-id>",
    ]) {
      expect(isScheduledBackup("prod", name)).toBe(false);
    }
    expect(temporaryTableName("items-prod", now, "x7")).toBe("items-prod-slipway-verify-20261128T160501Z-x7");
    expect(temporaryTableName("t".repeat(255), now, "x7")).toHaveLength(255);
  });
});

describe("createBackups", () => {
  it("makes one of each table, and writes each down as it is made", async () => {
    world.tables.set("orders-prod", ["x"]);
    const made = await createBackups(
      { backups: world, ledger: ledger(), clock },
      { tables: ["items-prod", "orders-prod"], by: jane, label: "nightly", onLine() {} },
    );
    expect(made.map(({ name }) => name)).toEqual(Array(2).fill("slipway-prod-20260101T000000Z-nightly"));
    expect(await bodies()).toEqual(made.map((each) => ({ type: "backup.created", ...each })));
  });
});

describe("listBackups", () => {
  it("shows backups, windows, what is known of each, and tables that were left behind", async () => {
    const own = world.add(backupName("prod", 0), 2);
    world.add("by-hand", 3);
    const verified = (temporaryTable: string): LedgerBodyOf<"backup.verified"> => ({
      ...{ type: "backup.verified", arn: own.arn, table: "items-prod", temporaryTable, verdict: "pass" },
      ...{ items: 3, digest: "d".repeat(64), evidence: [] },
    });
    const bodies: readonly LedgerBody[] = [
      { type: "backup.created", arn: own.arn, table: "items-prod", name: own.name, items: 3, bytes: 1 },
      { type: "backup.verifying", arn: own.arn, table: "items-prod", temporaryTable: "ended" },
      verified("ended"),
      { type: "backup.verifying", arn: own.arn, table: "items-prod", temporaryTable: "left" },
      { type: "backup.verifying", arn: own.arn, table: "items-prod", temporaryTable: "removed" },
    ];
    for (const body of bodies) {
      await ledger().append({ by: jane, release: null, body });
    }
    for (const name of ["ended", "left"]) {
      world.tables.set(name, []);
    }

    const { tables, leftBehind } = await listBackups(world, {
      ...{ environment: "prod", tables: ["items-prod", "orders-prod"], entries: await entries() },
    });

    expect(tables).toEqual([
      {
        ...{ table: "items-prod", pointInTime: { since: 1, until: 2, days: 35 } },
        backups: [
          expect.objectContaining({
            ...{ name: own.name, isOwn: true },
            record: {
              ...{ createdBy: "Jane", items: 3 },
              verified: expect.objectContaining({ verdict: "pass", by: "Jane", digest: "d".repeat(64) }),
              ...{ passedAt: expect.any(String), digest: "d".repeat(64) },
            },
          }),
          expect.objectContaining({ name: "by-hand", isOwn: false }),
        ],
      },
      { table: "orders-prod", pointInTime: null, backups: [] },
    ]);
    expect(tables[0]?.backups[1]).not.toHaveProperty("record");
    expect(leftBehind).toEqual(["left"]);
  });
});

describe("verifyBackup", () => {
  const verify = (backup: TableBackup, signal?: AbortSignal) =>
    verifyBackup(
      { backups: world, contents: world, ledger: ledger(), clock, systemClock: clock },
      { backup, by: jane, random: "x7", sample: 10, timeoutMs: HOUR_MS, onLine() {}, ...(signal && { signal }) },
    );
  const temporary = "items-prod-slipway-verify-20260101T000000Z-x7";
  const isClean = () => [...world.tables.keys()].join() === "items-prod";

  it("restores to a table of its own, compares, deletes it, and writes down what it saw", async () => {
    const backup = world.add(backupName("prod", 0), 0);
    world.tables.set("items-prod", ["b", "c", "d"]);

    const verification = await verify(backup);

    expect(verification).toMatchObject({
      temporaryTable: temporary,
      verdict: "pass",
      items: 3,
      digest: "d".repeat(64),
    });
    expect(verification.evidence.map(({ check, found }) => `${check}: ${found}`)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("backup.sample-in-table: 2 of 3 keys"),
        expect.stringContaining("backup.sample-in-backup: 2 of 3 keys"),
      ]),
    );
    expect(isClean()).toBe(true);
    expect(await bodies()).toEqual([
      { type: "backup.verifying", arn: backup.arn, table: "items-prod", temporaryTable: temporary },
      { type: "backup.verified", ...verification },
    ]);
    // Compared with what the first one saw.
    expect((await verify(backup)).evidence.map(({ check }) => check)).toContain("backup.digest");
    // Also after one that was broken off.
    const error = new ReleaseError({ kind: "denied", what: "No", why: "a test", next: "none" });
    world.fails = { call: "restore", error };
    await expect(verify(backup)).rejects.toBe(error);
    world.fails = undefined;
    expect((await verify(backup)).evidence.map(({ check }) => check)).toContain("backup.digest");
  });

  it.each(["restore", "readAll", "structure", "sampleKeys"])("deletes the table when %s fails", async (call) => {
    const backup = world.add(backupName("prod", 0), 0);
    const error = new ReleaseError({ kind: "denied", what: "No", why: "a test", next: "none" });
    world.fails = { call, error };
    await expect(verify(backup)).rejects.toBe(error);
    expect(isClean()).toBe(true);
    expect((await bodies()).at(-1)).toMatchObject({
      ...{ type: "backup.verified", verdict: "unknown", items: null, digest: null },
      evidence: [{ check: "backup.restored", status: "unknown", found: "No: a test" }],
    });
  });

  it.each(["restore", "state", "readAll", "sampleKeys"])("deletes the table after a Ctrl-C at %s", async (call) => {
    const backup = world.add(backupName("prod", 0), 0);
    const asked = new AbortController();
    world.onCall = (each) => {
      if (each === call) {
        asked.abort();
        if (call !== "restore" && call !== "state") {
          throw new ReleaseError({ kind: "interrupted", what: "Stopped", why: "asked", next: "again" });
        }
        world.onCall = () => {};
      }
    };
    await expect(verify(backup, asked.signal)).rejects.toMatchObject({ kind: "interrupted" });
    // A table that is being restored cannot be deleted: it was waited for.
    expect(isClean()).toBe(true);
    expect(world.looks).toBeLessThanOrEqual(0);
  });

  it.each([false, true])(
    "deletes a table that is not seen at first, whether the answer is lost: %s",
    async (isLost) => {
      const backup = world.add(backupName("prod", 0), 0);
      const { restore } = world;
      world.restore = async (...words) => {
        await restore.apply(world, words);
        world.unseen = 5;
        if (isLost) {
          throw new ReleaseError({ kind: "unreachable", what: "No answer", why: "a test", next: "none" });
        }
        asked.abort();
      };
      const asked = new AbortController();
      await expect(verify(backup, asked.signal)).rejects.toMatchObject({
        kind: isLost ? "unreachable" : "interrupted",
      });
      expect(isClean()).toBe(true);
    },
  );

  it("does not wait for a table that was never asked for", async () => {
    const backup = world.add(backupName("prod", 0), 0);
    const error = new ReleaseError({ kind: "denied", what: "No", why: "a test", next: "none" });
    world.describe = () => Promise.reject(error);
    const before = clock.now();
    await expect(verify(backup)).rejects.toBe(error);
    expect(clock.now()).toBe(before);
  });

  it("says which table is left, and does not write that it is gone", async () => {
    const backup = world.add(backupName("prod", 0), 0);
    world.fails = {
      call: "removeTable",
      error: new ReleaseError({ kind: "denied", what: "No", why: "a test", next: "none" }),
    };
    await expect(verify(backup)).rejects.toMatchObject({
      ...{ what: `The table ${temporary} of a verification is left behind`, why: "No: a test" },
      next: `delete it: aws dynamodb delete-table --table-name ${temporary}`,
    });
    const { leftBehind } = await listBackups(world, { environment: "prod", tables: [], entries: await entries() });
    expect(leftBehind).toEqual([temporary]);
  });

  it("does not wait for a restore for ever", async () => {
    world.looks = 100_000;
    const backup = world.add(backupName("prod", 0), 0);
    await expect(verify(backup)).rejects.toMatchObject({ what: expect.stringContaining("is left behind") });
  });
});
