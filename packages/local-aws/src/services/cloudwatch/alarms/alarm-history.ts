import type { DatabaseSync, StatementSync } from "node:sqlite";

/** One entry of an alarm's history. */
export interface HistoryEntry {
  readonly alarm: string;
  readonly kind: "MetricAlarm" | "CompositeAlarm";
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly type: "ConfigurationUpdate" | "StateUpdate" | "Action";
  readonly summary: string;
  /** JSON. */
  readonly data: string;
}

/** What to read of the history. */
export interface HistoryQuery {
  readonly alarm?: string;
  readonly kinds: readonly string[];
  readonly type?: string;
  /** Entries that came after the one with this number, which {@link AlarmHistory.latest} gives. */
  readonly after?: number;
  readonly from: number;
  readonly to: number;
  readonly ascending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** AWS keeps the history of an alarm for 30 days. */
const KEEP_MS = 30 * 86_400_000;

/** The table of what happened to alarms. */
export class AlarmHistory {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(
      `CREATE TABLE IF NOT EXISTS monitoring_history (
         id INTEGER PRIMARY KEY AUTOINCREMENT, alarm TEXT NOT NULL, kind TEXT NOT NULL, time INTEGER NOT NULL,
         type TEXT NOT NULL, summary TEXT NOT NULL, data TEXT NOT NULL
       );
       CREATE INDEX IF NOT EXISTS monitoring_history_by_alarm ON monitoring_history (alarm, time);
       CREATE INDEX IF NOT EXISTS monitoring_history_by_time ON monitoring_history (time);`,
    );
    this.#insert = database.prepare(
      "INSERT INTO monitoring_history (alarm, kind, time, type, summary, data) VALUES (?, ?, ?, ?, ?, ?)",
    );
  }

  add({ alarm, kind, time, type, summary, data }: HistoryEntry): void {
    this.#insert.run(alarm, kind, Math.floor(time), type, summary, data);
  }

  /** The number of the latest entry; 0 before the first one. */
  latest(): number {
    const row = this.#database.prepare("SELECT max(id) AS id FROM monitoring_history").get() as { id: number | null };
    return row.id ?? 0;
  }

  read({ alarm, kinds, type, after = 0, from, to, ascending, offset, limit }: HistoryQuery): HistoryEntry[] {
    const direction = ascending ? "ASC" : "DESC";
    return this.#database
      .prepare(
        `SELECT alarm, kind, time, type, summary, data FROM monitoring_history
         WHERE id > ? AND (? IS NULL OR alarm = ?) AND kind IN (${kinds.map(() => "?").join(", ")}) AND (? IS NULL OR type = ?)
           AND time >= ? AND time <= ? ORDER BY time ${direction}, id ${direction} LIMIT ? OFFSET ?`,
      )
      .all(
        after,
        alarm ?? null,
        alarm ?? null,
        ...kinds,
        type ?? null,
        type ?? null,
        from,
        to,
        limit,
        offset,
      ) as unknown as HistoryEntry[];
  }

  expire(now: number): void {
    this.#database.prepare("DELETE FROM monitoring_history WHERE time < ?").run(Math.floor(now - KEEP_MS));
  }
}
