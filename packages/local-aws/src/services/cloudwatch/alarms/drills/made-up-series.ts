import { type Aggregate, aggregateOf } from "../../aggregate.ts";
import type { PointSource } from "../../metric-queries.ts";
import type { StoredPoint } from "../../metric-store.ts";
import type { MetricIdentity, SeriesTable } from "../../series-table.ts";
import { metricKey } from "../metric-key.ts";

/** Equal values of a metric in one period. */
export interface Sample {
  readonly value: number;
  readonly count: number;
  readonly unit: string;
}

/** What each metric is in a period, by {@link metricKey}; one that is not there has no data. */
export type Assignment = ReadonlyMap<string, Sample>;

/** Metrics that are made up: nothing of them is stored. */
export class MadeUpSeries implements PointSource {
  readonly series: SeriesTable;
  readonly #assignmentAt: (time: number) => Assignment;
  /** Points are only read: an alarm that looks at thousands of periods needs no more than one for each sample. */
  readonly #aggregates = new Map<Sample, Aggregate>();

  /** @param assignmentAt - what the metrics are in the period that begins at a time (seconds since the epoch) */
  constructor(series: SeriesTable, assignmentAt: (time: number) => Assignment) {
    this.series = series;
    this.#assignmentAt = assignmentAt;
  }

  read(metric: MetricIdentity, from: number, to: number, period: number): readonly StoredPoint[] {
    const key = metricKey(metric);
    const points: StoredPoint[] = [];
    for (let time = from; time < to; time += period) {
      const sample = this.#assignmentAt(time).get(key);
      if (sample !== undefined) {
        points.push({ time, unit: sample.unit, aggregate: this.#aggregateOf(sample) });
      }
    }
    return points;
  }

  #aggregateOf(sample: Sample): Aggregate {
    let aggregate = this.#aggregates.get(sample);
    if (aggregate === undefined) {
      aggregate = aggregateOf(sample.value, sample.count);
      this.#aggregates.set(sample, aggregate);
    }
    return aggregate;
  }
}
