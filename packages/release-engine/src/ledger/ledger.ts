import type { Actor, Holder, LedgerBody, LedgerEntry } from "@slipway/contracts";
import type { LeaseRecord, LedgerHead } from "../ports/ledger-table.ts";

/** What is to be written down; the ledger numbers it, dates it, takes secrets out of it and chains it. */
export interface LedgerDraft {
  readonly by: Actor;
  /** `r12`; null for what belongs to no release. */
  readonly release: string | null;
  readonly body: LedgerBody;
}

/** The history of an environment, for everybody who may read it. */
export interface Ledger {
  readonly environment: string;
  head(): Promise<LedgerHead | undefined>;
  /**
   * All entries, checked: their shapes, their numbers, their hashes.
   *
   * @throws {BrokenLedgerError} naming the first entry that is not what it should be
   */
  read(signal?: AbortSignal): Promise<readonly LedgerEntry[]>;
  /**
   * The last entries, checked among each other and against the head: what came before is taken on trust.
   *
   * @param count how many at least, as far as there are so many
   */
  readLatest(count: number, signal?: AbortSignal): Promise<readonly LedgerEntry[]>;
  /**
   * Writes down what needs no lease, such as an approval.
   *
   * @throws {ReleaseError} when it cannot be written
   */
  append(draft: LedgerDraft): Promise<LedgerEntry>;
  /**
   * Writes down what was decided on what the ledger said, without the lease: only where it still says so.
   *
   * @param sequence of the last entry that was read; 0 where there was none
   * @returns undefined when something else was written since: read again, and decide again
   * @throws {ReleaseError} when it cannot be written
   */
  appendAfter(sequence: number, draft: LedgerDraft): Promise<LedgerEntry | undefined>;
  /**
   * Takes the lease: at once where nobody has it, or its holder let it expire, or its holder is known to be dead.
   *
   * @throws {ReleaseError} `busy`, saying who has it, since when, and until when
   */
  take(holder: Holder, options?: TakeOptions): Promise<HeldLedger>;
  /**
   * Takes the lease away from its holder, without taking it.
   *
   * @param lease the one that was looked at: no other is broken
   * @returns undefined when nobody holds it any more
   * @throws {ReleaseError} `conflict` when somebody else has it by now
   */
  breakLease(
    lease: LeaseRecord,
    because: { readonly by: Actor; readonly reason: string; readonly onBroken?: (lease: LeaseRecord) => void },
  ): Promise<LedgerEntry | undefined>;
}

export interface TakeOptions {
  /** Take it from whoever has it; the reason is written down. */
  readonly takeOver?: string;
  /** Gets the lease that was taken away for it, as it was last renewed. */
  readonly onBroken?: (lease: LeaseRecord) => void;
}

/** The history, for who has the lease. A sign of life is given in the background. */
export interface HeldLedger {
  readonly environment: string;
  readonly holder: Holder;
  /** The fencing token. */
  readonly token: number;
  /** Aborted as soon as it is known that the lease is lost. */
  readonly lost: AbortSignal;
  /**
   * To be called right before everything that changes something: a process that was asleep past its lease must not go on.
   *
   * @throws {ReleaseError} `fenced` when the lease has run out by this process's clock, or was lost
   */
  assertHeld(): void;
  /**
   * @throws {ReleaseError} `fenced` when somebody else has the lease: then nothing was written
   */
  append(draft: LedgerDraft): Promise<LedgerEntry>;
  read(signal?: AbortSignal): Promise<readonly LedgerEntry[]>;
  /** Gives the lease back. Does nothing when it is lost. */
  release(): Promise<void>;
}
