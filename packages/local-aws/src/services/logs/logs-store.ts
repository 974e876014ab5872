import type { DatabaseSync } from "node:sqlite";
import type { Core } from "../../core/core.ts";
import type { LogLine } from "../../core/ports.ts";
import { GroupTable, type LogGroup } from "./group-table.ts";
import { FIRST_CHUNK, nextChunk } from "./message-chunks.ts";
import { StreamTable } from "./stream-table.ts";

/** One stored event. */
export interface StoredEvent {
  /** Order of ingestion, unique over all groups. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly ingested: number;
  readonly stream: number;
  readonly message: string;
}

/** A place between events, in the order of their time and then of their ingestion. */
export interface EventPosition {
  readonly time: number;
  readonly id: number;
}

/** After every event. */
export const LAST_POSITION: EventPosition = { time: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };

/** What CloudWatch Logs adds to each event's length when it counts bytes. */
export const EVENT_OVERHEAD_BYTES = 26;

/**
 * The tables of CloudWatch Logs: groups, streams and events.
 *
 * Events are clustered by group, time and ingestion, so that reading a time range of a group (what FilterLogEvents, Insights and
 * retention do) is one sequential scan; a second index serves single streams.
 */
export class LogsStore {
  readonly groups: GroupTable;
  readonly streams: StreamTable;
  readonly #core: Core;
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;
  #lastId: number;

  constructor(core: Core) {
    this.#core = core;
    this.#database = core.store.database;
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS logs_events (
         grp INTEGER NOT NULL, time INTEGER NOT NULL, id INTEGER NOT NULL,
         stream INTEGER NOT NULL, ingested INTEGER NOT NULL, message TEXT NOT NULL,
         PRIMARY KEY (grp, time, id)
       ) WITHOUT ROWID;
       CREATE INDEX IF NOT EXISTS logs_events_by_stream ON logs_events (stream, time, id);`,
    );
    this.groups = new GroupTable(this.#database);
    this.streams = new StreamTable(this.#database);
    this.#lastId = this.streams.lastEventId();
    this.#statements = prepare(this.#database);
  }

  /** Appends lines to a stream, which is made where missing. Runs inside the caller's transaction. */
  append(group: LogGroup, streamName: string, lines: readonly LogLine[]): void {
    if (lines.length === 0) {
      return;
    }
    const now = Math.floor(this.#core.clock.now());
    const stream = this.streams.find(group.id, streamName) ?? this.streams.create(group.id, streamName, now);
    let { firstEvent = Number.MAX_SAFE_INTEGER, lastEvent = -1, bytes } = stream;
    for (const { timestamp, message } of lines) {
      const time = Math.floor(timestamp);
      this.#statements.insert.run(group.id, time, ++this.#lastId, stream.id, now, message);
      firstEvent = Math.min(firstEvent, time);
      lastEvent = Math.max(lastEvent, time);
      bytes += Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    }
    this.streams.update({ ...stream, firstEvent, lastEvent, bytes, lastIngestion: now, lastId: this.#lastId });
  }

  /** Events of a group after a position up to a time (inclusive), oldest first, read in chunks as they are asked for. */
  *scan(groupId: number, after: EventPosition, until: number): Generator<StoredEvent> {
    yield* chunked(after, (at, limit) => this.#statements.scan.all(groupId, at.time, at.id, until, limit) as never);
  }

  /** Like {@link scan}, newest first: from before a position down to a time (inclusive). */
  *scanBack(groupId: number, before: EventPosition, from: number): Generator<StoredEvent> {
    yield* chunked(before, (at, limit) => this.#statements.scanBack.all(groupId, at.time, at.id, from, limit) as never);
  }

  /** Events of one stream after a position up to a time (inclusive), oldest first. */
  *scanStream(groupId: number, streamId: number, after: EventPosition, until: number): Generator<StoredEvent> {
    yield* chunked(
      after,
      (at, limit) => this.#statements.scanStream.all(groupId, streamId, at.time, at.id, until, limit) as never,
    );
  }

  /** Events of one stream before a position down to a time (inclusive), newest first. */
  *scanStreamBack(groupId: number, streamId: number, before: EventPosition, from: number): Generator<StoredEvent> {
    yield* chunked(
      before,
      (at, limit) => this.#statements.scanStreamBack.all(groupId, streamId, at.time, at.id, from, limit) as never,
    );
  }

  /** Deletes a group with its streams and events. */
  deleteGroup(group: LogGroup): void {
    this.#core.store.transaction(() => {
      this.#statements.deleteGroupEvents.run(group.id);
      this.streams.deleteAll(group.id);
      this.groups.delete(group);
    });
  }

  /** Deletes a stream with its events. */
  deleteStream(groupId: number, streamName: string): void {
    const stream = this.streams.find(groupId, streamName);
    if (stream !== undefined) {
      this.#core.store.transaction(() => {
        this.#statements.deleteStreamEvents.run(groupId, stream.id);
        this.streams.delete(stream);
      });
    }
  }

  /** Drops what is remembered of groups and streams, after a transaction was rolled back. */
  forget(): void {
    this.groups.reload();
    this.streams.forget();
  }

  /** Bytes that a group holds, without what is past its retention: that does not count even before it is deleted. */
  storedBytes(group: LogGroup): number {
    const oldest = oldestKept(group, this.#core.clock.now());
    const expired = oldest === 0 ? [] : this.#expired(group, oldest);
    return expired.reduce((bytes, stream) => bytes - stream.bytes, this.streams.storedBytes(group.id));
  }

  /** Deletes the events of groups whose retention has passed. The streams stay, as on AWS. */
  expire(): void {
    const now = this.#core.clock.now();
    this.#core.store.transaction(() => {
      for (const group of this.groups.all()) {
        if (group.retentionInDays !== undefined) {
          const oldest = oldestKept(group, now);
          const expired = this.#expired(group, oldest);
          this.#statements.deleteBefore.run(group.id, oldest);
          for (const { stream, bytes } of expired) {
            this.streams.shrink(stream, bytes, this.#firstTime(stream, group));
          }
        }
      }
    });
  }

  #firstTime(stream: number, group: LogGroup): number | undefined {
    return (this.#statements.firstOfStream.get(stream, group.id) as { time: number } | undefined)?.time;
  }

  /** What the events before a time weigh, by stream. */
  #expired(group: LogGroup, before: number): { stream: number; bytes: number }[] {
    return this.#statements.weighBefore.all(group.id, before) as { stream: number; bytes: number }[];
  }
}

/** The oldest time that a group's retention lets one see; 0 when events are kept for ever. */
export function oldestKept(group: LogGroup, now: number): number {
  return group.retentionInDays === undefined ? 0 : Math.ceil(now - group.retentionInDays * 86_400_000);
}

function* chunked(
  start: EventPosition,
  read: (at: EventPosition, limit: number) => StoredEvent[],
): Generator<StoredEvent> {
  for (let at = start, limit = FIRST_CHUNK; ; ) {
    const rows = read(at, limit);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) {
      return;
    }
    at = last;
    limit = nextChunk(
      rows.length,
      rows.reduce((sum, { message }) => sum + message.length, 0),
    );
  }
}

function prepare(database: DatabaseSync) {
  const columns = "id, time, ingested, stream, message";
  return {
    insert: database.prepare(
      "INSERT INTO logs_events (grp, time, id, stream, ingested, message) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    scan: database.prepare(
      `SELECT ${columns} FROM logs_events WHERE grp = ? AND (time, id) > (?, ?) AND time <= ? ORDER BY time, id LIMIT ?`,
    ),
    scanBack: database.prepare(
      `SELECT ${columns} FROM logs_events WHERE grp = ? AND (time, id) < (?, ?) AND time >= ? ORDER BY time DESC, id DESC LIMIT ?`,
    ),
    scanStream: database.prepare(
      `SELECT ${columns} FROM logs_events INDEXED BY logs_events_by_stream WHERE grp = ? AND stream = ? AND (time, id) > (?, ?) AND time <= ? ORDER BY time, id LIMIT ?`,
    ),
    scanStreamBack: database.prepare(
      `SELECT ${columns} FROM logs_events INDEXED BY logs_events_by_stream WHERE grp = ? AND stream = ? AND (time, id) < (?, ?) AND time >= ? ORDER BY time DESC, id DESC LIMIT ?`,
    ),
    deleteGroupEvents: database.prepare("DELETE FROM logs_events WHERE grp = ?"),
    deleteStreamEvents: database.prepare(
      "DELETE FROM logs_events INDEXED BY logs_events_by_stream WHERE grp = ? AND stream = ?",
    ),
    weighBefore: database.prepare(
      `SELECT stream, SUM(LENGTH(CAST(message AS BLOB)) + ${EVENT_OVERHEAD_BYTES}) AS bytes FROM logs_events WHERE grp = ? AND time < ? GROUP BY stream`,
    ),
    firstOfStream: database.prepare(
      "SELECT time FROM logs_events INDEXED BY logs_events_by_stream WHERE stream = ? AND grp = ? ORDER BY time, id LIMIT 1",
    ),
    deleteBefore: database.prepare("DELETE FROM logs_events WHERE grp = ? AND time < ?"),
  };
}
