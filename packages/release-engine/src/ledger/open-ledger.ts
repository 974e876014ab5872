import type { Holder, LedgerEntry } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type { LeaseRecord, LedgerHead, LedgerTable } from "../ports/ledger-table.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { HeldLease } from "./held-lease.ts";
import { leaseIsHeld, SKEW_ALLOWANCE_MS } from "./lease-times.ts";
import type { HeldLedger, Ledger, LedgerDraft, TakeOptions } from "./ledger.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import { readLedger } from "./read-ledger.ts";

export interface LedgerOptions {
  readonly environment: string;
  /** The target's time, which entries are dated by. */
  readonly clock: Clock;
  /** The machine's time, which the lease goes by. */
  readonly leaseClock: Clock;
  readonly redactor: Redactor;
  /** How long the lease lasts without a sign of life of its holder. */
  readonly leaseSeconds: number;
  /** Whether a holder is known to be dead; by default nobody knows. */
  readonly isGone?: (holder: Holder) => boolean;
  /** What commands to type next need after the environment's name: ` --local`. */
  readonly flags?: string;
  /** Gets all entries in a row that were read and checked, the last one included. */
  readonly onRead?: (entries: readonly LedgerEntry[]) => void;
}

/** For so long a call that fails is tried again: somebody waits for the answer, and may as well type the command again. */
const PATIENCE_MS = 10_000;

/** Opens the ledger of an environment; nothing is read or written before it is asked for. */
export function openLedger(table: LedgerTable, options: LedgerOptions): Ledger {
  return new TableLedger(table, options);
}

class TableLedger implements Ledger {
  readonly environment: string;
  readonly #writer: LedgerWriter;
  readonly #options: LedgerOptions;

  constructor(table: LedgerTable, options: LedgerOptions) {
    this.environment = options.environment;
    this.#options = options;
    this.#writer = new LedgerWriter(table, options);
  }

  head(): Promise<LedgerHead | undefined> {
    return this.#writer.readHead(this.#patience());
  }

  read(signal?: AbortSignal): Promise<readonly LedgerEntry[]> {
    return readLedger(this.#writer, { until: this.#patience(), ...(signal && { signal }) });
  }

  readLatest(latest: number, signal?: AbortSignal): Promise<readonly LedgerEntry[]> {
    return readLedger(this.#writer, { until: this.#patience(), latest, ...(signal && { signal }) });
  }

  async append({ by, release, body }: LedgerDraft): Promise<LedgerEntry> {
    const { entry } = await this.#writer.write(
      ({ lease }) => ({ lease, entry: { by, release, body, token: null } }),
      this.#patience(),
    );
    return entry as LedgerEntry;
  }

  async appendAfter(sequence: number, { by, release, body }: LedgerDraft): Promise<LedgerEntry | undefined> {
    const outdated = new Error("something else was written since");
    try {
      const { entry } = await this.#writer.write((head) => {
        if (head.sequence !== sequence) {
          throw outdated;
        }
        return { lease: head.lease, entry: { by, release, body, token: null } };
      }, this.#patience());
      return entry;
    } catch (error) {
      if (error === outdated) {
        return undefined;
      }
      throw error;
    }
  }

  async take(holder: Holder, { takeOver, onBroken }: TakeOptions = {}): Promise<HeldLedger> {
    const lease = takeOver === undefined ? undefined : (await this.head())?.lease;
    if (takeOver !== undefined && lease !== undefined && lease !== null) {
      await this.breakLease(lease, { by: holder.actor, reason: takeOver, ...(onBroken && { onBroken }) });
    }
    return HeldLease.take(this.#writer, { ...this.#options, holder, refusal: (found) => this.#refusal(found, holder) });
  }

  async breakLease(
    lease: LeaseRecord,
    { by, reason, onBroken }: Parameters<Ledger["breakLease"]>[1],
  ): Promise<LedgerEntry | undefined> {
    let broken = lease;
    const gone = new ReleaseError({
      kind: "conflict",
      what: `Nobody holds the lease of ${this.environment} any more`,
      why: "it was given back meanwhile",
      next: `type slipway status ${this.environment}${this.#options.flags ?? ""}`,
    });
    try {
      const { entry } = await this.#writer.write((head) => {
        if (head.lease === null) {
          throw gone;
        }
        if (head.lease.token !== lease.token) {
          throw this.#heldBySomebodyElse(head.lease);
        }
        broken = head.lease;
        const body = { type: "lease.broken", holder: lease.holder, reason } as const;
        return { lease: null, entry: { by, release: null, body, token: null } };
      }, this.#patience());
      onBroken?.(broken);
      return entry;
    } catch (error) {
      if (error === gone) {
        return undefined;
      }
      throw error;
    }
  }

  /** Why a lease cannot be taken; undefined where it can. */
  #refusal(lease: LeaseRecord, taker: Holder): ReleaseError | undefined {
    const { leaseClock, isGone = () => false, flags = "" } = this.#options;
    if (!leaseIsHeld(lease, leaseClock.now()) || isGone(lease.holder)) {
      return undefined;
    }
    const { holder, takenAt, expiresAt } = lease;
    // Who rolls back has users who wait.
    const now = taker.command.startsWith("slipway rollback ")
      ? `${taker.command} --take-over takes it away now; or `
      : "";
    const until = new Date(Date.parse(expiresAt) + SKEW_ALLOWANCE_MS).toISOString();
    return new ReleaseError({
      kind: "busy",
      what: `${this.environment} is being changed by ${holder.actor.name}`,
      why: `${holder.command} runs on ${holder.host} (process ${holder.pid}) since ${takenAt}; its lease is good until ${until}, and it renews it while it lives`,
      next: `${now}wait for it (slipway status ${this.environment}${flags} shows how far it is); if it is dead, type the same command again after that time, or slipway unlock ${this.environment}${flags}`,
    });
  }

  #heldBySomebodyElse({ holder, takenAt }: LeaseRecord): ReleaseError {
    const { flags = "" } = this.#options;
    return new ReleaseError({
      kind: "conflict",
      what: `The lease of ${this.environment} has another holder by now`,
      why: `${holder.actor.name} took it at ${takenAt} with ${holder.command} on ${holder.host}`,
      next: `look at it again: slipway status ${this.environment}${flags}`,
    });
  }

  #patience(): number {
    return this.#options.leaseClock.now() + PATIENCE_MS;
  }
}
