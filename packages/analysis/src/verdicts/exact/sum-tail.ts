/** A term that adds less than this to the sum cannot be seen in it. */
const NEGLIGIBLE = 1e-17;

/**
 * Sums a row of positive terms of which each is the one before times a factor, from the largest down, and ends early.
 *
 * @param first - the first term
 * @param ratio - the factor from the nth term to the next; at most 1 from the first term on, and never growing
 */
export function sumTail(first: number, ratio: (step: number) => number): number {
  let sum = first;
  let term = first;
  for (let step = 0; term > sum * NEGLIGIBLE; step += 1) {
    term *= ratio(step);
    sum += term;
  }
  return sum;
}
