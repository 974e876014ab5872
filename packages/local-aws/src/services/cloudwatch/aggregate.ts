import { ValueSketch } from "./value-sketch.ts";

/** What is known of a metric's values within a stretch of time. */
export interface Aggregate {
  sum: number;
  count: number;
  min: number;
  max: number;
  /** Absent when a value was negative, or a statistic set came in, of which the values are not known. */
  sketch: ValueSketch | undefined;
}

/** Values that come together: each by itself (once, or as often as its count says), or as a statistic set. */
export type PointValues =
  | { readonly kind: "values"; readonly values: readonly number[]; readonly counts: readonly number[] | undefined }
  | {
      readonly kind: "statistics";
      readonly sum: number;
      readonly count: number;
      readonly min: number;
      readonly max: number;
    };

/** An aggregate of one value, or of one value several times. */
export function aggregateOf(value: number, count = 1): Aggregate {
  const aggregate = emptyAggregate();
  addValue(aggregate, value, count);
  return aggregate;
}

/** Adds a value, once or several times. */
export function addValue(target: Aggregate, value: number, count = 1): void {
  target.sum += value * count;
  target.count += count;
  target.min = Math.min(target.min, value);
  target.max = Math.max(target.max, value);
  if (value < 0) {
    target.sketch = undefined;
  }
  target.sketch?.add(value, count);
}

/** Adds values that came together. */
export function addValues(target: Aggregate, values: PointValues): void {
  if (values.kind === "statistics") {
    mergeInto(target, { ...values, sketch: undefined });
    return;
  }
  for (let index = 0; index < values.values.length; index++) {
    addValue(target, values.values[index] as number, values.counts?.[index]);
  }
}

/** Adds one aggregate to another. */
export function mergeInto(target: Aggregate, added: Aggregate): void {
  target.sum += added.sum;
  target.count += added.count;
  target.min = Math.min(target.min, added.min);
  target.max = Math.max(target.max, added.max);
  if (target.sketch !== undefined && added.sketch !== undefined) {
    target.sketch.merge(added.sketch);
  } else {
    target.sketch = undefined;
  }
}

/**
 * An aggregate of nothing, to merge into.
 *
 * @param maxExact - distinct values that its distribution keeps as they are
 */
export function emptyAggregate(maxExact?: number): Aggregate {
  return {
    sum: 0,
    count: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sketch: new ValueSketch(maxExact),
  };
}
