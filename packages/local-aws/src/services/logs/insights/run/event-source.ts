import { DatabaseSync, type StatementSync } from "node:sqlite";
import { FIRST_CHUNK, nextChunk } from "../../message-chunks.ts";
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

/** `[time, id, bytes]`, and behind them the columns that the query needs. */
type Tuple = readonly (number | string)[];

/** The columns that a query may need. */
const COLUMNS = ["message", "stream", "ingested"] as const;

/** Where a column stands in tuples that have some of them. */
function placeOf(column: (typeof COLUMNS)[number], columns: readonly string[]): number | undefined {
  const index = columns.indexOf(column);
  return index < 0 ? undefined : 3 + index;
}

/** Rows fetched at once where they have no messages. */
const CHUNK = 2000;
/** Events of several groups that are handed on at once. */
const PORTION = 500;

/** Reads the events of some groups, newest first, from a store that others write to meanwhile. */
export class EventSource {
  readonly #database: DatabaseSync;
  readonly #accountId: string;

  /** Opens the store for reading. What it finds at its first look is what it sees to the end. */
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
    const columns = COLUMNS.filter((column) => needs[column]);
    const [message, stream, ingested] = COLUMNS.map((column) => placeOf(column, columns));
    const numberAt = (tuple: Tuple, place: number | undefined) => (place === undefined ? 0 : (tuple[place] as number));
    for (const tuples of this.#tuples(group, until, columns)) {
      yield tuples.map((tuple) => {
        const text = message === undefined ? "" : (tuple[message] as string);
        const [time, id, bytes] = tuple as readonly [number, number, number];
        const event = new LogEvent(origin, time, id, text, numberAt(tuple, stream), numberAt(tuple, ingested));
        return { event, bytes };
      });
    }
  }

  *#tuples(group: QueriedGroup, until: number, columns: readonly string[]): Generator<readonly Tuple[]> {
    const selected = ["time", "id", "octet_length(message)", ...columns].join(", ");
    const statement = this.#prepare(
      `SELECT ${selected} FROM logs_events WHERE grp = ? AND (time, id) < (?, ?) AND time >= ? ORDER BY time DESC, id DESC LIMIT ?`,
    );
    const hasMessages = columns.includes("message");
    let count = hasMessages ? FIRST_CHUNK : CHUNK;
    for (let last: Tuple | undefined = [until, Number.MAX_SAFE_INTEGER]; last !== undefined; ) {
      const [time = 0, id = 0] = last;
      const tuples: Tuple[] = statement.all(group.id, time, id, group.from, count) as unknown as Tuple[];
      yield tuples;
      last = tuples.length < count ? undefined : tuples.at(-1);
      if (hasMessages) {
        count = nextChunk(
          tuples.length,
          tuples.reduce((sum, tuple) => sum + (tuple[2] as number), 0),
        );
      }
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
    if (portion.length >= PORTION) {
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
