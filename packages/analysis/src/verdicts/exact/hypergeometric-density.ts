import { binomialDensity } from "./binomial-density.ts";

/**
 * Probability that of `events` among `total` units exactly `count` are among the `drawn` ones, when all are alike. Made of three
 * binomial densities, so that it keeps their digits.
 */
export function hypergeometricDensity(count: number, drawn: number, events: number, total: number): number {
  const p = drawn / total;
  if (p >= 1) {
    return count === events ? 1 : 0;
  }
  return (
    (binomialDensity(count, events, p) * binomialDensity(drawn - count, total - events, p)) /
    binomialDensity(drawn, total, p)
  );
}
