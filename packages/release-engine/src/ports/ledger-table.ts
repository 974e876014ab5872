import type { HeadIncidents, Holder, LedgerEntry } from "@slipway/contracts";

/** The right to change an environment, as it stands in the ledger's table. */
export interface LeaseRecord {
  readonly holder: Holder;
  /** Grows with every lease that is taken: what an earlier holder still writes carries a smaller one. */
  readonly token: number;
  /** ISO time at which it was taken, on the holder's own clock. */
  readonly takenAt: string;
  /** ISO time on the holder's own clock, after which it does nothing any more unless it has given another sign of life. */
  readonly expiresAt: string;
}

/** What is newest in an environment's ledger. It is rewritten as a whole by every write and every sign of life. */
export interface LedgerHead {
  /** Of the last entry; 0 before the first. */
  readonly sequence: number;
  /** Of the last entry; 64 zeros before the first. */
  readonly hash: string;
  /** Counts the writes of this head; what makes a write conditional. */
  readonly revision: number;
  /** Random, new with each write: who does not know whether a write arrived compares this one. */
  readonly writeId: string;
  /** The last token that was given out; 0 before the first. */
  readonly lastToken: number;
  readonly lease: LeaseRecord | null;
  /** Those that are open, and the last one; absent before the first. */
  readonly incidents?: HeadIncidents;
}

/**
 * Where the ledgers of environments lie: one head for each, and entries that are added and never changed.
 *
 * Each method throws a ReleaseError of the kinds that AWS calls have; after `unreachable` and `failed` it is not known whether a write
 * arrived.
 */
export interface LedgerTable {
  /** Read consistently; undefined before the first write. */
  readHead(environment: string): Promise<LedgerHead | undefined>;
  /**
   * Replaces the head, and adds an entry, both or neither.
   *
   * @param expected the revision that the head must have; 0 where there must be none
   * @param entry with the sequence `head.sequence`
   * @returns `conflict` when the head has another revision, or the entry's sequence is taken
   */
  write(
    environment: string,
    change: { readonly expected: number; readonly head: LedgerHead; readonly entry?: LedgerEntry },
  ): Promise<"written" | "conflict">;
  /**
   * Entries in their order, read consistently.
   *
   * @param after the sequence after which to begin: 0 for all
   * @returns as they are stored: whether they are what they should be is for the reader to check
   */
  readEntries(environment: string, after: number, signal?: AbortSignal): AsyncIterable<unknown>;
}
