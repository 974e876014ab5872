import { deviance, stirlingError } from "./saddle-point.ts";

const LN_2PI = Math.log(2 * Math.PI);

/**
 * Probability of exactly `count` events in `total` trials of probability `p`, to nearly all digits for totals up to 10^7 and beyond.
 *
 * The logarithms of factorials of large numbers are large, and nothing is left of their difference. So Stirling's error and the
 * deviance are computed instead, both small numbers.
 *
 * @see C. Loader, "Fast and accurate computation of binomial probabilities" (2000)
 */
export function binomialDensity(count: number, total: number, p: number): number {
  if (count < 0 || count > total) {
    return 0;
  }
  if (p <= 0 || p >= 1) {
    return count === (p <= 0 ? 0 : total) ? 1 : 0;
  }
  if (count === 0) {
    return Math.exp(total * Math.log1p(-p));
  }
  if (count === total) {
    return Math.exp(total * Math.log(p));
  }
  const rest = total - count;
  const logarithm =
    stirlingError(total) -
    stirlingError(count) -
    stirlingError(rest) -
    deviance(count, total * p) -
    deviance(rest, total * (1 - p));
  return Math.exp(logarithm + (Math.log(total) - LN_2PI - Math.log(count) - Math.log(rest)) / 2);
}
