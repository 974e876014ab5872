import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type EventOrigin, LogEvent } from "../discovery/log-event.ts";
import type { RecordPlace } from "../discovery/record-pointer.ts";

interface StoredRow {
  readonly time: number;
  readonly id: number;
  readonly message: string;
  readonly stream: number;
  readonly ingested: number;
}

/** Characters of a sample: it is held in memory, and read while others wait. */
const MOST_LENGTH = 4_000_000;
const COLUMNS = "time, id, message, stream, ingested";

/** Single events and small samples, read where requests are answered. */
export class StoredEvents {
  readonly #database: DatabaseSync;
  readonly #accountId: string;
  readonly #streamName: StatementSync;

  constructor(database: DatabaseSync, accountId: string) {
    this.#database = database;
    this.#accountId = accountId;
    this.#streamName = database.prepare("SELECT name FROM logs_streams WHERE id = ?");
  }

  /** The event at a place of a group. */
  find({ group, time, id }: RecordPlace, groupName: string): LogEvent | undefined {
    const row = this.#database
      .prepare(`SELECT ${COLUMNS} FROM logs_events WHERE grp = ? AND time = ? AND id = ?`)
      .get(group, time, id) as StoredRow | undefined;
    return row === undefined ? undefined : this.#eventOf(row, group, groupName);
  }

  /** The newest events of a group within a time, both ends included; fewer where they are large. */
  newest(group: { id: number; name: string }, from: number, until: number, count: number): LogEvent[] {
    const events: LogEvent[] = [];
    let length = 0;
    const rows = this.#database
      .prepare(
        `SELECT ${COLUMNS} FROM logs_events WHERE grp = ? AND time BETWEEN ? AND ? ORDER BY time DESC, id DESC LIMIT ?`,
      )
      .iterate(group.id, from, until, count) as unknown as Iterable<StoredRow>;
    for (const row of rows) {
      events.push(this.#eventOf(row, group.id, group.name));
      length += row.message.length;
      if (length >= MOST_LENGTH) {
        break;
      }
    }
    return events;
  }

  #eventOf({ time, id, message, stream, ingested }: StoredRow, group: number, groupName: string): LogEvent {
    const origin: EventOrigin = {
      log: `${this.#accountId}:${groupName}`,
      group,
      groupName,
      streamName: (each) => (this.#streamName.get(each) as { name: string } | undefined)?.name,
    };
    return new LogEvent(origin, time, id, message, stream, ingested);
  }
}
