import type { Holder, LedgerBody } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { openLedger } from "../ledger/open-ledger.ts";
import { MemoryLedgerTable } from "../ledger/test/memory-ledger-table.ts";
import type { TableBackup } from "../ports/table-recovery.ts";
import { createRedactor } from "../redaction/create-redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { backupName } from "./backup-names.ts";
import { choosePrunable } from "./choose-prunable.ts";
import { pruneBackups } from "./prune-backups.ts";
import { MemoryBackups } from "./test/memory-backups.ts";

const HOUR_MS = 3_600_000;
const jane = { name: "Jane" };
const holder: Holder = { id: "1", actor: jane, host: "host", pid: 7, command: "slipway backup prod prune" };

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

describe("choosePrunable", () => {
  const DAY_MS = 24 * HOUR_MS;
  const now = 100 * DAY_MS;
  const arrange = () =>
    [1, 2, 3, 10, 20].map((days) => world.add(backupName("prod", now - days * DAY_MS), now - days * DAY_MS));
  const gone = async (policy: { keep?: number; maxAgeMs?: number }) =>
    choosePrunable(await world.list("items-prod"), await entries(), { environment: "prod", ...policy }, now)
      .filter(({ isKept }) => !isKept)
      .map(({ backup }) => (now - backup.createdAt) / DAY_MS);
  const judge = (backup: TableBackup | undefined, verdict: "pass" | "fail" | "unknown") =>
    ledger().append({
      ...{ by: jane, release: null },
      body: {
        ...{ type: "backup.verified", arn: backup?.arn ?? "", table: "items-prod", temporaryTable: "t", verdict },
        ...{ items: 1, digest: null, evidence: [] },
      },
    });

  it("keeps the newest, or those that are young, or both", async () => {
    arrange();
    expect(await gone({ keep: 2 })).toEqual([3, 10, 20]);
    expect(await gone({ maxAgeMs: 5 * DAY_MS })).toEqual([10, 20]);
    expect(await gone({ keep: 4, maxAgeMs: 5 * DAY_MS })).toEqual([20]);
  });

  it("counts what a schedule made like what was made by hand", async () => {
    arrange();
    world.add("slipway-prod-scheduled-d32c5kddcf5bb8c3", now - 1.5 * DAY_MS);
    world.add("slipway-prod-scheduled-e32c5kddcf5bb8c3", now - 15 * DAY_MS);
    expect(await gone({ keep: 2 })).toEqual([2, 3, 10, 15, 20]);
    expect(await gone({ maxAgeMs: 5 * DAY_MS })).toEqual([10, 15, 20]);
  });

  it("never lets go what others made, what is not ready, or the newest where none was verified", async () => {
    world.add("by-hand", 1);
    world.add(backupName("prod", 0), 2, { kind: "aws-backup" });
    world.add(backupName("prod", 0), now, { isUsable: false, arn: "arn:making" });
    arrange();
    expect(await gone({ maxAgeMs: 1 })).toEqual([2, 3, 10, 20]);
  });

  it("never lets go the last one that was verified, however old", async () => {
    const backups = arrange();
    await judge(backups[3], "pass");
    await judge(backups[4], "pass");
    await judge(backups[2], "fail");
    expect(await gone({ keep: 1 })).toEqual([2, 3, 20]);
    await judge(backups[3], "unknown");
    expect(await gone({ keep: 1 })).toEqual([2, 3, 20]);
    await judge(backups[3], "fail");
    expect(await gone({ keep: 1 })).toEqual([2, 3, 10]);
  });

  it("does not count those that failed their verification, unless there is no other", async () => {
    const backups = arrange();
    await judge(backups[0], "fail");
    expect(await gone({ keep: 1 })).toEqual([1, 3, 10, 20]);
    await judge(backups[0], "unknown");
    expect(await gone({ keep: 1 })).toEqual([1, 3, 10, 20]);
    for (const backup of backups) {
      await judge(backup, "fail");
    }
    expect(await gone({ keep: 3 })).toEqual([2, 3, 10, 20]);
  });

  it("never lets go the newest for the sake of an old one that was verified", async () => {
    const [, , , newer, verified] = arrange();
    await judge(verified, "pass");
    const later = now + 21 * DAY_MS;
    const decisions = choosePrunable(
      (await world.list("items-prod")).filter(({ arn }) => [newer?.arn, verified?.arn].includes(arn)),
      ...([await entries(), { environment: "prod", maxAgeMs: 30 * DAY_MS }, later] as const),
    );
    expect(decisions.map(({ isKept, because }) => `${isKept} ${because}`)).toEqual([
      "true the newest that did not fail",
      "true the last one that was verified",
    ]);
  });
});

describe("pruneBackups", () => {
  const denied = new ReleaseError({ kind: "denied", what: "No", why: "a test", next: "none" });
  const arrange = () => ["one", "two"].map((label, index) => world.add(backupName("prod", 0, label), index)).reverse();
  const kept = () => world.add(backupName("prod", 0, "three"), 3);
  const prune = (backups: readonly TableBackup[]) =>
    pruneBackups(
      { remover: world, ledger: ledger() },
      {
        ...{ holder, backups, onLine() {} },
        chooseAgain: async (entries) =>
          choosePrunable(await world.list("items-prod"), entries, { environment: "prod", keep: 1 }, 0)
            .filter(({ isKept }) => !isKept)
            .map(({ backup }) => backup),
      },
    );
  const written = async () => (await bodies()).filter(({ type }) => /^backup.prun/.test(type));

  it("deletes under the lease, and writes down what is gone, also where it had to stop", async () => {
    kept();
    const [two, one] = arrange() as [TableBackup, TableBackup];
    const other = await ledger().take({ ...holder, id: "2" });
    await expect(prune([two])).rejects.toMatchObject({ kind: "busy" });
    await other.release();
    world.onCall = () => {
      if (world.calls.at(-1) === `remove ${one.arn}`) {
        throw denied;
      }
    };
    await expect(prune([two, one])).rejects.toMatchObject({
      ...{ kind: "failed", what: `1 of 2 backups ARE deleted, and then it stopped: ${two.name}` },
      ...{ why: "No: a test", next: expect.stringContaining("type the same command again") },
    });
    world.onCall = () => {};
    expect(await prune([one])).toEqual([one.arn]);
    expect(await written()).toEqual([
      { type: "backup.pruning", arns: [two.arn, one.arn] },
      { type: "backup.pruned", arns: [two.arn] },
      { type: "backup.pruning", arns: [one.arn] },
      { type: "backup.pruned", arns: [one.arn] },
    ]);
    expect((await ledger().head())?.lease).toBeNull();
  });

  it("says what it could not begin with as it is", async () => {
    kept();
    world.fails = { call: "remove", error: denied };
    await expect(prune(arrange())).rejects.toBe(denied);
  });

  it("deletes nothing when one of those that were shown is to be kept by now, or is gone", async () => {
    const shown = arrange();
    await expect(prune(shown)).rejects.toMatchObject({
      ...{ kind: "conflict", why: `meanwhile ${shown[0]?.name} became one to keep, or was deleted` },
    });
    kept();
    world.backups.delete(shown[1]?.arn ?? "");
    await expect(prune(shown)).rejects.toMatchObject({ kind: "conflict" });
    expect(world.calls).toEqual([]);
    expect(await written()).toEqual([]);
  });

  it.each(["busy", "fenced"] as const)("says what is gone when it is %s after that", async (kind) => {
    kept();
    const lost = new ReleaseError({ kind, what: "The lease was lost", why: "a test", next: "none" });
    world.onCall = () => {
      table.step = () => Promise.reject(lost);
    };
    await expect(prune(arrange())).rejects.toMatchObject({
      kind: "failed",
      what: expect.stringMatching(/^2 of 2 .* ARE/),
    });
  });

  it("tells of what went wrong first", async () => {
    kept();
    world.onCall = () => {
      table.step = () => Promise.reject(new Error("a bug"));
      throw denied;
    };
    await expect(prune(arrange())).rejects.toBe(denied);
  });
});
