import type { LedgerBody, LedgerEntry, ReleasePlan } from "@slipway/contracts";
import type { HeldLedger } from "../ledger/ledger.ts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { releases } from "../ledger/releases.ts";
import { ReleaseError } from "../release-error.ts";
import type { ReleasePorts } from "./release-ports.ts";

/** The ledger as one release reads and writes it: what is written is what the next decision is made on. */
export class Journal {
  readonly held: HeldLedger;
  readonly #entries: LedgerEntry[];
  readonly #release: string;
  /** What commands to type next need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
  #record: ReleaseRecord;
  #isWhole = true;

  private constructor(held: HeldLedger, entries: LedgerEntry[], record: ReleaseRecord, flags: string) {
    this.held = held;
    this.#entries = entries;
    this.#release = record.id;
    this.#record = record;
    this.flags = flags;
  }

  /** @throws {ReleaseError} `not-found` when the ledger has no such release */
  static async open({ flags = "" }: Pick<ReleasePorts, "flags">, held: HeldLedger, release: string): Promise<Journal> {
    const entries = [...(await held.read())];
    const record = releases(entries).find(({ id }) => id === release);
    if (record === undefined) {
      throw new ReleaseError({
        kind: "not-found",
        what: `There is no release ${release} of ${held.environment}`,
        why: "its ledger has no such release",
        next: `slipway history ${held.environment}${flags}`,
      });
    }
    return new Journal(held, entries, record, flags);
  }

  get plan(): ReleasePlan {
    return this.#record.plan;
  }

  get record(): ReleaseRecord {
    return this.#record;
  }

  /** Whether everything that was written is known to have arrived. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** A command to type: `slipway resume prod --local`. */
  command(verb: "deploy" | "resume" | "rollback" | "watch" | "show"): string {
    const { environment, release } = this.plan;
    return `slipway ${verb} ${environment}${verb === "show" ? ` ${release}` : ""}${this.flags}`;
  }

  /** All releases of the environment, oldest first. */
  all(): readonly ReleaseRecord[] {
    return releases(this.#entries);
  }

  /** @param release which the entry belongs to, where it is another one */
  async write(body: LedgerBody, release = this.#release): Promise<void> {
    try {
      this.#entries.push(await this.held.append({ by: this.held.holder.actor, release, body }));
    } catch (error) {
      this.#isWhole = false;
      throw error;
    }
    this.#record = this.all().find(({ id }) => id === this.#release) ?? this.#record;
  }
}
