import type { LedgerBody, LedgerEntry } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { createRedactor } from "../redaction/create-redactor.ts";
import { BrokenLedgerError } from "./broken-ledger-error.ts";
import { hashOf, NO_HASH } from "./entry-chain.ts";
import { openLedger } from "./open-ledger.ts";
import { MemoryLedgerTable } from "./test/memory-ledger-table.ts";

const COUNT = 12;
let table: MemoryLedgerTable;
let stored: LedgerEntry[];

function ledger() {
  const clock = new ManualClock();
  return openLedger(table, {
    ...{ environment: "prod", clock, leaseClock: clock, redactor: createRedactor(), leaseSeconds: 60 },
  });
}

function note(reason: string): LedgerBody {
  return { type: "waiver.given", waiver: { check: "checklist.tests", by: "Jane", reason, expires: "2027-01-01" } };
}

beforeEach(async () => {
  table = new MemoryLedgerTable();
  for (let n = 1; n <= COUNT; n += 1) {
    await ledger().append({ by: { name: "Jane" }, release: null, body: note(`entry ${n}`) });
  }
  stored = structuredClone(table.entries.get("prod")) as LedgerEntry[];
});

/** What reading says when the table has these entries. */
async function brokenAt(entries: readonly unknown[]): Promise<{ sequence: number; why: string }> {
  table.entries.set("prod", [...entries]);
  const error = await ledger()
    .read()
    .catch((caught: unknown) => caught);
  if (!(error instanceof BrokenLedgerError)) {
    throw new Error(`read came to ${String(error)}`);
  }
  return { sequence: error.sequence, why: error.why };
}

describe("reading a ledger", () => {
  it("is content with what was written", async () => {
    expect(await ledger().read()).toEqual(stored);
    expect(stored[0]?.previous).toBe(NO_HASH);
  });

  it("finds any change of any member of any entry", async () => {
    const change = fc.record({
      index: fc.nat(COUNT - 1),
      member: fc.constantFrom("version", "environment", "at", "by", "token", "release", "body", "previous", "hash"),
      value: fc.oneof(fc.string(), fc.nat(), fc.constant(null), fc.stringMatching(/^[0-9a-f]{64}$/)),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ index, member, value }) => {
        const entries = structuredClone(stored) as Record<string, unknown>[];
        const entry = entries[index] as Record<string, unknown>;
        fc.pre(entry[member] !== value);
        entry[member] = value;
        expect((await brokenAt(entries)).sequence).toBe(index + 1);
      }),
      { numRuns: 300 },
    );
  });

  it("finds a text that was changed deep inside, and says where", async () => {
    const entries = structuredClone(stored);
    const body = entries[4]?.body;
    if (body?.type !== "waiver.given") throw new Error("it is a waiver");
    body.waiver.reason = "entry 5, improved";
    expect(await brokenAt(entries)).toEqual({
      sequence: 5,
      why: "its content does not have the hash that it was written with: it was changed",
    });
  });

  it("finds an entry whose hash was made anew by the next one", async () => {
    const entries = structuredClone(stored);
    const { hash: _, ...rest } = { ...(entries[4] as LedgerEntry), at: "2025-01-01T00:00:00.000Z" };
    entries[4] = { ...rest, hash: hashOf(rest) };
    expect(await brokenAt(entries)).toEqual({
      sequence: 6,
      why: "it does not follow entry 5: it names another hash than that one has",
    });
  });

  it("finds by the head that all entries were written anew", async () => {
    const anew: LedgerEntry[] = [];
    for (const { hash: _, ...entry } of stored) {
      const rest = { ...entry, by: { name: "Joe" }, previous: anew.at(-1)?.hash ?? NO_HASH };
      anew.push({ ...rest, hash: hashOf(rest) });
    }
    expect(await brokenAt(anew)).toEqual({
      sequence: COUNT,
      why: "it has another hash than the head remembers: the entries were written anew",
    });
  });

  it("finds every order but the right one, every deletion and every doubling", async () => {
    for (let index = 0; index < COUNT; index += 1) {
      const without = stored.filter((_, at) => at !== index);
      expect((await brokenAt(without)).sequence).toBe(index + 1);
      const doubled = [...stored.slice(0, index + 1), ...stored.slice(index)];
      expect((await brokenAt(doubled)).sequence).toBe(index + 2);
      const swapped = [...stored];
      const other = (index + 3) % COUNT;
      [swapped[index], swapped[other]] = [stored[other] as LedgerEntry, stored[index] as LedgerEntry];
      expect((await brokenAt(swapped)).sequence).toBe(Math.min(index, other) + 1);
    }
  });

  it("finds that the end was cut off, by the head", async () => {
    for (let left = 0; left < COUNT; left += 1) {
      expect(await brokenAt(stored.slice(0, left))).toEqual({
        sequence: left + 1,
        why: `the head counts ${COUNT} entries, and this one is missing`,
      });
    }
  });

  it("finds entries without a head", async () => {
    table.heads.delete("prod");
    expect(await brokenAt(stored)).toEqual({ sequence: 0, why: `there are ${COUNT} entries without one` });
  });

  it.each([
    ["no entry at all", "text"],
    ["nothing", null],
    ["a list", []],
  ])("finds %s in the place of one", async (_, odd) => {
    const entries: unknown[] = [...stored];
    entries[6] = odd;
    expect(await brokenAt(entries)).toEqual({ sequence: 7, why: "it is no entry" });
  });

  it("refuses what a newer Slipway has written, instead of guessing", async () => {
    const { hash: _, ...rest } = stored[COUNT - 1] as LedgerEntry;
    const newer = { ...rest, version: 2 } as unknown as Omit<LedgerEntry, "hash">;
    expect(await brokenAt([...stored.slice(0, -1), { ...newer, hash: hashOf(newer) }])).toEqual({
      sequence: COUNT,
      why: "it has version 2: it was written by a newer Slipway",
    });
  });
});

describe("reading the end of a ledger", () => {
  it("gives the last ones, and finds what is wrong among them", async () => {
    expect(await ledger().readLatest(3)).toEqual(stored.slice(-3));
    expect(await ledger().readLatest(100)).toEqual(stored);
    table.entries.set("prod", [...stored.slice(0, -2), stored.at(-1)]);
    await expect(ledger().readLatest(3)).rejects.toMatchObject({ sequence: COUNT - 1 });
    table.entries.set("prod", stored.slice(0, -1));
    await expect(ledger().readLatest(3)).rejects.toMatchObject({ sequence: COUNT });
  });
});
