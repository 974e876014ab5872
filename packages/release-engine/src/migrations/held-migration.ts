import type { MigrationHolder, MigrationRecord } from "@slipway/contracts";
import { AdaptivePace } from "../adaptive-pace.ts";
import type { Clock } from "../ports/clock.ts";
import type { MigrationLedger } from "../ports/migration-table.ts";
import { ReleaseError } from "../release-error.ts";

/** Who runs a migration, and how it is told from others. */
export interface MigrationRunner {
  /** For people: who, where. */
  readonly name: string;
  readonly process?: MigrationHolder["process"];
  /** A new, unguessable text. */
  newToken(): string;
  /** Whether a process of this machine is known to be gone; false where nobody knows. */
  isGone(holder: MigrationHolder): boolean;
}

export interface HoldPorts {
  readonly ledger: MigrationLedger;
  readonly clock: Clock;
  readonly runner: MigrationRunner;
}

/** Longer than any wait for an answer, so that a slow answer does not cost the hold. */
export const LEASE_MS = 30_000;
const ATTEMPTS = 5;
/** A save that is throttled more often than this is given up; the hold would have expired by then. */
const PATIENCE = 8;

/**
 * The right to run a migration, and its record in the table.
 *
 * Every write goes on from the revision that was written before and carries the run's token, so that of two runs one is refused:
 *
 * ```
 * A   hold r1 ── save r2 ── save r3 ── stalls ............................. save r5? refused: r4 is B's. A stops.
 * B                     refused: A holds it until ..   [expired] hold r4 ── save r5
 * ```
 *
 * A's writes of records meanwhile do no harm: each is conditional on the record as it was read, and B would have made the same.
 * Saves of several segments that come together are one write.
 */
export class HeldMigration {
  readonly #ports: HoldPorts;
  readonly #token: string;
  readonly #pace: AdaptivePace;
  #record: MigrationRecord;
  #savedRevision: number;
  #heldUntil: number;
  #savedAt: number;
  #lost: ReleaseError | undefined;
  /** Whether a save has failed of which nobody knows if the table has it: it would have the revision that comes next. */
  #isInDoubt = false;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(ports: HoldPorts, record: MigrationRecord, token: string, sentAt: number) {
    this.#ports = ports;
    this.#token = token;
    this.#record = record;
    this.#savedRevision = record.revision;
    this.#heldUntil = sentAt + LEASE_MS;
    this.#savedAt = sentAt;
    // What was done has to be remembered also when the run is asked to stop, hence a signal that is never given.
    this.#pace = new AdaptivePace({ clock: ports.clock, signal: new AbortController().signal, patience: PATIENCE });
  }

  /**
   * Takes the hold.
   *
   * @param begin makes the record to begin with from that in the table; `undefined` when there is nothing to do
   * @returns undefined when `begin` did
   * @throws {ReleaseError} `busy` when somebody else holds it: the message says who, and until when
   */
  static async acquire(
    ports: HoldPorts,
    id: string,
    begin: (found: MigrationRecord | undefined) => Omit<MigrationRecord, "revision" | "writer" | "holder"> | undefined,
    signal: AbortSignal,
  ): Promise<HeldMigration | undefined> {
    const { ledger, clock, runner } = ports;
    const token = runner.newToken();
    for (let attempt = 1; ; attempt += 1) {
      const found = await ledger.load(id, signal);
      const begun = begin(found);
      if (begun === undefined) {
        return undefined;
      }
      const now = clock.now();
      if (found?.holder !== undefined && Date.parse(found.holder.expiresAt) > now && !runner.isGone(found.holder)) {
        throw heldBy(id, found.holder);
      }
      const { name, process } = runner;
      const holder: MigrationHolder = { token, name, process, since: iso(now), expiresAt: iso(now + LEASE_MS) };
      const record = { ...begun, revision: (found?.revision ?? 0) + 1, writer: token, updatedAt: iso(now), holder };
      const { outcome } = await ledger.save(record, signal);
      if (outcome === "saved" || (await isOwnWrite(ledger, record))) {
        return new HeldMigration(ports, record, token, now);
      }
      if (attempt === ATTEMPTS) {
        throw new ReleaseError({
          kind: "busy",
          what: `${id} could not be taken hold of`,
          why: `somebody else changed its record each of ${ATTEMPTS} times`,
          next: "type the same command again, with --status to see who runs it",
        });
      }
    }
  }

  get record(): MigrationRecord {
    return this.#record;
  }

  /** Changes the record, for the next save to have it: that with which the hold is given back, if there is none before. */
  note(change: (record: MigrationRecord) => MigrationRecord): void {
    this.#record = change(this.#record);
  }

  /**
   * Changes the record, and saves it.
   *
   * @throws {ReleaseError} `conflict` when the hold was lost
   */
  update(change: (record: MigrationRecord) => MigrationRecord): Promise<void> {
    this.note(change);
    return this.#save();
  }

  /** Says that the run is still there, when it has not said so for a third of the lease. */
  async beat(): Promise<void> {
    if (this.#ports.clock.now() - this.#savedAt >= LEASE_MS / 3) {
      await this.#save();
    }
  }

  /**
   * To be asked before a record is written: a run that was asleep for longer than its lease must not go on.
   *
   * @throws {ReleaseError} `conflict`
   */
  assertHeld(): void {
    if (this.#lost !== undefined) {
      throw this.#lost;
    }
    if (this.#ports.clock.now() >= this.#heldUntil) {
      throw new ReleaseError({
        kind: "conflict",
        what: `The run of ${this.#record.id} stood still for longer than it may`,
        why: `it had to say every ${LEASE_MS / 1_000} s that it is there, and did not; somebody else may run it by now`,
        next: "type the same command again: it goes on where it stopped",
      });
    }
  }

  /** Gives the hold back. The run is over, so nobody is helped by an error: a hold that stays expires by itself. */
  async release(): Promise<void> {
    if (this.#lost !== undefined || this.#record.holder === undefined) {
      return;
    }
    const { holder: _, ...rest } = this.#record;
    this.#record = rest;
    await this.#save().catch(() => {});
  }

  #save(): Promise<void> {
    // Whoever changes the record while a write is under way is in the next one, together with all others who do.
    this.#next ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        this.#writing = this.#write();
        return this.#writing;
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    if (this.#lost !== undefined) {
      throw this.#lost;
    }
    const { ledger, clock } = this.#ports;
    const now = clock.now();
    const { holder } = this.#record;
    const record: MigrationRecord = {
      ...this.#record,
      revision: this.#savedRevision + 1,
      writer: this.#token,
      updatedAt: iso(now),
      ...(holder === undefined ? {} : { holder: { ...holder, expiresAt: iso(now + LEASE_MS) } }),
    };
    const wasInDoubt = this.#isInDoubt;
    this.#isInDoubt = true;
    const { outcome, writeUnits } = await this.#pace.run(() => ledger.save(record));
    if (outcome === "conflict" && !(await isOwnWrite(ledger, record))) {
      this.#lost = await lostTo(ledger, record.id);
      throw this.#lost;
    }
    this.#isInDoubt = false;
    this.#savedRevision = record.revision;
    if (outcome === "conflict" && wasInDoubt) {
      // It is ours, but maybe the one before, with what was in the record then:
      //
      //     save r5 ── done ── answer lost for good ── save r5, with more in it ── refused: r5 is there ── save r6
      return this.#write();
    }
    this.#savedAt = now;
    this.#heldUntil = now + LEASE_MS;
    const { earlier } = this.#record;
    this.#record = { ...this.#record, earlier: { ...earlier, writeUnits: earlier.writeUnits + writeUnits } };
  }
}

/** A write whose answer was lost is sent again, and then refused because of itself. */
async function isOwnWrite(ledger: MigrationLedger, { id, revision, writer }: MigrationRecord): Promise<boolean> {
  const found = await ledger.load(id);
  return found?.revision === revision && found.writer === writer;
}

async function lostTo(ledger: MigrationLedger, id: string): Promise<ReleaseError> {
  const found = await ledger.load(id);
  return new ReleaseError({
    kind: "conflict",
    what: `The run of ${id} was taken over`,
    why:
      found === undefined
        ? "its record was deleted from the table"
        : `by ${found.holder?.name ?? "a run that has ended since"}: this one was taken for dead`,
    next: "look how far it is with --status; nothing that was written is lost",
  });
}

function heldBy(id: string, { name, since, expiresAt }: MigrationHolder): ReleaseError {
  return new ReleaseError({
    kind: "busy",
    what: `${id} is being run by ${name}`,
    why: `since ${since}; its hold is good until ${expiresAt}, and it renews it while it lives`,
    next: "wait for it; if that run is dead, type the same command again after that time",
  });
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
