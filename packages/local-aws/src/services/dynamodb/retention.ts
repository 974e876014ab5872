import type { Cancel, Clock } from "../../core/clock.ts";
import type { Backups } from "./backups.ts";
import { type Exports, firstMoment } from "./export-records.ts";
import type { Journal } from "./journal.ts";
import { recordedSince, recoveryPeriod } from "./recovery-window.ts";
import type { Remains } from "./remains.ts";
import { type Table, tableOf } from "./table.ts";
import type { Tables } from "./tables.ts";

/** Journals are looked through at most this often: nothing reads what is too old, it only takes room. */
const PAUSE_MS = 60 * 60 * 1000;

/** What the retention works with. */
export interface RetentionDependencies {
  readonly tables: Tables;
  readonly journal: Journal;
  readonly backups: Backups;
  readonly exports: Exports;
  readonly remains: Remains;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** Forgets, on the clock of local AWS, what is older than it is kept: changes of items, and backups of deleted tables. */
export class Retention {
  readonly #parts: RetentionDependencies;
  #cancel: Cancel = () => {};
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(parts: RetentionDependencies) {
    this.#parts = parts;
  }

  /** Forgets what is due, and plans the next time. To be called whenever something is kept for another time than before. */
  async review(): Promise<void> {
    while (this.#running !== undefined) {
      await this.#running;
    }
    if (this.#isStopped) {
      return;
    }
    this.#running = this.#review().catch((error: unknown) => {
      const reason = error instanceof Error ? error.stack : String(error);
      this.#parts.log(`dynamodb: old changes and backups could not be forgotten: ${reason}`);
    });
    await this.#running;
    this.#running = undefined;
  }

  /** Stops, after the review that may be running. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#running;
  }

  async #review(): Promise<void> {
    const { tables, backups, remains, clock } = this.#parts;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const { arn, storeId, expiresAt } of backups.all()) {
      if (expiresAt !== undefined && expiresAt <= now) {
        backups.delete(arn);
        remains.remove(storeId);
      } else if (expiresAt !== undefined) {
        next = Math.min(next, expiresAt);
      }
    }
    for (const table of tables.all()) {
      const due = await this.#trim(table, now);
      next = Math.min(next, due === undefined ? next : Math.max(due, now + PAUSE_MS));
    }
    this.#cancel();
    if (next < Number.POSITIVE_INFINITY && !this.#isStopped) {
      this.#cancel = clock.schedule(next, () => this.review());
    }
  }

  /** When the journal's first change will be too old, in milliseconds since the epoch. */
  async #trim(table: Table, now: number): Promise<number | undefined> {
    const recovery = table.record.pointInTimeRecovery;
    if (recovery === undefined) {
      return undefined;
    }
    const since = recordedSince(recovery, now);
    // A restore or an export that is under way may have been asked for just before its moment was too old.
    const exported = this.#parts.exports
      .underWay()
      .flatMap((each) => (each.table.id === table.record.id ? [firstMoment(each)] : []));
    const restored = this.#parts.tables
      .restoring()
      .flatMap(({ source }) =>
        source.kind === "table" && tableOf(source.record).changesPrefix === table.changesPrefix ? [source.at] : [],
      );
    const first = await this.#parts.journal.trim(table, Math.min(since, ...restored, ...exported));
    return (first ?? now) + recoveryPeriod(recovery);
  }
}
