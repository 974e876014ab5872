import type { Aggregate } from "./aggregate.ts";

/** The values of a stretch of time, ascending, with how often each was there. */
export interface Distribution {
  readonly values: readonly (readonly [value: number, count: number])[];
  readonly count: number;
  readonly sum: number;
}

/**
 * The values of an aggregate, none outside of its extremes.
 *
 * @returns `undefined` where CloudWatch gives none either: for statistic sets and when a value was negative
 */
export function distributionOf({ sketch, sum, count, min, max }: Aggregate): Distribution | undefined {
  if (sketch === undefined || min < 0) {
    return undefined;
  }
  const values = sketch.sorted().map(([value, times]) => [Math.min(Math.max(value, min), max), times] as const);
  return { values, count, sum };
}

/**
 * The value of nearest rank: the highest of those that are left when the share above it is taken away.
 *
 * CloudWatch's documentation does not say that it interpolates; it says that p99 is the maximum of what remains without the highest
 * 1 % (see "Percentiles versus trimmed mean" there), which is the nearest rank.
 *
 * @param share - from 0 to 1
 */
export function valueAtRank(distribution: Distribution, share: number): number | undefined {
  return betweenRanks(distribution, 0, share).at(-1)?.[0] ?? distribution.values[0]?.[0];
}

/** The values without the lowest and the highest shares of them; of a share that is no whole number of values, the whole part is taken away. */
export function betweenRanks(
  { values, count }: Distribution,
  lower: number,
  upper: number,
): readonly (readonly [value: number, count: number])[] {
  // A rank that is whole but for the error of floating point is that whole number.
  const first = Math.floor(lower * count + count * 1e-12);
  const last = Math.ceil(upper * count - count * 1e-12);
  const kept: [number, number][] = [];
  let seen = 0;
  for (const [value, times] of values) {
    const inside = Math.min(seen + times, last) - Math.max(seen, first);
    if (inside > 0) {
      kept.push([value, inside]);
    }
    seen += times;
  }
  return kept;
}
