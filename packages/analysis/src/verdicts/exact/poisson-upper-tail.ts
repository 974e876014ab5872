import { poissonDensity } from "./poisson-density.ts";
import { sumTail } from "./sum-tail.ts";

/** Probability of `count` events or more where `mean` are expected. */
export function poissonUpperTail(count: number, mean: number): number {
  if (count <= 0) {
    return 1;
  }
  if (mean <= 0 || count === Number.POSITIVE_INFINITY) {
    return 0;
  }
  if (count > mean) {
    return sumTail(poissonDensity(count, mean), (step) => mean / (count + step + 1));
  }
  return 1 - sumTail(poissonDensity(count - 1, mean), (step) => (count - 1 - step) / mean);
}
