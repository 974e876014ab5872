import type { DatabaseSync } from "node:sqlite";
import type { Core } from "../../core/core.ts";
import { type Aggregate, addValue, addValues, emptyAggregate, mergeInto, type PointValues } from "./aggregate.ts";
import { type JournalEntry, MetricJournal } from "./metric-journal.ts";
import { type MetricIdentity, SeriesTable } from "./series-table.ts";
import { ValueSketch } from "./value-sketch.ts";

/** Aggregates of a metric over one second, minute, five minutes or hour. */
export interface StoredPoint {
  /** Seconds since the epoch, at the start. */
  readonly time: number;
  readonly unit: string;
  readonly aggregate: Aggregate;
}

/** Values of a metric that were put, all of one moment. */
export interface PutPoint {
  readonly metric: MetricIdentity;
  readonly unit: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** True when they are to be kept by the second as well. */
  readonly perSecond: boolean;
  readonly values: PointValues;
}

interface Bucket {
  readonly series: number;
  readonly resolution: Resolution;
  readonly time: number;
  readonly unit: string;
  readonly aggregate: Aggregate;
}

type Resolution = 1 | 60 | 300 | 3600;

interface Row {
  series: number;
  time: number;
  unit: string;
  sum: number;
  count: number;
  min: number;
  max: number;
  sketch: Uint8Array | null;
}

/**
 * How long CloudWatch keeps data points, and what becomes of them then (seconds).
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
const RETENTION: readonly { resolution: Resolution; keep: number; into: Resolution | undefined }[] = [
  { resolution: 1, keep: 3 * 3600, into: undefined },
  { resolution: 60, keep: 15 * 86_400, into: 300 },
  { resolution: 300, keep: 63 * 86_400, into: 3600 },
  { resolution: 3600, keep: 455 * 86_400, into: undefined },
];

/** Aggregates held in memory, so that a busy minute is not read back for each value; beyond it they are let go of. */
const MAX_BUCKETS = 20_000;
/** Values and bins that they may hold together: some 60 bytes each. */
const MAX_NUMBERS = 1_000_000;
/** How long values may wait to become stored points, in milliseconds of real time: put ones are in the journal meanwhile. */
const MERGED_WITHIN_MS = 5000;
const RECORDED_WITHIN_MS = 1000;

/**
 * Metrics: one row per series, unit and minute (and per second where a value asked for it), with sum, count, extremes and
 * distribution.
 *
 * Values are merged in memory. What a caller put is in the journal before it is acknowledged, and merged into rows some seconds
 * later; what real traffic emits is written within a second. A kill loses no more than that last second of traffic.
 */
export class MetricStore {
  readonly series: SeriesTable;
  readonly #core: Core;
  readonly #database: DatabaseSync;
  readonly #journal: MetricJournal;
  readonly #statements: ReturnType<typeof prepare>;
  /** By series, then by {@link placeOf}; of each place there is one for each unit. */
  readonly #buckets = new Map<number, Map<number, Bucket[]>>();
  readonly #dirty = new Set<Bucket>();
  /** The earliest time written of each series since {@link MetricStore.takeWritten}, in seconds since the epoch. */
  #written = new Map<number, number>();
  #flushTimer: { readonly at: number; readonly timeout: NodeJS.Timeout } | undefined;

  constructor(core: Core) {
    this.#core = core;
    this.#database = core.store.database;
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS monitoring_points (
         series INTEGER NOT NULL, resolution INTEGER NOT NULL, time INTEGER NOT NULL, unit TEXT NOT NULL,
         sum REAL NOT NULL, count REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, sketch BLOB,
         PRIMARY KEY (series, resolution, time, unit)
       ) WITHOUT ROWID;
       CREATE INDEX IF NOT EXISTS monitoring_points_by_age ON monitoring_points (resolution, time);`,
    );
    this.series = new SeriesTable(this.#database);
    this.#journal = new MetricJournal(this.#database);
    this.#statements = prepare(this.#database);
    for (const entry of this.#journal.entries()) {
      this.#take(entry);
    }
    this.flush();
  }

  /** Takes values in; on return they outlive a kill. */
  put(points: readonly PutPoint[]): void {
    const now = this.#core.clock.now();
    let entries: readonly JournalEntry[] = [];
    try {
      entries = this.#core.store.transaction(() => {
        const identified = points.map(({ metric, unit, time, perSecond, values }) => ({
          ...{ series: this.series.seen(metric, now), second: Math.floor(time / 1000) },
          ...{ unit, perSecond, values },
        }));
        this.#journal.append(identified);
        return identified;
      });
    } catch (error) {
      this.series.forget();
      throw error;
    }
    for (const entry of entries) {
      this.#take(entry);
    }
    if (this.#dirty.size > MAX_BUCKETS) {
      // They are in the journal: a caller who was told of an error would send them again.
      this.#flushQuietly();
    } else {
      this.#flushWithin(MERGED_WITHIN_MS);
    }
  }

  /**
   * Takes a value of real traffic in, once or several times.
   *
   * @param timeMs - when it was measured, in milliseconds since the epoch
   */
  addValue(
    metric: MetricIdentity,
    unit: string,
    timeMs: number,
    value: number,
    options: { count: number; perSecond: boolean },
  ): void {
    const series = this.series.seen(metric, this.#core.clock.now());
    const second = Math.floor(timeMs / 1000);
    addValue(this.#bucket(series, 60, second - (second % 60), unit), value, options.count);
    if (options.perSecond) {
      addValue(this.#bucket(series, 1, second, unit), value, options.count);
    }
    this.#flushWithin(RECORDED_WITHIN_MS);
  }

  /** Writes what has changed. */
  flush(): void {
    clearTimeout(this.#flushTimer?.timeout);
    this.#flushTimer = undefined;
    if (this.#dirty.size === 0) {
      return;
    }
    this.#core.store.transaction(() => {
      this.series.flush();
      for (const { series, resolution, time, unit, aggregate } of this.#dirty) {
        const { sum, count, min, max, sketch } = aggregate;
        this.#statements.put.run(series, resolution, time, unit, sum, count, min, max, sketch?.encode() ?? null);
        this.#written.set(series, Math.min(time, this.#written.get(series) ?? time));
      }
      this.#journal.clear();
    });
    this.#dirty.clear();
    this.#letGo();
  }

  /**
   * Which series were written since the last call, by id, with the earliest time that was (in seconds since the epoch): alarms hold
   * recent points in memory, and read anew what has changed.
   */
  takeWritten(): ReadonlyMap<number, number> {
    this.flush();
    const written = this.#written;
    this.#written = new Map();
    return written;
  }

  /** Writes what has changed, and stops. */
  close(): void {
    this.#flushQuietly();
  }

  /**
   * The points of a metric, oldest first.
   *
   * @param from - seconds since the epoch, inclusive
   * @param to - exclusive
   * @param period - length of the periods that they will be put into: points that may lie across two of them are left out, as after
   * 15 days those of a period that is no multiple of five minutes
   * @param distribution - false when sums, counts and extremes are enough, which is a good deal quicker
   */
  read(metric: MetricIdentity, from: number, to: number, period: number, distribution = true): StoredPoint[] {
    this.flush();
    const series = this.series.find(metric);
    if (series === undefined) {
      return [];
    }
    const resolutions = period < 60 ? [1] : [60, 300, 3600].filter((resolution) => period % resolution === 0);
    const statement = distribution ? this.#statements.read : this.#statements.readPlain;
    const rows = resolutions.flatMap((resolution) => statement.all(series, resolution, from, to) as unknown as Row[]);
    return rows
      .map(({ time, unit, ...rest }) => ({ time, unit, aggregate: toAggregate(rest) }))
      .sort((left, right) => left.time - right.time);
  }

  /** Rolls points up, and lets go of those, as their retention passes. */
  expire(): void {
    this.flush();
    try {
      this.#core.store.transaction(() => this.#rollUp(Math.floor(this.#core.clock.now() / 1000)));
    } finally {
      // Nothing else waited to be written. What was rolled up and could not be kept would be added once more the next time.
      this.#dirty.clear();
      this.#buckets.clear();
    }
  }

  #rollUp(now: number): void {
    for (const { resolution, keep, into } of RETENTION) {
      const before = now - keep;
      if (into !== undefined) {
        // Row by row and with what is held written in between: after some weeks of rest there may be a great many.
        for (const row of this.#statements.old.iterate(resolution, before)) {
          const { series, time, unit, ...rest } = row as unknown as Row;
          mergeInto(this.#bucket(series, into, time - (time % into), unit), toAggregate(rest));
          if (this.#dirty.size > MAX_BUCKETS) {
            this.flush();
          }
        }
        // Some of it may be old enough to be rolled up further: it must be in its row, and not in memory as well.
        this.flush();
      }
      this.#statements.deleteOld.run(resolution, before);
    }
    this.series.deleteEmpty();
  }

  #take({ series, second, unit, perSecond, values }: JournalEntry): void {
    addValues(this.#bucket(series, 60, second - (second % 60), unit), values);
    if (perSecond) {
      addValues(this.#bucket(series, 1, second, unit), values);
    }
  }

  /** The aggregate to change; it is written at the next flush. */
  #bucket(series: number, resolution: Resolution, time: number, unit: string): Aggregate {
    let ofSeries = this.#buckets.get(series);
    if (ofSeries === undefined) {
      ofSeries = new Map();
      this.#buckets.set(series, ofSeries);
    }
    const place = placeOf(time, resolution);
    let own = ofSeries.get(place);
    if (own === undefined) {
      own = [];
      ofSeries.set(place, own);
    }
    let bucket = own.find((each) => each.unit === unit);
    if (bucket === undefined) {
      const row = this.#statements.get.get(series, resolution, time, unit) as Row | undefined;
      const aggregate = row === undefined ? emptyAggregate() : toAggregate(row);
      bucket = { series, resolution, time, unit, aggregate };
      own.push(bucket);
    }
    this.#dirty.add(bucket);
    return bucket.aggregate;
  }

  /** Called when nothing waits to be written: what is let go of can be read again. */
  #letGo(): void {
    let buckets = 0;
    let numbers = 0;
    for (const own of [...this.#buckets.values()].flatMap((ofSeries) => [...ofSeries.values()])) {
      buckets += own.length;
      for (const { aggregate } of own) {
        numbers += aggregate.sketch?.size ?? 0;
      }
    }
    if (buckets > MAX_BUCKETS || numbers > MAX_NUMBERS) {
      this.#buckets.clear();
    }
  }

  #flushWithin(milliseconds: number): void {
    const at = performance.now() + milliseconds;
    if (this.#flushTimer !== undefined && this.#flushTimer.at <= at) {
      return;
    }
    clearTimeout(this.#flushTimer?.timeout);
    this.#flushTimer = { at, timeout: setTimeout(() => this.#flushQuietly(), milliseconds).unref() };
  }

  /** Of a timer: nobody is there to catch an error. What could not be written is tried again. */
  #flushQuietly(): void {
    try {
      this.flush();
    } catch (error) {
      this.#core.log(
        `monitoring: metrics could not be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** One number for a stretch of time: resolutions are less than 4,096 seconds. */
function placeOf(time: number, resolution: Resolution): number {
  return time * 4096 + resolution;
}

function toAggregate({ sum, count, min, max, sketch }: Omit<Row, "series" | "time" | "unit">): Aggregate {
  return { sum, count, min, max, sketch: sketch === null ? undefined : ValueSketch.decode(sketch) };
}

function prepare(database: DatabaseSync) {
  return {
    get: database.prepare(
      "SELECT sum, count, min, max, sketch FROM monitoring_points WHERE series = ? AND resolution = ? AND time = ? AND unit = ?",
    ),
    put: database.prepare(
      `INSERT INTO monitoring_points (series, resolution, time, unit, sum, count, min, max, sketch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (series, resolution, time, unit) DO UPDATE SET
         sum = excluded.sum, count = excluded.count, min = excluded.min, max = excluded.max, sketch = excluded.sketch`,
    ),
    read: database.prepare(
      "SELECT time, unit, sum, count, min, max, sketch FROM monitoring_points WHERE series = ? AND resolution = ? AND time >= ? AND time < ?",
    ),
    readPlain: database.prepare(
      "SELECT time, unit, sum, count, min, max, NULL AS sketch FROM monitoring_points WHERE series = ? AND resolution = ? AND time >= ? AND time < ?",
    ),
    old: database.prepare("SELECT * FROM monitoring_points WHERE resolution = ? AND time < ? ORDER BY time"),
    deleteOld: database.prepare("DELETE FROM monitoring_points WHERE resolution = ? AND time < ?"),
  };
}
