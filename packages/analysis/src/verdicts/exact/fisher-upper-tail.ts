import type { RatePair } from "../rate-sample.ts";
import { hypergeometricDensity } from "./hypergeometric-density.ts";
import { sumTail } from "./sum-tail.ts";

/**
 * Fisher's exact test, one-sided: the probability that, if events did not care on which side they happen, the candidate would have as
 * many of them as it has, or more.
 */
export function fisherUpperTail({ candidate, baseline }: RatePair): number {
  const events = candidate.events + baseline.events;
  const total = candidate.total + baseline.total;
  const lowest = Math.max(0, events - baseline.total);
  if (candidate.events <= lowest) {
    return 1;
  }
  const density = (count: number) => hypergeometricDensity(count, candidate.total, events, total);
  /** Units of the baseline without an event, when the candidate has `count` events. */
  const calm = (count: number) => total - events - candidate.total + count;
  if (candidate.events > (events * candidate.total) / total) {
    return sumTail(density(candidate.events), (step) => {
      const count = candidate.events + step;
      return ((events - count) / (count + 1)) * ((candidate.total - count) / calm(count + 1));
    });
  }
  const below = sumTail(density(candidate.events - 1), (step) => {
    const count = candidate.events - 1 - step;
    return (count / (events - count + 1)) * (calm(count) / (candidate.total - count + 1));
  });
  return Math.max(0, 1 - below);
}
