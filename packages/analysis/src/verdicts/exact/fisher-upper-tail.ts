import { binomialDensity } from "./binomial-density.ts";
import { sumTail } from "./sum-tail.ts";

/** Events of two sides. */
export interface FourfoldTable {
  readonly candidateEvents: number;
  readonly candidateTotal: number;
  readonly baselineEvents: number;
  readonly baselineTotal: number;
}

/**
 * Fisher's exact test, one-sided: the probability that, if events did not care which side they fall on, the candidate would have as
 * many of them as it has, or more.
 *
 * Given how many events there were on both sides together, the candidate's share of them is hypergeometric, whatever the rate. The
 * density at the candidate's count is made of three binomial ones, and the rest of the tail follows from term to term.
 */
export function fisherUpperTail({
  candidateEvents,
  candidateTotal,
  baselineEvents,
  baselineTotal,
}: FourfoldTable): number {
  const events = candidateEvents + baselineEvents;
  const total = candidateTotal + baselineTotal;
  const lowest = Math.max(0, events - baselineTotal);
  if (candidateEvents <= lowest) {
    return 1;
  }
  const density = (count: number) => hypergeometricDensity(count, candidateTotal, events, total);
  /** What is left in the baseline's corner when the candidate has `count` events. */
  const calm = (count: number) => total - events - candidateTotal + count;
  if (candidateEvents > (events * candidateTotal) / total) {
    return sumTail(density(candidateEvents), (step) => {
      const count = candidateEvents + step;
      return ((events - count) / (count + 1)) * ((candidateTotal - count) / calm(count + 1));
    });
  }
  const below = sumTail(density(candidateEvents - 1), (step) => {
    const count = candidateEvents - 1 - step;
    return (count / (events - count + 1)) * (calm(count) / (candidateTotal - count + 1));
  });
  return Math.max(0, 1 - below);
}

/** Probability that of `events` among `total`, exactly `count` are among `drawn`. */
function hypergeometricDensity(count: number, drawn: number, events: number, total: number): number {
  const p = drawn / total;
  if (p >= 1) {
    return count === events ? 1 : 0;
  }
  return (
    (binomialDensity(count, events, p) * binomialDensity(drawn - count, total - events, p)) /
    binomialDensity(drawn, total, p)
  );
}
