import type { DatabaseSync, StatementSync } from "node:sqlite";

/** A log stream as it is stored; times are milliseconds since the epoch. */
export interface LogStream {
  readonly id: number;
  readonly grp: number;
  readonly name: string;
  readonly createdAt: number;
  readonly firstEvent?: number;
  readonly lastEvent?: number;
  readonly lastIngestion?: number;
  /** Bytes of its events, with AWS's overhead per event. */
  readonly bytes: number;
  /** Id of its newest event, from which ids go on after a restart. */
  readonly lastId: number;
}

/** What can be asked of a group's streams. */
export interface StreamQuery {
  readonly groupId: number;
  readonly prefix: string;
  readonly orderBy: "LogStreamName" | "LastEventTime";
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

interface Row {
  id: number;
  grp: number;
  name: string;
  created: number;
  first_event: number | null;
  last_event: number | null;
  last_ingestion: number | null;
  bytes: number;
  last_id: number;
}

/** Streams remembered by name; a busy function has a few, an idle one none. */
const MAX_CACHED = 5000;

/** The table of log streams. */
export class StreamTable {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #update: StatementSync;
  readonly #cache = new Map<string, LogStream>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(
      `CREATE TABLE IF NOT EXISTS logs_streams (
         id INTEGER PRIMARY KEY AUTOINCREMENT, grp INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
         first_event INTEGER, last_event INTEGER, last_ingestion INTEGER,
         bytes INTEGER NOT NULL DEFAULT 0, last_id INTEGER NOT NULL DEFAULT 0, UNIQUE (grp, name)
       );`,
    );
    this.#find = database.prepare("SELECT * FROM logs_streams WHERE grp = ? AND name = ?");
    this.#update = database.prepare(
      "UPDATE logs_streams SET first_event = ?, last_event = ?, last_ingestion = ?, bytes = ?, last_id = ? WHERE id = ?",
    );
  }

  /** The highest id that an event of any stream has. */
  lastEventId(): number {
    const row = this.#database.prepare("SELECT MAX(last_id) AS id FROM logs_streams").get() as { id: number | null };
    return row.id ?? 0;
  }

  find(groupId: number, name: string): LogStream | undefined {
    const cached = this.#cache.get(`${groupId} ${name}`);
    if (cached !== undefined) {
      return cached;
    }
    const row = this.#find.get(groupId, name) as Row | undefined;
    return row === undefined ? undefined : this.#remember(fromRow(row));
  }

  create(groupId: number, name: string, createdAt: number): LogStream {
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO logs_streams (grp, name, created) VALUES (?, ?, ?)")
      .run(groupId, name, createdAt);
    return this.#remember({ id: Number(lastInsertRowid), grp: groupId, name, createdAt, bytes: 0, lastId: 0 });
  }

  update(stream: LogStream): void {
    this.#update.run(
      stream.firstEvent ?? null,
      stream.lastEvent ?? null,
      stream.lastIngestion ?? null,
      stream.bytes,
      stream.lastId,
      stream.id,
    );
    this.#remember(stream);
  }

  query({ groupId, prefix, orderBy, descending, offset, limit }: StreamQuery): LogStream[] {
    const direction = descending ? "DESC" : "ASC";
    const order =
      orderBy === "LogStreamName"
        ? `name ${direction}`
        : `COALESCE(last_event, created) ${direction}, name ${direction}`;
    const rows = this.#database
      .prepare(`SELECT * FROM logs_streams WHERE grp = ? AND name >= ? AND name < ? ORDER BY ${order} LIMIT ? OFFSET ?`)
      .all(groupId, prefix, `${prefix}\u{10FFFF}`, limit, offset) as unknown as Row[];
    return rows.map(fromRow);
  }

  /** Names of a group's streams, by id. */
  names(groupId: number): Map<number, string> {
    const rows = this.#database.prepare("SELECT id, name FROM logs_streams WHERE grp = ?").all(groupId) as {
      id: number;
      name: string;
    }[];
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** Bytes that a group's streams hold together. */
  storedBytes(groupId: number): number {
    const row = this.#database.prepare("SELECT SUM(bytes) AS bytes FROM logs_streams WHERE grp = ?").get(groupId) as {
      bytes: number | null;
    };
    return row.bytes ?? 0;
  }

  /**
   * Takes from a stream what its oldest events weighed.
   *
   * @param firstEvent - the time of its oldest event that is left, if any is
   */
  shrink(id: number, bytes: number, firstEvent: number | undefined): void {
    const sql =
      firstEvent === undefined
        ? "UPDATE logs_streams SET bytes = 0, first_event = NULL, last_event = NULL WHERE id = ?"
        : "UPDATE logs_streams SET bytes = bytes - ?, first_event = ? WHERE id = ?";
    this.#database.prepare(sql).run(...(firstEvent === undefined ? [id] : [bytes, firstEvent, id]));
    this.forget();
  }

  delete(stream: LogStream): void {
    this.#database.prepare("DELETE FROM logs_streams WHERE id = ?").run(stream.id);
    this.#cache.delete(`${stream.grp} ${stream.name}`);
  }

  deleteAll(groupId: number): void {
    this.#database.prepare("DELETE FROM logs_streams WHERE grp = ?").run(groupId);
    this.forget();
  }

  /** Drops what is remembered, after a transaction was rolled back. */
  forget(): void {
    this.#cache.clear();
  }

  #remember(stream: LogStream): LogStream {
    if (this.#cache.size >= MAX_CACHED) {
      this.#cache.clear();
    }
    this.#cache.set(`${stream.grp} ${stream.name}`, stream);
    return stream;
  }
}

function fromRow(row: Row): LogStream {
  return {
    id: row.id,
    grp: row.grp,
    name: row.name,
    createdAt: row.created,
    firstEvent: row.first_event ?? undefined,
    lastEvent: row.last_event ?? undefined,
    lastIngestion: row.last_ingestion ?? undefined,
    bytes: row.bytes,
    lastId: row.last_id,
  };
}
