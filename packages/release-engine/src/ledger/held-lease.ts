import type { Holder, LedgerEntry } from "@slipway/contracts";
import type { LeaseRecord, LedgerHead } from "../ports/ledger-table.ts";
import { ReleaseError } from "../release-error.ts";
import { expiryOf } from "./lease-times.ts";
import type { HeldLedger, LedgerDraft } from "./ledger.ts";
import type { Decision, LedgerWriter, Written } from "./ledger-writer.ts";
import { readLedger } from "./read-ledger.ts";

export interface HoldOptions {
  readonly holder: Holder;
  readonly leaseSeconds: number;
  /** What commands to type next need after the environment's name. */
  readonly flags?: string;
  /** Why a lease of somebody else cannot be taken; undefined where it can. */
  refusal(lease: LeaseRecord): ReleaseError | undefined;
}

/** How long giving the lease back is tried: it expires by itself, and nobody wants to wait for it. */
const RELEASE_PATIENCE_MS = 10_000;

/**
 * A lease that this process has taken. Every write carries it on, and is made only if the head still has its token:
 *
 * ```
 * A   take t1 ── step ── beat ── asleep ................... wakes: its own clock says that the lease is over. Writes nothing.
 * B                    refused: A has it until ..   [over] take t2 ── step
 * A                                        beat? the head has t2: nothing is written, and A is told that it is lost
 * ```
 *
 * Writes of this process wait for each other, so that a sign of life and an entry are never written on the same head.
 */
export class HeldLease implements HeldLedger {
  readonly environment: string;
  readonly holder: Holder;
  readonly token: number;
  readonly #writer: LedgerWriter;
  readonly #options: HoldOptions;
  readonly #lostController = new AbortController();
  #head: LedgerHead;
  /** On the machine's clock. */
  #heldUntil: number;
  #lost: ReleaseError | undefined;
  #isGivenBack = false;
  #beat: NodeJS.Timeout | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(writer: LedgerWriter, options: HoldOptions, { head }: Written) {
    const lease = head.lease as LeaseRecord;
    this.environment = writer.options.environment;
    this.holder = options.holder;
    this.token = lease.token;
    this.#writer = writer;
    this.#options = options;
    this.#head = head;
    this.#heldUntil = Date.parse(lease.expiresAt);
    this.#scheduleBeat();
  }

  /**
   * Takes the lease.
   *
   * @throws {ReleaseError} `busy` when it cannot be taken
   */
  static async take(writer: LedgerWriter, options: HoldOptions): Promise<HeldLease> {
    const { leaseClock } = writer.options;
    const { holder, leaseSeconds } = options;
    const until = leaseClock.now() + leaseSeconds * 1_000;
    for (;;) {
      const written = await writer.write((head) => {
        const refusal = head.lease === null ? undefined : options.refusal(head.lease);
        if (refusal !== undefined) {
          throw refusal;
        }
        const now = leaseClock.now();
        const token = head.lastToken + 1;
        const takenFrom = head.lease === null ? {} : { takenFrom: head.lease.holder };
        return {
          lease: { holder, token, takenAt: iso(now), expiresAt: iso(expiryOf(now, leaseSeconds)) },
          lastToken: token,
          entry: { by: holder.actor, release: null, token, body: { type: "lease.taken", holder, ...takenFrom } },
        };
      }, until);
      const lease = written.head.lease as LeaseRecord;
      if (leaseClock.now() < Date.parse(lease.expiresAt)) {
        return new HeldLease(writer, options, written);
      }
      // It took so long to arrive that it is over already: it is taken again, from nobody else than this process.
      if (leaseClock.now() >= until) {
        throw outOfTime(writer.options.environment, options);
      }
    }
  }

  get lost(): AbortSignal {
    return this.#lostController.signal;
  }

  assertHeld(): void {
    if (this.#lost === undefined && this.#writer.options.leaseClock.now() >= this.#heldUntil) {
      this.#lose(outOfTime(this.environment, this.#options));
    }
    if (this.#lost !== undefined) {
      throw this.#lost;
    }
    if (this.#isGivenBack) {
      throw new Error("The lease was given back, and is used nevertheless");
    }
  }

  append({ by, release, body }: LedgerDraft): Promise<LedgerEntry> {
    return this.#exclusively(async () => {
      this.assertHeld();
      const { entry } = await this.#write({ by, release, body, token: this.token });
      return entry as LedgerEntry;
    });
  }

  async read(signal?: AbortSignal): Promise<readonly LedgerEntry[]> {
    const { leaseClock } = this.#writer.options;
    const until = leaseClock.now() + this.#options.leaseSeconds * 1_000;
    return readLedger(this.#writer, { until, ...(signal && { signal }) });
  }

  async release(): Promise<void> {
    clearTimeout(this.#beat);
    await this.#exclusively(async () => {
      if (this.#lost !== undefined || this.#isGivenBack) {
        return;
      }
      this.#isGivenBack = true;
      const { holder, token } = this;
      const entry = { by: holder.actor, release: null, token, body: { type: "lease.released", holder } } as const;
      const until = Math.min(this.#heldUntil, this.#writer.options.leaseClock.now() + RELEASE_PATIENCE_MS);
      try {
        await this.#writer.write((head) => ({ ...this.#ifHeld(head), lease: null, entry }), until, this.#head);
      } catch (error) {
        // The work is over, and nobody is helped by an error: what could not be given back expires by itself.
        if (!(error instanceof ReleaseError)) {
          throw error;
        }
      }
    });
  }

  /** Writes, and carries the lease on. */
  async #write(entry?: Decision["entry"]): Promise<Written> {
    const { leaseClock } = this.#writer.options;
    const { leaseSeconds } = this.#options;
    try {
      const written = await this.#writer.write(
        (head) => {
          // Another try may come after a pause that was longer than the lease.
          this.assertHeld();
          const lease = { ...this.#ifHeld(head).lease, expiresAt: iso(expiryOf(leaseClock.now(), leaseSeconds)) };
          return { lease, ...(entry === undefined ? {} : { entry }) };
        },
        this.#heldUntil,
        this.#head,
      );
      this.#head = written.head;
      this.#heldUntil = Date.parse((written.head.lease as LeaseRecord).expiresAt);
      this.#scheduleBeat();
      return written;
    } catch (error) {
      if (error instanceof ReleaseError && error.kind === "fenced") {
        this.#lose(error);
      }
      if (error instanceof ReleaseError) {
        // A process that was asleep past its lease finds its call timed out, which is not what went wrong.
        this.assertHeld();
      }
      throw error;
    }
  }

  /** @throws {ReleaseError} `fenced` when the head has another lease */
  #ifHeld(head: LedgerHead): { readonly lease: LeaseRecord } {
    if (head.lease?.token !== this.token) {
      throw takenAway(this.environment, head.lease, this.#options);
    }
    return { lease: head.lease };
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#writing.then(work, work);
    this.#writing = mine.catch(() => {});
    return mine;
  }

  /**
   * In a third of the lease, unless something else is written before. A timer of the process, not the clock's: it must keep no process alive
   * that has nothing else to do.
   */
  #scheduleBeat(): void {
    clearTimeout(this.#beat);
    if (this.#lost === undefined && !this.#isGivenBack) {
      const left = Math.max(0, this.#heldUntil - this.#writer.options.leaseClock.now());
      const delay = Math.min((this.#options.leaseSeconds * 1_000) / 3, left);
      this.#beat = setTimeout(() => void this.#giveSign(), delay).unref();
    }
  }

  async #giveSign(): Promise<void> {
    await this.#exclusively(async () => {
      if (this.#lost !== undefined || this.#isGivenBack) {
        return;
      }
      try {
        this.assertHeld();
        await this.#write();
      } catch (error) {
        if (error instanceof ReleaseError && error.kind !== "fenced") {
          // No sign could be given for as long as the lease lasted, or it is refused: the next one says more.
          this.#scheduleBeat();
          return;
        }
        if (!(error instanceof ReleaseError)) {
          this.#lose(
            new ReleaseError(
              {
                kind: "fenced",
                what: `The lease of ${this.environment} could not be kept`,
                why: error instanceof Error ? error.message : String(error),
                next: `type slipway resume ${this.environment}${this.#options.flags ?? ""}`,
              },
              { cause: error },
            ),
          );
        }
      }
    });
  }

  #lose(why: ReleaseError): void {
    if (this.#lost === undefined) {
      this.#lost = why;
      clearTimeout(this.#beat);
      this.#lostController.abort(why);
    }
  }
}

function outOfTime(environment: string, { leaseSeconds, flags = "" }: HoldOptions): ReleaseError {
  return new ReleaseError({
    kind: "fenced",
    what: `The lease of ${environment} has run out`,
    why: `this process gave no sign of life for ${leaseSeconds} s: it was asleep, or the ledger's table could not be reached; somebody else may have the lease by now`,
    next: `type slipway status ${environment}${flags}, then slipway resume ${environment}${flags}: it goes on where it stopped`,
  });
}

function takenAway(environment: string, lease: LeaseRecord | null, { flags = "" }: HoldOptions): ReleaseError {
  return new ReleaseError({
    kind: "fenced",
    what: `The lease of ${environment} was taken away from this process`,
    why:
      lease === null
        ? "somebody broke it (slipway unlock), or took it and has given it back since"
        : `${lease.holder.actor.name} has it since ${lease.takenAt}: ${lease.holder.command} on ${lease.holder.host}`,
    next: `type slipway status ${environment}${flags}; nothing more was changed from here`,
  });
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
