import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerEntry } from "@slipway/contracts";
import { createRedactor, hashOf, NO_HASH } from "@slipway/release-engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GlassJournal } from "./glass-journal.ts";
import { LedgerCopy } from "./ledger-copy.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-copy-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A ledger of so many entries. */
function ledgerOf(count: number): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const rest = {
      ...{ version: 1 as const, environment: "prod", sequence, at: "2026-11-28T12:00:00.000Z", by: { name: "Jane" } },
      ...{ token: null, release: "r1", body: { type: "release.putting-back" as const, reason: `word ${sequence}` } },
      previous: entries.at(-1)?.hash ?? NO_HASH,
    };
    entries.push({ ...rest, hash: hashOf(rest) });
  }
  return entries;
}

describe("LedgerCopy", () => {
  it("keeps what was read, only adds what is new, and nobody else may read it", () => {
    const copy = new LedgerCopy(join(folder, "a"), "prod");
    expect(copy.load()).toBeUndefined();
    copy.keep(ledgerOf(3));
    const { ino } = statSync(copy.path);
    copy.keep(ledgerOf(5));
    expect(statSync(copy.path)).toMatchObject({ ino });
    expect(statSync(copy.path).mode & 0o777).toBe(0o600);
    expect(copy.load()).toEqual(ledgerOf(5));
    // The last few are enough where they follow what is there.
    copy.keep(ledgerOf(8).slice(4));
    expect(copy.load()).toEqual(ledgerOf(8));
    copy.keep(ledgerOf(20).slice(15));
    expect(copy.load()).toEqual(ledgerOf(8));
  });

  it("is written anew where it was broken off, or is that of another ledger", () => {
    const copy = new LedgerCopy(folder, "prod");
    copy.keep(ledgerOf(3));
    appendFileSync(copy.path, '{"version":1,');
    // On the day that it is needed, what was broken off is no reason to have none.
    expect(copy.load()).toEqual(ledgerOf(3));
    copy.keep(ledgerOf(4));
    expect(copy.load()).toEqual(ledgerOf(4));
    const [first] = ledgerOf(1) as [LedgerEntry];
    const other = { ...first, by: { name: "Joe" } };
    copy.keep([{ ...other, hash: hashOf({ ...other, hash: undefined } as never) }]);
    expect(copy.load()).toHaveLength(1);
  });

  it("is refused where it was changed", () => {
    const copy = new LedgerCopy(folder, "prod");
    copy.keep(ledgerOf(3));
    writeFileSync(copy.path, readFileSync(copy.path, "utf8").replace("word 2", "word 9"));
    expect(() => copy.load()).toThrow(/is not what was written/);
  });
});

describe("GlassJournal", () => {
  const jane = { name: "Jane" };
  const moved = { type: "alias.moved", functionName: "f", alias: "live", version: "2" } as const;

  it("chains its lines, and goes on behind one that was broken off", () => {
    const journal = new GlassJournal(folder, "prod");
    expect(journal.read()).toBeUndefined();
    journal.append(jane, moved);
    appendFileSync(journal.path, '{"version":1');
    journal.append(jane, { type: "signed", signature: "..." });
    expect(journal.read()).toMatchObject({ signed: false });
    const signature = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n";
    journal.append(jane, { type: "signed", signature });
    expect(journal.read()).toMatchObject({
      signed: true,
      entries: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }],
    });
    // What was done after it, it does not cover.
    journal.append(jane, moved);
    expect(journal.read()?.signed).toBe(false);
    expect(statSync(journal.path).mode & 0o777).toBe(0o600);
    expect(readFileSync(journal.archive(7), "utf8").split("\n")).toHaveLength(5);
    expect(journal.isThere).toBe(false);
  });

  it("waits for another process that is at it, and not for one that is dead", () => {
    const journal = new GlassJournal(folder, "prod");
    const lock = `${journal.path}.lock`;
    writeFileSync(lock, "");
    spawn(process.execPath, ["-e", `setTimeout(() => fs.rmSync(${JSON.stringify(lock)}), 300)`], { stdio: "ignore" });
    const began = performance.now();
    journal.append(jane, moved);
    expect(performance.now() - began).toBeGreaterThan(200);
    expect(existsSync(lock)).toBe(false);
    writeFileSync(lock, "");
    expect(journal.append(jane, moved).sequence).toBe(2);
  });

  it("has no secret in it that people typed or AWS named", () => {
    const redactor = createRedactor();
    redactor.learn("hunter2hunter2");
    const journal = new GlassJournal(folder, "prod", redactor);
    const why = "hunter2hunter2 is not allowed to";
    journal.append(jane, { ...moved, type: "alias.not-moved", why });
    journal.append(jane, { type: "verified", verdict: "fail", findings: [why] });
    expect(readFileSync(journal.path, "utf8")).not.toContain("hunter2hunter2");
    expect(journal.read()?.entries).toHaveLength(2);
  });

  it("is refused where a line was changed, or is missing", () => {
    const journal = new GlassJournal(folder, "prod");
    journal.append(jane, moved);
    journal.append(jane, moved);
    const text = readFileSync(journal.path, "utf8");
    writeFileSync(journal.path, text.replace('"version":"2"', '"version":"3"'));
    expect(() => journal.read()).toThrow(/line 1 was changed/);
    writeFileSync(journal.path, text.slice(text.indexOf("\n") + 1));
    expect(() => journal.append(jane, moved)).toThrow(/is not what was written/);
  });
});
