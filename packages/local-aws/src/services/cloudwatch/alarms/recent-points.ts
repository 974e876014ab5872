import type { PointSource } from "../metric-queries.ts";
import type { MetricStore, StoredPoint } from "../metric-store.ts";
import type { MetricIdentity, SeriesTable } from "../series-table.ts";
import { metricKey } from "./metric-key.ts";

/** Alarms that look further back than this (seconds) read the store each time, which they do once an hour at most. */
const LONGEST_HELD = 2 * 86_400;

interface Held {
  readonly metric: MetricIdentity;
  /** 1 for periods below a minute, else 60: the finest points that the store has of recent times. */
  readonly resolution: number;
  series: number | undefined;
  /** Points are held from here (seconds since the epoch). */
  from: number;
  /** The longest stretch that was asked for, in seconds. */
  span: number;
  /** Points from here on have to be read. */
  staleFrom: number;
  points: StoredPoint[];
}

/**
 * The latest points of the metrics that alarms look at, in memory. A period that has been read is not read again until something is
 * written to it, so that the work of an evaluation depends on what is new and not on how far back the alarm looks.
 */
export class RecentPoints implements PointSource {
  readonly series: SeriesTable;
  readonly #store: MetricStore;
  readonly #held = new Map<string, Held>();
  /** Series that have been written since the last time that ids were looked up; a new one may be one that is held. */
  readonly #seen = new Set<number>();
  /** Keys by identity, which prepared queries keep. */
  readonly #keys = new WeakMap<MetricIdentity, string>();

  constructor(store: MetricStore) {
    this.#store = store;
    this.series = store.series;
  }

  /** Learns what was written since the last call; to be called before a round of evaluations. */
  refresh(): void {
    const written = this.#store.takeWritten();
    if (written.size === 0) {
      return;
    }
    const isNew = [...written.keys()].filter((series) => !this.#seen.has(series));
    for (const series of isNew) {
      this.#seen.add(series);
    }
    for (const held of this.#held.values()) {
      if (isNew.length > 0) {
        this.#findSeries(held);
      }
      const since = held.series === undefined ? undefined : written.get(held.series);
      held.staleFrom = Math.min(held.staleFrom, since ?? held.staleFrom);
    }
  }

  /** A metric gets its series with its first data, and another one when it comes back after it was forgotten. */
  #findSeries(held: Held): void {
    const series = this.#store.series.find(held.metric);
    if (series !== held.series) {
      held.series = series;
      held.staleFrom = Number.NEGATIVE_INFINITY;
    }
  }

  /** Lets go of everything: alarms have changed, and perhaps look at other metrics. */
  forget(): void {
    this.#held.clear();
  }

  read(metric: MetricIdentity, from: number, to: number, period: number): readonly StoredPoint[] {
    const span = to - from;
    if (span > LONGEST_HELD) {
      return this.#store.read(metric, from, to, period);
    }
    const held = this.#holding(metric, period < 60 ? 1 : 60);
    held.span = Math.max(held.span, span);
    if (from < held.from) {
      held.from = from;
      held.staleFrom = Number.NEGATIVE_INFINITY;
    }
    if (held.staleFrom !== Number.POSITIVE_INFINITY) {
      this.#catchUp(held, to);
    }
    return within(held.points, from, to);
  }

  #holding(metric: MetricIdentity, resolution: number): Held {
    const key = `${resolution}\n${this.#keyOf(metric)}`;
    let held = this.#held.get(key);
    if (held === undefined) {
      held = {
        metric,
        resolution,
        series: this.#store.series.find(metric),
        from: Number.POSITIVE_INFINITY,
        span: 0,
        staleFrom: Number.NEGATIVE_INFINITY,
        points: [],
      };
      this.#held.set(key, held);
    }
    return held;
  }

  /** Reads what has changed, and lets go of what nobody asks for any more. */
  #catchUp(held: Held, to: number): void {
    const { points, resolution, span } = held;
    const since = Math.max(held.from, held.staleFrom);
    const kept = points.slice(0, firstAtOrAfter(points, since));
    const read = this.#store.read(held.metric, since, Number.MAX_SAFE_INTEGER, resolution);
    held.points = [...kept, ...read];
    held.staleFrom = Number.POSITIVE_INFINITY;
    if (to - 2 * span > held.from) {
      held.from = to - 2 * span;
      held.points = held.points.slice(firstAtOrAfter(held.points, held.from));
    }
  }

  #keyOf(metric: MetricIdentity): string {
    let key = this.#keys.get(metric);
    if (key === undefined) {
      key = metricKey(metric);
      this.#keys.set(metric, key);
    }
    return key;
  }
}

function within(points: readonly StoredPoint[], from: number, to: number): readonly StoredPoint[] {
  return points.slice(firstAtOrAfter(points, from), firstAtOrAfter(points, to));
}

/** Where the first point at or after a time stands, in points in the order of time. */
function firstAtOrAfter(points: readonly StoredPoint[], time: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as StoredPoint).time < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
