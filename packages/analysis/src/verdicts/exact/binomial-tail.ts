import { binomialDensity } from "./binomial-density.ts";
import { sumTail } from "./sum-tail.ts";

/** Probability of `count` events or more in `total` trials of probability `p`. */
export function binomialUpperTail(count: number, total: number, p: number): number {
  if (count <= 0) {
    return 1;
  }
  if (count > total || p <= 0) {
    return 0;
  }
  if (p >= 1) {
    return 1;
  }
  return count > total * p ? upward(count, total, p) : 1 - downward(count - 1, total, p);
}

/** Probability of `count` events or fewer in `total` trials of probability `p`. */
export function binomialLowerTail(count: number, total: number, p: number): number {
  return binomialUpperTail(total - count, total, 1 - p);
}

/** From above the mean to the end. */
function upward(count: number, total: number, p: number): number {
  const odds = p / (1 - p);
  return sumTail(binomialDensity(count, total, p), (step) => ((total - count - step) / (count + step + 1)) * odds);
}

/** From below the mean to nought. */
function downward(count: number, total: number, p: number): number {
  const odds = (1 - p) / p;
  return sumTail(binomialDensity(count, total, p), (step) => ((count - step) / (total - count + step + 1)) * odds);
}
