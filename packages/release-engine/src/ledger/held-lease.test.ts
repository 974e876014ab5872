import type { Holder, LedgerBody } from "@slipway/contracts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRedactor } from "../redaction/create-redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { systemClock } from "../system-clock.ts";
import { openLedger } from "./open-ledger.ts";
import { MemoryLedgerTable } from "./test/memory-ledger-table.ts";

const LEASE_SECONDS = 60;
let table: MemoryLedgerTable;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ["setTimeout", "clearTimeout", "Date"] });
  table = new MemoryLedgerTable();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Time of the fake timers: whoever waits, waits for them. */
const clock = {
  now: () => Date.now(),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
};

function take(name: string) {
  const holder: Holder = { id: name, actor: { name }, host: "host", pid: 7, command: "slipway deploy prod" };
  return openLedger(table, {
    ...{ environment: "prod", clock: systemClock, leaseClock: clock, redactor: createRedactor() },
    leaseSeconds: LEASE_SECONDS,
  }).take(holder);
}

const note: LedgerBody = {
  type: "waiver.given",
  waiver: { check: "checklist.tests", by: "Jane", reason: "a reason", expires: "2027-01-01" },
};
const draft = { by: { name: "Jane" }, release: null, body: note };
const refuse = (kind: "unreachable" | "denied") => async () => {
  throw new ReleaseError({ kind, what: "The call failed", why: "a test", next: "wait" });
};

describe("a holder that does nothing", () => {
  it("keeps the lease by signs of life, three in each lease, and they are no entries", async () => {
    const held = await take("jane");
    await vi.advanceTimersByTimeAsync(3 * LEASE_SECONDS * 1_000);
    held.assertHeld();
    expect(table.writes).toBe(1 + 9);
    expect(table.entries.get("prod")).toHaveLength(1);
    await expect(take("joe")).rejects.toMatchObject({ kind: "busy" });
    await held.release();
    const writes = table.writes;
    await vi.advanceTimersByTimeAsync(2 * LEASE_SECONDS * 1_000);
    expect(table.writes).toBe(writes);
    // Files share a process: what another one has left ticking is advanced as well, tick by tick.
  });

  it("is told at its next sign of life that the lease was taken away", async () => {
    const held = await take("jane");
    const head = table.heads.get("prod");
    if (head === undefined) throw new Error("there is a head");
    table.heads.set("prod", { ...head, revision: head.revision + 1, writeId: "x", lease: null });
    expect(held.lost.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync((LEASE_SECONDS * 1_000) / 3);
    expect(held.lost.aborted).toBe(true);
    expect(held.lost.reason).toMatchObject({ kind: "fenced" });
    expect(() => held.assertHeld()).toThrow("The lease of prod was taken away from this process");
  });

  it.each(["unreachable", "denied"] as const)(
    "loses it in time when the table is %s, before anybody else may have it",
    async (kind) => {
      const held = await take("jane");
      table.step = refuse(kind);
      await vi.advanceTimersByTimeAsync(LEASE_SECONDS * 1_000 - 3_001);
      expect(held.lost.aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(held.lost.aborted).toBe(true);
      expect(() => held.assertHeld()).toThrow("The lease of prod has run out");
    },
  );

  it("goes on when the table could not be reached for a while", async () => {
    const held = await take("jane");
    table.step = refuse("unreachable");
    await vi.advanceTimersByTimeAsync(LEASE_SECONDS * 500);
    table.step = async () => {};
    await vi.advanceTimersByTimeAsync(LEASE_SECONDS * 1_000);
    held.assertHeld();
    await expect(take("joe")).rejects.toMatchObject({ kind: "busy" });
    await held.release();
  });
});

describe("a holder that was stopped", () => {
  it("past its lease writes nothing when it wakes, whatever wakes first", async () => {
    const held = await take("jane");
    // Its timers stand still, and the world's clock does not.
    vi.setSystemTime(Date.UTC(2026, 0, 1) + LEASE_SECONDS * 1_000);
    const other = await take("joe");
    const writes = table.writes;
    await vi.advanceTimersByTimeAsync(LEASE_SECONDS * 350);
    expect(held.lost.aborted).toBe(true);
    expect(() => held.assertHeld()).toThrow(expect.objectContaining({ kind: "fenced" }));
    await expect(held.append(draft)).rejects.toMatchObject({ kind: "fenced" });
    await held.release();
    // Joe's own sign of life may have come; of Jane there is nothing.
    expect(table.heads.get("prod")?.lease?.holder.id).toBe("joe");
    expect(table.entries.get("prod")).toHaveLength(2);
    expect(table.writes - writes).toBeLessThanOrEqual(1);
    await other.release();
  });

  it("in the middle of a write finds out by the table that it was too late", async () => {
    const held = await take("jane");
    let isFirst = true;
    table.step = async (call, when) => {
      if (call === "write" && when === "before" && isFirst) {
        isFirst = false;
        vi.setSystemTime(Date.now() + LEASE_SECONDS * 1_000);
        await (await take("joe")).append(draft);
      }
    };
    await expect(held.append(draft)).rejects.toMatchObject({ kind: "fenced" });
    const types = table.entries.get("prod")?.map((entry) => (entry as { by: { name: string } }).by.name);
    expect(types).toEqual(["jane", "joe", "Jane"]);
    expect(table.heads.get("prod")?.lease?.holder.id).toBe("joe");
  });

  it("in the middle of a write whose answer did not wait is told of its lease, and not of the answer", async () => {
    const held = await take("jane");
    table.step = async () => {
      vi.setSystemTime(Date.now() + LEASE_SECONDS * 1_000);
      throw new ReleaseError({
        kind: "unreachable",
        what: "The call failed",
        why: "no answer within 10 s",
        next: "wait",
      });
    };
    await expect(held.append(draft)).rejects.toMatchObject({ kind: "fenced", what: "The lease of prod has run out" });
    expect(held.lost.aborted).toBe(true);
  });
});

it("writes signs of life and entries of the same moment one after the other", async () => {
  const held = await take("jane");
  table.step = () => clock.sleep(50);
  const entries = Promise.all(Array.from({ length: 20 }, () => held.append(draft)));
  await vi.advanceTimersByTimeAsync(LEASE_SECONDS * 1_000);
  const sequences = (await entries).map(({ sequence }) => sequence);
  expect(sequences).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
  held.assertHeld();
  table.step = async () => {};
  await held.release();
});
