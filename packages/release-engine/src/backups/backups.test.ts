import type { TableStructure } from "@slipway/analysis";
import type { Holder, LedgerBody, LedgerBodyOf } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { openLedger } from "../ledger/open-ledger.ts";
import { MemoryLedgerTable } from "../ledger/test/memory-ledger-table.ts";
import type { BackupCatalog, BackupRestorer, ItemKey, TableBackup, TableContents } from "../ports/table-recovery.ts";
import { createRedactor } from "../redaction/create-redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { backupName, isOwnBackup, temporaryTableName } from "./backup-names.ts";
import { choosePrunable } from "./choose-prunable.ts";
import { createBackups } from "./create-backups.ts";
import { listBackups } from "./list-backups.ts";
import { pruneBackups } from "./prune-backups.ts";
import { verifyBackup } from "./verify-backup.ts";

const HOUR_MS = 3_600_000;
const jane = { name: "Jane" };
const holder: Holder = { id: "1", actor: jane, host: "host", pid: 7, command: "slipway backup prod prune" };
const structure: TableStructure = { key: "id HASH", indexes: {} };

let table: MemoryLedgerTable;
let clock: ManualClock;
let world: World;

beforeEach(() => {
  table = new MemoryLedgerTable();
  clock = new ManualClock();
  world = new World();
});

const ledger = () =>
  openLedger(table, {
    ...{ environment: "prod", clock, leaseClock: clock, redactor: createRedactor(), leaseSeconds: 60 },
  });
const entries = () => ledger().read();
const bodies = async (): Promise<readonly LedgerBody[]> => (await entries()).map(({ body }) => body);

/** Tables as lists of keys, and backups of them. */
class World implements BackupCatalog, BackupRestorer, TableContents {
  readonly tables = new Map<string, readonly string[]>([["items-prod", ["a", "b", "c"]]]);
  readonly backups = new Map<string, TableBackup & { readonly keys: readonly string[] }>();
  readonly calls: string[] = [];
  /** How often a restored table is looked at before it is ready. */
  looks = 3;
  /** How often it is looked at before it is seen at all. */
  unseen = 0;
  /** Thrown by the call of this name. */
  fails: { readonly call: string; readonly error: Error } | undefined;
  onCall: (call: string) => void = () => {};

  #call(call: string, text: string): void {
    this.calls.push(`${call} ${text}`);
    this.onCall(call);
    if (this.fails?.call === call) {
      throw this.fails.error;
    }
  }

  add(name: string, createdAt: number, rest: Partial<TableBackup> = {}): TableBackup {
    const arn = `arn:${name}`;
    const backup = {
      arn,
      name,
      table: "items-prod",
      createdAt,
      bytes: 1,
      kind: "on-demand",
      isUsable: true,
      ...rest,
    } as const;
    this.backups.set(arn, { ...backup, keys: this.tables.get("items-prod") ?? [] });
    return backup;
  }

  async create(tableName: string, name: string) {
    this.#call("create", tableName);
    return this.add(name, clock.now(), { table: tableName }).arn;
  }
  async list(name: string) {
    return [...this.backups.values()].filter((each) => each.table === name).map(({ keys: _, ...backup }) => backup);
  }
  async pointInTime(name: string) {
    return name === "items-prod" ? { since: 1, until: 2, days: 35 } : undefined;
  }
  async describe(arn: string) {
    return { items: this.backups.get(arn)?.keys.length ?? null, bytes: 1, structure };
  }
  async remove(arn: string): Promise<"removed" | "gone"> {
    this.#call("remove", arn);
    return this.backups.delete(arn) ? "removed" : "gone";
  }
  async restore(arn: string, name: string) {
    this.#call("restore", name);
    this.tables.set(name, this.backups.get(arn)?.keys ?? []);
  }
  async state(name: string) {
    this.#call("state", name);
    if (!this.tables.has(name) || this.unseen-- > 0) {
      return "none";
    }
    this.looks -= 1;
    return this.looks > 0 ? "restoring" : "ready";
  }
  async removeTable(name: string) {
    this.#call("removeTable", name);
    this.tables.delete(name);
  }
  async structure(name: string) {
    this.#call("structure", name);
    return this.tables.has(name) ? structure : undefined;
  }
  async readAll(name: string) {
    this.#call("readAll", name);
    const keys = this.tables.get(name) ?? [];
    return { items: keys.length, digest: "d".repeat(64), keys: keys.map((text) => ({ text })) };
  }
  async sampleKeys(name: string) {
    this.#call("sampleKeys", name);
    return (this.tables.get(name) ?? []).map((text) => ({ text }));
  }
  async countPresent(name: string, keys: readonly ItemKey[]) {
    return keys.filter(({ text }) => this.tables.get(name)?.includes(text)).length;
  }
}

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
