import { binomialLowerTail, binomialUpperTail } from "./binomial-tail.ts";

/** Halvings until two numbers of double precision are next to each other. */
const HALVINGS = 60;

/**
 * Lower bound of a rate of which `events` in `total` were seen: it is below the true rate in at most `error` of all cases
 * (Clopper and Pearson, one-sided).
 */
export function lowerRateBound(events: number, total: number, error: number): number {
  return events === 0 ? 0 : bisect(0, events / total, (p) => binomialUpperTail(events, total, p) > error);
}

/** Upper bound of a rate, as the lower one. */
export function upperRateBound(events: number, total: number, error: number): number {
  return events === total ? 1 : bisect(events / total, 1, (p) => binomialLowerTail(events, total, p) < error);
}

/** Where a property that holds above a point, and not below, begins. */
function bisect(low: number, high: number, holds: (p: number) => boolean): number {
  let [below, above] = [low, high];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (below + above) / 2;
    if (holds(middle)) {
      above = middle;
    } else {
      below = middle;
    }
  }
  return (below + above) / 2;
}
