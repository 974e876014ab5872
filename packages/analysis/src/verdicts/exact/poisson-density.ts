import { deviance, stirlingError } from "./saddle-point.ts";

/** Probability of exactly `count` events where `mean` are expected; computed as the binomial density is. */
export function poissonDensity(count: number, mean: number): number {
  return count === 0
    ? Math.exp(-mean)
    : Math.exp(-stirlingError(count) - deviance(count, mean)) / Math.sqrt(2 * Math.PI * count);
}
