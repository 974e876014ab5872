import type { RatePair } from "../rate-sample.ts";
import { hypergeometricDensity } from "./hypergeometric-density.ts";

/** Probabilities of the counts from `first` on. Counts outside are impossible, or too unlikely to matter. */
export interface Distribution {
  readonly first: number;
  readonly weights: Float64Array;
}

/** What is certain: a count of nought. */
export const NOUGHT: Distribution = { first: 0, weights: Float64Array.of(1) };

/** So much less likely than the likeliest count is too unlikely to matter. */
const NEGLIGIBLE = 1e-18;

/** How many of the events of both sides are the candidate's, when they do not care on which side they happen. */
export function candidateShare({ candidate, baseline }: RatePair): Distribution {
  const events = candidate.events + baseline.events;
  const total = candidate.total + baseline.total;
  if (total === 0) {
    return NOUGHT;
  }
  const lowest = Math.max(0, events - baseline.total);
  const highest = Math.min(events, candidate.total);
  const likeliest = Math.min(
    highest,
    Math.max(lowest, Math.floor(((events + 1) * (candidate.total + 1)) / (total + 2))),
  );
  const peak = hypergeometricDensity(likeliest, candidate.total, events, total);
  const calm = total - events - candidate.total;
  const up: number[] = [peak];
  for (let count = likeliest, weight = peak; count < highest && weight > peak * NEGLIGIBLE; count += 1) {
    weight *= ((events - count) / (count + 1)) * ((candidate.total - count) / (calm + count + 1));
    up.push(weight);
  }
  const down: number[] = [];
  for (let count = likeliest, weight = peak; count > lowest && weight > peak * NEGLIGIBLE; count -= 1) {
    weight *= (count / (events - count + 1)) * ((calm + count) / (candidate.total - count + 1));
    down.push(weight);
  }
  return { first: likeliest - down.length, weights: Float64Array.from([...down.reverse(), ...up]) };
}

/** The sum of two counts that know nothing of each other. */
export function sumOf(left: Distribution, right: Distribution): Distribution {
  const weights = new Float64Array(left.weights.length + right.weights.length - 1);
  for (let i = 0; i < left.weights.length; i += 1) {
    const weight = left.weights[i] as number;
    for (let j = 0; j < right.weights.length; j += 1) {
      weights[i + j] = (weights[i + j] as number) + weight * (right.weights[j] as number);
    }
  }
  return trim({ first: left.first + right.first, weights });
}

function trim({ first, weights }: Distribution): Distribution {
  const least = weights.reduce((most, weight) => Math.max(most, weight), 0) * NEGLIGIBLE;
  const from = weights.findIndex((weight) => weight > least);
  const to = weights.findLastIndex((weight) => weight > least);
  return { first: first + from, weights: weights.subarray(from, to + 1) };
}
