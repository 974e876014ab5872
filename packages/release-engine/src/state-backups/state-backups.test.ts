import type { Holder, LedgerBody } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { openLedger } from "../ledger/open-ledger.ts";
import { MemoryLedgerTable } from "../ledger/test/memory-ledger-table.ts";
import { createRedactor } from "../redaction/create-redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { backUpState } from "./back-up-state.ts";
import { listStateVersions } from "./list-state-versions.ts";
import { planStateRestore, type RestoreFrom } from "./plan-state-restore.ts";
import { finishRestore, restoreState } from "./restore-state.ts";
import { MemoryStateStore, stateText } from "./test/memory-state-store.ts";

const jane = { name: "Jane" };
const holder: Holder = { id: "1", actor: jane, host: "host", pid: 7, command: "slipway state restore prod" };

let store: MemoryStateStore;
let table: MemoryLedgerTable;
let clock: ManualClock;

beforeEach(() => {
  store = new MemoryStateStore();
  table = new MemoryLedgerTable();
  clock = new ManualClock();
});

const ledger = () =>
  openLedger(table, {
    ...{ environment: "prod", clock, leaseClock: clock, redactor: createRedactor(), leaseSeconds: 60 },
  });
const bodies = async (): Promise<readonly LedgerBody[]> => (await ledger().read()).map(({ body }) => body);
const types = async () => (await bodies()).map(({ type }) => type).filter((type) => type.startsWith("state."));
const planned = async (from: RestoreFrom) =>
  planStateRestore(store, { environment: "prod", from, entries: await ledger().read() });
const restore = async (from: RestoreFrom, rest: { readonly signal?: AbortSignal } = {}) =>
  restoreState({ store, ledger: ledger() }, await planned(from), {
    ...{ holder, ...rest },
    afterwards: async () => "planned",
  });
const serialThere = async () => (await store.present())?.state?.serial;

const applied = (stateSerial: number): LedgerBody => ({
  ...{ type: "step.finished", step: "infrastructure.apply", kind: "infrastructure.apply", outcome: "done" },
  ...{ summary: "", durationMs: 1 },
  result: { counts: { add: 0, change: 1, destroy: 0 }, changed: true, stateSerial, outputs: {} },
});

describe("backUpState", () => {
  it("makes a copy that is named after the moment and the serial, and writes it down", async () => {
    store.put(stateText(12, ["a", "b"]));
    const made = await backUpState({ store, ledger: ledger(), clock }, { by: jane });

    expect(made).toMatchObject({ name: "20260101T000000Z-serial-12", serial: 12, lineage: "lineage-1", resources: 2 });
    expect(store.copies.get(made.name)).toBe(stateText(12, ["a", "b"]));
    const { resources: _, ...facts } = made;
    expect(await bodies()).toEqual([{ type: "state.backed-up", ...facts }]);
  });

  it("overwrites no other copy, and takes its own for made when the answer was lost", async () => {
    store.put(stateText(12, ["a"]));
    const make = (name: string) => backUpState({ store, ledger: ledger(), clock }, { by: jane, name });
    await make("before-move");
    await expect(make("before-move")).resolves.toMatchObject({ serial: 12 });
    store.put(stateText(13, ["a"]));
    await expect(make("before-move")).rejects.toMatchObject({
      kind: "conflict",
      next: expect.stringContaining("--name"),
    });
  });

  it.each([
    ["nothing is there", undefined, "not-found"],
    ["what is there is no state", "damaged", "failed"],
  ])("refuses where %s", async (_, text, kind) => {
    store.put(text);
    await expect(backUpState({ store, ledger: ledger(), clock }, { by: jane })).rejects.toMatchObject({ kind });
    expect(await bodies()).toEqual([]);
  });
});

describe("listStateVersions", () => {
  it("says what each holds, and which release has left it", async () => {
    store.put(stateText(1, ["a"]));
    store.put("damaged");
    store.put(undefined);
    store.put(stateText(2, ["a", "b"]));
    await backUpState({ store, ledger: ledger(), clock }, { by: jane, name: "kept" });
    await ledger().append({ by: { name: "Joe" }, release: "r4", body: applied(2) });
    await ledger().append({ by: { name: "Joe" }, release: "r3", body: applied(1) });
    store.put(stateText(2, ["c"], "lineage-2"));

    const { versions, backups, olderVersions } = await listStateVersions(store, {
      entries: await ledger().read(),
      limit: 4,
    });

    expect(
      versions.map(({ id, serial, lineage, resources, isDeletion, problem }) => ({
        ...{ id, serial, lineage, resources, isDeletion, problem },
      })),
    ).toEqual([
      { id: "v5", serial: 2, lineage: "lineage-2", resources: 1, isDeletion: false },
      { id: "v4", serial: 2, lineage: "lineage-1", resources: 2, isDeletion: false },
      { id: "v3", isDeletion: true },
      { id: "v2", isDeletion: false, problem: "it is no JSON document" },
    ]);
    expect(versions[1]?.origin).toMatchObject({ release: "r4", by: "Joe", what: "apply of r4" });
    expect(olderVersions).toBe(1);
    expect(backups).toEqual([
      expect.objectContaining({ name: "kept", serial: 2, lineage: "lineage-1", resources: 2, by: "Jane" }),
    ]);
  });
});

describe("planStateRestore", () => {
  it("compares by addresses, and takes a serial above all that are known", async () => {
    const old = store.put(stateText(3, ["a=1", "b=1", "c=1"]));
    store.put(stateText(9, ["a=1"]));
    store.put(stateText(7, ["b=1", "c=2", "d=1"]));
    await ledger().append({ by: jane, release: "r1", body: applied(11) });

    expect(await planned({ version: old })).toMatchObject({
      ...{ from: "version v1", serial: 12, isSame: false, isOtherLineage: false },
      ...{ forgotten: ["d"], returning: ["a"], different: ["c"] },
      chosen: { serial: 3, resources: 3 },
      present: { condition: "readable", serial: 7, resources: 3 },
      write: { text: stateText(12, ["a=1", "b=1", "c=1"]), seen: "3" },
    });
  });

  it("takes another lineage only where the present state is lost or cannot be read", async () => {
    const other = store.put(stateText(50, ["z"], "lineage-2"));
    store.put(stateText(7, ["a"]));
    await expect(planned({ version: other })).rejects.toMatchObject({
      kind: "conflict",
      why: expect.stringContaining("lineage-2"),
    });
    store.put("damaged");
    expect(await planned({ version: other })).toMatchObject({
      ...{ isOtherLineage: true, lineage: "lineage-1", serial: 51 },
      present: { condition: "unreadable", problem: "it is no JSON document" },
    });
    store.put(undefined);
    expect(await planned({ version: other })).toMatchObject({ isOtherLineage: true, present: { condition: "lost" } });
  });

  it("asks the ledger for the lineage where no version can be read", async () => {
    store.put(stateText(1, ["a"]));
    await backUpState({ store, ledger: ledger(), clock }, { by: jane, name: "kept" });
    const emptied = new MemoryStateStore();
    emptied.copies.set("kept", stateText(1, ["a"]));
    emptied.copies.set("foreign", stateText(1, ["a"], "lineage-2"));
    store = emptied;
    expect(await planned({ backup: "kept" })).toMatchObject({ isOtherLineage: false, serial: 2, lineage: "lineage-1" });
    expect(await planned({ backup: "foreign" })).toMatchObject({ isOtherLineage: true });
  });

  it("refuses what is not there, is no state, or is not what was backed up", async () => {
    const damaged = store.put("damaged");
    store.put(stateText(1, ["a"]));
    await expect(planned({ version: "w" })).rejects.toMatchObject({
      kind: "not-found",
      what: "--version: there is no w",
    });
    await expect(planned({ version: "v" })).rejects.toMatchObject({ what: "--version: several begin with v" });
    await expect(planned({ version: damaged })).rejects.toMatchObject({
      kind: "failed",
      why: "it is no JSON document",
    });
    await expect(planned({ backup: "kept" })).rejects.toMatchObject({ kind: "not-found" });
    await backUpState({ store, ledger: ledger(), clock }, { by: jane, name: "kept" });
    store.copies.set("kept", stateText(1, ["a", "b"]));
    await expect(planned({ backup: "kept" })).rejects.toMatchObject({
      what: "The backup kept is not what was backed up",
    });
  });
});

describe("restoreState", () => {
  it("writes once, says so before and after, and gives the lease back", async () => {
    const old = store.put(stateText(3, ["a"]));
    store.put("damaged");
    expect(await restore({ version: old })).toEqual({ serial: 4, versionId: "v3", afterwards: "planned" });
    expect((await store.present())?.text).toBe(stateText(4, ["a"]));
    const [, restoring, restored] = await bodies();
    expect(restoring).toMatchObject({ type: "state.restoring", from: "version v1", serial: 4, lineage: "lineage-1" });
    expect(restored).toEqual({ ...restoring, type: "state.restored", versionId: "v3" });
    expect((await ledger().head())?.lease).toBeNull();
  });

  it("writes nothing while Terraform's lock, or the lease, is held", async () => {
    const old = store.put(stateText(3, ["a"]));
    store.put(stateText(4, ["b"]));
    store.locked = { id: "l-1", who: "joe@build", operation: "OperationTypeApply", created: "2026-01-01T00:00:00Z" };
    await expect(restore({ version: old })).rejects.toMatchObject({
      ...{ kind: "busy", why: expect.stringContaining("joe@build") },
      next: expect.stringContaining("terraform force-unlock l-1"),
    });
    store.locked = undefined;
    const other = await ledger().take({ ...holder, id: "2", actor: { name: "Joe" } });
    await expect(restore({ version: old })).rejects.toMatchObject({ kind: "busy" });
    await other.release();
    expect(await serialThere()).toBe(4);
    expect(await types()).toEqual([]);
  });

  it("writes nothing over a state that was written since it was looked at", async () => {
    const old = store.put(stateText(3, ["a"]));
    store.put(stateText(4, ["b"]));
    const plan = await planned({ version: old });
    store.put(stateText(5, ["b", "c"]));
    await expect(
      restoreState({ store, ledger: ledger() }, plan, { holder, afterwards: async () => undefined }),
    ).rejects.toMatchObject({ kind: "conflict" });
    expect(await serialThere()).toBe(5);
    expect((await ledger().head())?.lease).toBeNull();
  });

  it("knows its own write when the answer was lost", async () => {
    const old = store.put(stateText(3, ["a"]));
    store.put("damaged");
    store.step = (when) => {
      if (when === "after") throw new Error("ECONNRESET");
    };
    expect(await restore({ version: old })).toEqual({ serial: 4, afterwards: "planned" });
    expect(await types()).toEqual(["state.restoring", "state.restored"]);
  });

  it.each(["before", "after"] as const)("is whole when it is killed right %s its write", async (moment) => {
    const old = store.put(stateText(3, ["a"]));
    store.put(stateText(4, ["b"]));
    // Nothing of a killed process goes on: no look, no entry, no end of the lease.
    const { present } = store;
    store.step = (when) => {
      if (when === moment) {
        store.present = () => Promise.reject(new Error("killed"));
        table.step = () => Promise.reject(new Error("killed"));
        throw new Error("killed");
      }
    };
    await expect(restore({ version: old })).rejects.toThrow();
    Object.assign(store, { present, step: () => {} });
    table.step = async () => {};
    expect(await types()).toEqual(["state.restoring"]);
    await clock.advance(120_000);

    const plan = await planned({ version: old });
    if (moment === "before") {
      expect(await serialThere()).toBe(4);
      expect(plan).toMatchObject({ isSame: false, serial: 6 });
      await restore({ version: old });
      expect(await serialThere()).toBe(6);
    } else {
      expect(await serialThere()).toBe(5);
      expect(plan).toMatchObject({ isSame: true });
      expect(await finishRestore({ store, ledger: ledger() }, plan, holder)).toBe(true);
      expect(await finishRestore({ store, ledger: ledger() }, plan, holder)).toBe(false);
    }
    expect((await types()).at(-1)).toBe("state.restored");
  });

  it.each(["fenced", "conflict", "busy"] as const)(
    "says that it is done when it is %s after its write",
    async (kind) => {
      const old = store.put(stateText(3, ["a"]));
      store.put(stateText(4, ["b"]));
      store.step = (when) => {
        if (when === "after") {
          const error = new ReleaseError({ kind, what: "The lease was lost", why: "a test", next: "none" });
          table.step = () => Promise.reject(error);
        }
      };
      await expect(restore({ version: old })).rejects.toMatchObject({
        ...{ kind: "failed", what: expect.stringMatching(/^The state of prod IS put back as serial 5,/) },
        next: expect.stringContaining("type the same command again"),
      });
      expect(await serialThere()).toBe(5);
    },
  );

  it("does not say that nothing was written when nobody knows", async () => {
    const old = store.put(stateText(3, ["a"]));
    store.put(stateText(4, ["b"]));
    store.step = (when) => {
      if (when === "after") {
        store.present = () => Promise.reject(new Error("ECONNRESET"));
        throw new ReleaseError({ kind: "conflict", what: "Sent again", why: "a test", next: "none" });
      }
    };
    await expect(restore({ version: old })).rejects.toMatchObject({
      ...{ kind: "failed", what: expect.stringContaining("is not known") },
    });
  });

  it("tells of what went wrong first", async () => {
    const old = store.put(stateText(3, ["a"]));
    store.put(stateText(4, ["b"]));
    const error = new ReleaseError({ kind: "conflict", what: "Somebody was faster", why: "a test", next: "none" });
    store.step = () => {
      table.step = () => Promise.reject(new Error("a bug"));
      throw error;
    };
    await expect(restore({ version: old })).rejects.toBe(error);
    expect(await serialThere()).toBe(4);
  });

  it("changes nothing when it is asked to stop before", async () => {
    const old = store.put(stateText(3, ["a"]));
    store.put(stateText(4, ["b"]));
    await expect(restore({ version: old }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: "interrupted",
    });
    expect(await serialThere()).toBe(4);
  });

  it("says who began Terraform meanwhile", async () => {
    const old = store.put(stateText(3, ["a"]));
    store.put(stateText(4, ["b"]));
    store.step = (when) => {
      if (when === "after") {
        store.locked = { id: "l-1", who: "joe@build", operation: "OperationTypePlan", created: "" };
      }
    };
    expect(await restore({ version: old })).toMatchObject({ lockedBy: "joe@build" });
  });
});
