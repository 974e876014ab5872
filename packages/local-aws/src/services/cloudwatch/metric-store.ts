import type { DatabaseSync } from "node:sqlite";
import type { Core } from "../../core/core.ts";
import { type Aggregate, addValue, emptyAggregate, mergeInto } from "./aggregate.ts";
import { type MetricIdentity, SeriesTable } from "./series-table.ts";
import { ValueSketch } from "./value-sketch.ts";

/** Aggregates of a metric over one second, minute, five minutes or hour. */
export interface StoredPoint {
  /** Seconds since the epoch, at the start. */
  readonly time: number;
  readonly unit: string;
  readonly aggregate: Aggregate;
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

/** Aggregates held in memory between flushes, so that a busy minute is not read back for each value. */
const MAX_BUCKETS = 20_000;

/**
 * Metrics: one row per series, unit and minute (and per second where a value asked for it), with sum, count, extremes and
 * distribution.
 *
 * Values are merged in memory; {@link MetricStore.flush} writes the rows that changed in one transaction. What a caller put is
 * flushed before it is acknowledged, what real traffic emits within a second.
 */
export class MetricStore {
  readonly series: SeriesTable;
  readonly #core: Core;
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #buckets = new Map<string, Bucket>();
  readonly #dirty = new Set<Bucket>();
  /** The earliest time written of each series since {@link MetricStore.takeWritten}, in seconds since the epoch. */
  #written = new Map<number, number>();

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
    this.#statements = prepare(this.#database);
  }

  /**
   * Takes values in.
   *
   * @param timeMs - when they were measured, in milliseconds since the epoch
   */
  add(metric: MetricIdentity, unit: string, timeMs: number, values: Aggregate, options: { perSecond: boolean }): void {
    const series = this.series.seen(metric, this.#core.clock.now());
    const second = Math.floor(timeMs / 1000);
    this.#merge(series, 60, second - (second % 60), unit, values);
    if (options.perSecond) {
      this.#merge(series, 1, second, unit, values);
    }
  }

  /** Takes one value in, once or several times, as {@link MetricStore.add} does. */
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
  }

  /** Writes what has changed. */
  flush(): void {
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
    });
    this.#dirty.clear();
    if (this.#buckets.size > MAX_BUCKETS) {
      this.#buckets.clear();
    }
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

  /**
   * The points of a metric, oldest first.
   *
   * @param from - seconds since the epoch, inclusive
   * @param to - exclusive
   * @param period - length of the periods that they will be put into: points of coarser resolution are left out
   */
  read(metric: MetricIdentity, from: number, to: number, period: number): StoredPoint[] {
    this.flush();
    const series = this.series.find(metric);
    if (series === undefined) {
      return [];
    }
    const resolutions = period < 60 ? [1] : [60, 300, 3600].filter((resolution) => resolution <= period);
    const rows = resolutions.flatMap(
      (resolution) => this.#statements.read.all(series, resolution, from, to) as unknown as Row[],
    );
    return rows
      .map(({ time, unit, ...rest }) => ({ time, unit, aggregate: toAggregate(rest) }))
      .sort((left, right) => left.time - right.time);
  }

  /** Rolls points up, and lets go of those, as their retention passes. */
  expire(): void {
    this.flush();
    const now = Math.floor(this.#core.clock.now() / 1000);
    this.#core.store.transaction(() => {
      for (const { resolution, keep, into } of RETENTION) {
        const before = now - keep;
        if (into !== undefined) {
          for (const { series, time, unit, ...rest } of this.#statements.old.all(
            resolution,
            before,
          ) as unknown as Row[]) {
            this.#merge(series, into, time - (time % into), unit, toAggregate(rest));
          }
        }
        this.#statements.deleteOld.run(resolution, before);
      }
      this.flush();
      this.series.deleteEmpty();
    });
    this.#buckets.clear();
  }

  #merge(series: number, resolution: Resolution, time: number, unit: string, values: Aggregate): void {
    mergeInto(this.#bucket(series, resolution, time, unit), values);
  }

  /** The aggregate to change; it is written at the next flush. */
  #bucket(series: number, resolution: Resolution, time: number, unit: string): Aggregate {
    const key = `${series} ${resolution} ${time} ${unit}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      const row = this.#statements.get.get(series, resolution, time, unit) as Row | undefined;
      const aggregate = row === undefined ? emptyAggregate() : toAggregate(row);
      bucket = { series, resolution, time, unit, aggregate };
      this.#buckets.set(key, bucket);
    }
    this.#dirty.add(bucket);
    return bucket.aggregate;
  }
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
    old: database.prepare("SELECT * FROM monitoring_points WHERE resolution = ? AND time < ?"),
    deleteOld: database.prepare("DELETE FROM monitoring_points WHERE resolution = ? AND time < ?"),
  };
}
