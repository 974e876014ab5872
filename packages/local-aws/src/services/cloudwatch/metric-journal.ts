import type { DatabaseSync } from "node:sqlite";
import type { PointValues } from "./aggregate.ts";
import { UNITS } from "./cloudwatch-state.ts";

/** Values that were put, as they are kept until they are merged into stored points. */
export interface JournalEntry {
  readonly series: number;
  /** Seconds since the epoch. */
  readonly second: number;
  readonly unit: string;
  readonly perSecond: boolean;
  readonly values: PointValues;
}

const PER_SECOND = 1;
const STATISTICS = 2;
const COUNTS = 4;

const UNIT_NAMES = [...UNITS];
const UNIT_NUMBERS = new Map(UNIT_NAMES.map((unit, index) => [unit, index]));

/**
 * What was put since stored points were written last: one row for each request, so that a request is durable at the price of one
 * small write, however many series it touches.
 */
export class MetricJournal {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync) {
    database.exec(
      "CREATE TABLE IF NOT EXISTS monitoring_journal (id INTEGER PRIMARY KEY AUTOINCREMENT, entries BLOB NOT NULL);",
    );
    this.#statements = prepare(database);
  }

  append(entries: readonly JournalEntry[]): void {
    this.#statements.append.run(encode(entries));
  }

  /** Everything that is in it, in the order in which it came. */
  *entries(): Generator<JournalEntry> {
    for (const { entries } of this.#statements.all.all() as { entries: Uint8Array }[]) {
      yield* decode(entries);
    }
  }

  /** To be called in the transaction that writes the points which hold it all. */
  clear(): void {
    this.#statements.clear.run();
  }
}

/** Doubles: series, second, unit, flags, how many values, the values, and their counts where they have any. */
function encode(entries: readonly JournalEntry[]): Uint8Array {
  const numbers: number[] = [];
  for (const { series, second, unit, perSecond, values } of entries) {
    const flags = perSecond ? PER_SECOND : 0;
    numbers.push(series, second, UNIT_NUMBERS.get(unit) ?? UNIT_NAMES.indexOf("None"));
    if (values.kind === "statistics") {
      numbers.push(flags | STATISTICS, 4, values.sum, values.count, values.min, values.max);
    } else {
      numbers.push(flags | (values.counts === undefined ? 0 : COUNTS), values.values.length, ...values.values);
      numbers.push(...(values.counts ?? []));
    }
  }
  return new Uint8Array(new Float64Array(numbers).buffer);
}

function* decode(bytes: Uint8Array): Generator<JournalEntry> {
  // A copy of its own begins where doubles may begin.
  const numbers = new Float64Array(bytes.slice().buffer);
  let at = 0;
  const next = (): number => numbers[at++] ?? Number.NaN;
  const take = (count: number): number[] => Array.from({ length: count }, next);
  while (at < numbers.length) {
    const [series, second, unit, flags, count] = [next(), next(), UNIT_NAMES[next()] ?? "None", next(), next()];
    const perSecond = (flags & PER_SECOND) !== 0;
    const given = take(count);
    if ((flags & STATISTICS) !== 0) {
      const [sum = 0, samples = 0, min = 0, max = 0] = given;
      yield { series, second, unit, perSecond, values: { kind: "statistics", sum, count: samples, min, max } };
    } else {
      const counts = (flags & COUNTS) === 0 ? undefined : take(count);
      yield { series, second, unit, perSecond, values: { kind: "values", values: given, counts } };
    }
  }
}

function prepare(database: DatabaseSync) {
  return {
    append: database.prepare("INSERT INTO monitoring_journal (entries) VALUES (?)"),
    all: database.prepare("SELECT entries FROM monitoring_journal ORDER BY id"),
    clear: database.prepare("DELETE FROM monitoring_journal"),
  };
}
