import type { RatePair } from "../rate-sample.ts";

/** Fisher's one-sided probability in whole numbers, without rounding until the end: slow, and an oracle. */
export function exactFisherTail({ candidate, baseline }: RatePair): number {
  const events = candidate.events + baseline.events;
  const highest = Math.min(events, candidate.total);
  let own = choose(candidate.total, candidate.events);
  let other = choose(baseline.total, baseline.events);
  let tail = own * other;
  for (let count = candidate.events; count < highest; count += 1) {
    own = (own * BigInt(candidate.total - count)) / BigInt(count + 1);
    other = (other * BigInt(events - count)) / BigInt(baseline.total - events + count + 1);
    tail += own * other;
  }
  return quotient(tail, choose(candidate.total + baseline.total, events));
}

/** Probability of `count` events or more in `total` trials of probability `numerator / denominator`. */
export function exactBinomialTail(count: number, total: number, numerator: number, denominator: number): number {
  const [hit, missed] = [BigInt(numerator), BigInt(denominator - numerator)];
  // From all events down.
  let tail = 0n;
  let ways = 1n;
  let misses = 1n;
  let hits = hit ** BigInt(total);
  for (let each = total; each >= count; each -= 1) {
    tail += ways * hits * misses;
    ways = (ways * BigInt(each)) / BigInt(total - each + 1);
    misses *= missed;
    hits /= hit;
  }
  return quotient(tail, BigInt(denominator) ** BigInt(total));
}

/** How many subsets of a size there are. */
export function choose(of: number, size: number): bigint {
  if (size < 0 || size > of) {
    return 0n;
  }
  let number = 1n;
  for (let step = 1n; step <= BigInt(Math.min(size, of - size)); step += 1n) {
    number = (number * (BigInt(of) - step + 1n)) / step;
  }
  return number;
}

/** To all digits of a double; 0 below what one can hold. */
function quotient(numerator: bigint, denominator: bigint): number {
  const shift = Math.max(0, denominator.toString(16).length - numerator.toString(16).length + 16) * 4;
  const half = Math.floor(shift / 2);
  return Number((numerator << BigInt(shift)) / denominator) * 2 ** -half * 2 ** -(shift - half);
}
