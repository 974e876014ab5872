import { createHash } from "node:crypto";
import { describeProblems, type LedgerEntry, ledgerEntrySchema } from "@slipway/contracts";
import type { LedgerHead } from "../ports/ledger-table.ts";
import { BrokenLedgerError } from "./broken-ledger-error.ts";
import { canonicalJson } from "./canonical-json.ts";

/** What the first entry follows. */
export const NO_HASH = "0".repeat(64);

/** The hash of an entry: of everything in it but the hash itself. */
export function hashOf(entry: Omit<LedgerEntry, "hash">): string {
  return hashOfText(canonicalJson(entry));
}

/** The same of an entry that is canonical JSON already. */
export function hashOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Takes the entries of a ledger one after the other, and finds the first that is not what it should be: changed, moved, missing.
 *
 * ```
 * 0…0 ◂── previous  1  hash ◂── previous  2  hash ◂── previous  3  hash ═══ hash of the head
 * ```
 */
export class EntryChain {
  readonly #environment: string;
  #sequence: number;
  #hash: string | undefined;

  /**
   * @param after where to begin: behind this entry; what came before it is then taken on trust
   * @param hash of that entry, where it is known
   */
  constructor(environment: string, after = 0, hash: string | undefined = after === 0 ? NO_HASH : undefined) {
    this.#environment = environment;
    this.#sequence = after;
    this.#hash = hash;
  }

  /** Of the last entry that was taken. */
  get sequence(): number {
    return this.#sequence;
  }

  /**
   * Takes the next one.
   *
   * @throws {BrokenLedgerError} naming it
   */
  take(stored: unknown): LedgerEntry {
    const expected = this.#sequence + 1;
    if (typeof stored !== "object" || stored === null || !("sequence" in stored) || !("hash" in stored)) {
      throw this.#broken(expected, "it is no entry");
    }
    const { hash, ...rest } = stored;
    if (stored.sequence !== expected) {
      throw this.#broken(expected, `entry ${String(stored.sequence)} stands in its place`);
    }
    if (hash !== hashOf(rest as Omit<LedgerEntry, "hash">)) {
      throw this.#broken(expected, "its content does not have the hash that it was written with: it was changed");
    }
    if ("version" in stored && stored.version !== 1) {
      throw this.#broken(
        expected,
        `it has version ${String(stored.version)}: it was written by a newer Slipway`,
        "use the Slipway that wrote it, or a newer one",
      );
    }
    const parsed = ledgerEntrySchema.safeParse(stored, { reportInput: true });
    if (!parsed.success) {
      throw this.#broken(
        expected,
        describeProblems(parsed.error).join("\n"),
        "use the Slipway that wrote it, or a newer one",
      );
    }
    const entry = parsed.data;
    if (entry.environment !== this.#environment) {
      throw this.#broken(expected, `it belongs to ${entry.environment}`);
    }
    if (this.#hash !== undefined && entry.previous !== this.#hash) {
      throw this.#broken(expected, `it does not follow entry ${expected - 1}: it names another hash than that one has`);
    }
    this.#sequence = expected;
    this.#hash = entry.hash;
    return entry;
  }

  /**
   * Compares with the head, as it was read before the entries: none may be missing at the end.
   *
   * @param at the entry that the head knows as the last; undefined where it was not found
   * @throws {BrokenLedgerError}
   */
  end(head: LedgerHead | undefined, at: LedgerEntry | undefined): void {
    if (head === undefined) {
      if (this.#sequence > 0) {
        throw this.#broken(0, `there are ${this.#sequence} entries without one`);
      }
      return;
    }
    if (this.#sequence < head.sequence) {
      throw this.#broken(this.#sequence + 1, `the head counts ${head.sequence} entries, and this one is missing`);
    }
    if (at !== undefined && at.hash !== head.hash) {
      throw this.#broken(head.sequence, "it has another hash than the head remembers: the entries were written anew");
    }
  }

  #broken(sequence: number, why: string, next?: string): BrokenLedgerError {
    return new BrokenLedgerError(this.#environment, sequence, why, next);
  }
}
