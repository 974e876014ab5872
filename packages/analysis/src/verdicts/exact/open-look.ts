import type { RatePair } from "../rate-sample.ts";
import { candidateShare, type Distribution, NOUGHT, sumOf } from "./distribution.ts";
import { fisherUpperTail } from "./fisher-upper-tail.ts";

/** One of several looks at a comparison that goes on. */
export interface Look {
  /** What was counted since the look before. */
  readonly counted: RatePair;
  /** The fewest events of the candidate, since the comparison began, at which this look would have failed it at all. */
  readonly leastEvents: number;
}

/** A look that is to be decided. */
export interface OpenLook {
  /** A probability above this one decides nothing. */
  readonly limit: number;
  /**
   * Probability that a candidate that is no worse gets past the earlier looks, and then has so many events since the comparison
   * began as it has, or more.
   *
   * @param counted - what was counted since the look before
   */
  probabilityOf(counted: RatePair): number;
}

/**
 * Fisher's exact test over several looks.
 *
 * Given how many events there were on both sides together between each two looks, the candidate's share of them is hypergeometric,
 * whatever the rate was then, and whatever part of the traffic the candidate had. So the probability of failing at each look, and not
 * before, can be computed exactly, and each look may use what the looks so far were allowed and did not need:
 *
 *     look             1        2        3
 *     allowed so far   0.33 %   0.67 %   1 %      of false alarms
 *     used             0.10 %   0.31 %            (counts are whole: a limit is never quite reached)
 *     limit            0.33 %   0.57 %   0.59 %
 *
 * @param earlier - the looks before this one, oldest first
 * @param allowed - how many false alarms are allowed up to and with the nth look, from 1
 */
export function openLook(earlier: readonly Look[], allowed: (look: number) => number): OpenLook {
  if (earlier.length === 0) {
    return { limit: allowed(1), probabilityOf: fisherUpperTail };
  }
  let used = 0;
  let past: Distribution = NOUGHT;
  let events = 0;
  for (const [index, { counted, leastEvents }] of earlier.entries()) {
    const passed = passing(sumOf(past, candidateShare(counted)), leastEvents, allowed(index + 1) - used);
    past = passed.distribution;
    used += passed.used;
    events += counted.candidate.events;
  }
  return {
    limit: Math.max(0, allowed(earlier.length + 1) - used),
    probabilityOf: (counted) => tailOfSum(past, candidateShare(counted), events + counted.candidate.events),
  };
}

/** Takes off the counts at which a look fails the candidate: the highest, as long as they are less likely than the limit together. */
function passing({ first, weights }: Distribution, leastEvents: number, limit: number) {
  let used = 0;
  let end = weights.length;
  while (end > 0 && first + end - 1 >= leastEvents && used + (weights[end - 1] as number) <= limit) {
    end -= 1;
    used += weights[end] as number;
  }
  return { distribution: { first, weights: weights.subarray(0, end) }, used };
}

/** Probability that the sum of two counts is `least` or more. */
function tailOfSum(left: Distribution, right: Distribution, least: number): number {
  const tails = tailsOf(right.weights);
  let sum = 0;
  for (let i = left.weights.length - 1; i >= 0; i -= 1) {
    const needed = least - (left.first + i) - right.first;
    const tail = needed <= 0 ? (tails[0] as number) : (tails[needed] ?? 0);
    sum += (left.weights[i] as number) * tail;
  }
  return Math.min(1, sum);
}

/** The sums from each weight to the end. */
function tailsOf(weights: Float64Array): Float64Array {
  const tails = new Float64Array(weights.length);
  let sum = 0;
  for (let i = weights.length - 1; i >= 0; i -= 1) {
    sum += weights[i] as number;
    tails[i] = sum;
  }
  return tails;
}
