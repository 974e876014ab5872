import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type EventOrigin, LogEvent } from "../discovery/log-event.ts";
import type { NeededColumns } from "../plan/event-fields.ts";

/** A group of a query, with the oldest time that its retention lets one see. */
export interface QueriedGroup {
  readonly id: number;
  readonly name: string;
  /** Milliseconds since the epoch, inclusive. */
  readonly from: number;
}

/** An event with its length in bytes. */
export interface ScannedEvent {
  readonly event: LogEvent;
  readonly bytes: number;
}

/** `[time, id, bytes, message, stream, ingested]`, with 0 and "" for what the query does not need. */
type Tuple = [time: number, id: number, bytes: number, message: string, stream: number, ingested: number];

/** Rows fetched at once where they have no messages. */
const CHUNK = 2000;
/** The same where they have: messages may be large, and the memory must not depend on it. */
const MESSAGE_CHUNK = { rows: 500, bytes: 2_000_000 };

/** Reads the events of some groups, newest first, from a store that others write to meanwhile. */
export class EventSource {
  readonly #database: DatabaseSync;
  readonly #accountId: string;

  /** Opens the store for reading and holds on to the state of this moment. */
  constructor(file: string, accountId: string) {
    this.#database = new DatabaseSync(file, { readOnly: true });
    this.#accountId = accountId;
    this.#database.exec("PRAGMA busy_timeout = 5000; BEGIN");
  }

  close(): void {
    this.#database.close();
  }

  /** Events up to a time (inclusive), newest first, in portions. */
  *scan(groups: readonly QueriedGroup[], until: number, needs: NeededColumns): Generator<readonly ScannedEvent[]> {
    const scans = groups.map((group) => this.#scanGroup(group, until, needs));
    const [only] = scans;
    yield* only !== undefined && scans.length === 1 ? only : merge(scans);
  }

  *#scanGroup(group: QueriedGroup, until: number, needs: NeededColumns): Generator<readonly ScannedEvent[]> {
    const origin = this.#originOf(group);
    for (const tuples of this.#tuples(group, until, needs)) {
      yield tuples.map(([time, id, bytes, message, stream, ingested]) => ({
        event: new LogEvent(origin, time, id, message, stream, ingested),
        bytes,
      }));
    }
  }

  *#tuples(group: QueriedGroup, until: number, needs: NeededColumns): Generator<readonly Tuple[]> {
    const columns = [
      ...["time", "id", "octet_length(message)"],
      ...[needs.message ? "message" : "''", needs.stream ? "stream" : "0", needs.ingested ? "ingested" : "0"],
    ].join(", ");
    const newestFirst = "ORDER BY time DESC, id DESC";
    if (needs.message) {
      const sql = `SELECT ${columns} FROM logs_events WHERE grp = ? AND time BETWEEN ? AND ? ${newestFirst}`;
      yield* inPortions(this.#prepare(sql).iterate(group.id, group.from, until) as unknown as Iterable<Tuple>);
      return;
    }
    const statement = this.#prepare(
      `SELECT ${columns} FROM logs_events WHERE grp = ? AND (time, id) < (?, ?) AND time >= ? ${newestFirst} LIMIT ${CHUNK}`,
    );
    for (let last: readonly [number, number] | undefined = [until, Number.MAX_SAFE_INTEGER]; last !== undefined; ) {
      const tuples = statement.all(group.id, last[0], last[1], group.from) as unknown as Tuple[];
      yield tuples;
      const end = tuples.at(-1);
      last = end === undefined || tuples.length < CHUNK ? undefined : [end[0], end[1]];
    }
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  #originOf({ id, name }: QueriedGroup): EventOrigin {
    const find = this.#database.prepare("SELECT name FROM logs_streams WHERE id = ?");
    const names = new Map<number, string | undefined>();
    return {
      log: `${this.#accountId}:${name}`,
      group: id,
      groupName: name,
      streamName: (stream) => {
        if (!names.has(stream)) {
          names.set(stream, (find.get(stream) as { name: string } | undefined)?.name);
        }
        return names.get(stream);
      },
    };
  }
}

function* inPortions(tuples: Iterable<Tuple>): Generator<readonly Tuple[]> {
  let portion: Tuple[] = [];
  let bytes = 0;
  for (const tuple of tuples) {
    portion.push(tuple);
    bytes += tuple[2];
    if (portion.length >= MESSAGE_CHUNK.rows || bytes >= MESSAGE_CHUNK.bytes) {
      yield portion;
      portion = [];
      bytes = 0;
    }
  }
  yield portion;
}

/** Of several groups at once: whichever has the newest event comes next. */
function* merge(scans: readonly Generator<readonly ScannedEvent[]>[]): Generator<readonly ScannedEvent[]> {
  const heads = scans.map((scan) => new Head(scan));
  let portion: ScannedEvent[] = [];
  for (;;) {
    let newest: Head | undefined;
    for (const head of heads) {
      if (head.current !== undefined && (newest?.current === undefined || isNewer(head.current, newest.current))) {
        newest = head;
      }
    }
    if (newest?.current === undefined) {
      yield portion;
      return;
    }
    portion.push(newest.current);
    newest.advance();
    if (portion.length >= MESSAGE_CHUNK.rows) {
      yield portion;
      portion = [];
    }
  }
}

const isNewer = ({ event: left }: ScannedEvent, { event: right }: ScannedEvent): boolean =>
  left.time > right.time || (left.time === right.time && left.id > right.id);

/** The next event of a scan. */
class Head {
  readonly #scan: Generator<readonly ScannedEvent[]>;
  #portion: readonly ScannedEvent[] = [];
  #index = 0;

  constructor(scan: Generator<readonly ScannedEvent[]>) {
    this.#scan = scan;
    this.#fill();
  }

  get current(): ScannedEvent | undefined {
    return this.#portion[this.#index];
  }

  advance(): void {
    this.#index++;
    this.#fill();
  }

  #fill(): void {
    while (this.#index >= this.#portion.length) {
      const next = this.#scan.next();
      if (next.done) {
        return;
      }
      this.#portion = next.value;
      this.#index = 0;
    }
  }
}
