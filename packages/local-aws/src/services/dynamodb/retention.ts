import type { Cancel, Clock } from "../../core/clock.ts";
import type { Backups } from "./backups.ts";
import { type ExportRecord, type Exports, firstMoment } from "./export-records.ts";
import type { Journal } from "./journal.ts";
import { recordedSince, recoveryPeriod } from "./recovery-window.ts";
import type { Remains } from "./remains.ts";
import { readsJournalOf, type Table } from "./table.ts";
import type { Tables } from "./tables.ts";

/** Journals are looked through at most this often: nothing reads what is too old, it only takes room. */
const PAUSE_MS = 60 * 60 * 1000;

/** What the retention works with. */
export interface RetentionDependencies {
  readonly tables: Pick<Tables, "all" | "restoring">;
  readonly journal: Pick<Journal, "trim">;
  readonly backups: Pick<Backups, "all" | "delete">;
  readonly exports: Pick<Exports, "underWay" | "forgetOld">;
  readonly remains: Pick<Remains, "remove">;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** What may have been asked for just before its moment was too old. */
interface Readers {
  readonly exports: readonly ExportRecord[];
  readonly restores: ReturnType<Tables["restoring"]>;
}

/** Forgets, on the clock of local AWS, what is older than it is kept: changes of items, backups of deleted tables, and exports. */
export class Retention {
  readonly #parts: RetentionDependencies;
  #cancel: Cancel = () => {};
  #running = Promise.resolve();
  /** The review that begins when the running one has ended. */
  #waiting: Promise<void> | undefined;
  #isStopped = false;

  constructor(parts: RetentionDependencies) {
    this.#parts = parts;
  }

  /** Forgets what is due, and plans the next time. To be called whenever something is kept for another time than before. */
  review(): Promise<void> {
    // One that has not begun yet sees what all of its callers have changed.
    this.#waiting ??= this.#running.then(() => {
      this.#waiting = undefined;
      this.#running = this.#isStopped ? Promise.resolve() : this.#review();
      return this.#running;
    });
    return this.#waiting;
  }

  /** Stops, after the review that may be running. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await (this.#waiting ?? this.#running);
  }

  /** Never rejects: what fails is tried again later, and keeps nothing else from being forgotten. */
  async #review(): Promise<void> {
    const { tables, exports, clock } = this.#parts;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    const plan = async (what: string, work: () => Promise<number | undefined> | number | undefined): Promise<void> => {
      try {
        next = Math.min(next, (await work()) ?? next);
      } catch (error) {
        const reason = error instanceof Error ? error.stack : String(error);
        this.#parts.log(
          `dynamodb: ${what} could not be forgotten, it is tried again in an hour of the clock: ${reason}`,
        );
        next = Math.min(next, now + PAUSE_MS);
      }
    };
    try {
      await plan("old backups", () => this.#forgetBackups(now));
      await plan("old exports", () => exports.forgetOld());
      await plan("old changes", async () => {
        // Those that begin from here on read nothing that is too old by now.
        const readers = { exports: exports.underWay(), restores: tables.restoring() };
        for (const table of tables.all()) {
          await plan(`old changes of the table ${table.name}`, () => this.#trim(table, readers, now));
        }
        return undefined;
      });
    } finally {
      this.#cancel();
      if (next < Number.POSITIVE_INFINITY && !this.#isStopped) {
        this.#cancel = clock.schedule(next, () => this.review());
      }
    }
  }

  /** When the next backup will go, in milliseconds since the epoch. */
  #forgetBackups(now: number): number | undefined {
    const { backups, remains } = this.#parts;
    let next: number | undefined;
    for (const { arn, storeId, expiresAt } of backups.all()) {
      if (expiresAt !== undefined && expiresAt <= now) {
        backups.delete(arn);
        remains.remove(storeId);
      } else if (expiresAt !== undefined) {
        next = Math.min(next ?? expiresAt, expiresAt);
      }
    }
    return next;
  }

  /** When the journal's first change will be too old, in milliseconds since the epoch. */
  async #trim(table: Table, { exports, restores }: Readers, now: number): Promise<number | undefined> {
    const recovery = table.record.pointInTimeRecovery;
    if (recovery === undefined) {
      return undefined;
    }
    const since = recordedSince(recovery, now);
    const exported = exports.flatMap((each) => (each.table.id === table.record.id ? [firstMoment(each)] : []));
    const restored = restores.flatMap(({ source }) => (readsJournalOf(source, table) ? [source.at] : []));
    const first = await this.#parts.journal.trim(table, Math.min(since, ...restored, ...exported));
    return Math.max((first ?? now) + recoveryPeriod(recovery), now + PAUSE_MS);
  }
}
