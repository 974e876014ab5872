import { compareLatencies, type LatencyCounts, latencyThresholds } from "@slipway/analysis";
import { SeededRandom } from "./seeded-random.ts";
import type { Outcomes } from "./simulate-canary.ts";

/** A canary whose latencies are compared once. */
export interface LatencyScenario {
  readonly requests: number;
  /** Share of the requests that goes to the candidate. */
  readonly weight: number;
  /** Which share of the candidate's requests is slower, and how many times. */
  readonly slowShare: number;
  readonly slower: number;
}

/** Median 40 ms; p99 is 3.2 times the median, as for a log-normal distribution of this spread. */
const MEDIAN_MS = 40;
const SPREAD = 0.5;

/** Runs a canary many times, whose thresholds are made of the baseline's own latencies, as they are of CloudWatch's percentiles. */
export function simulateLatencies(
  { requests, weight, slowShare, slower }: LatencyScenario,
  { trials, seed }: { readonly trials: number; readonly seed: number },
): Outcomes {
  const outcomes = { failed: 0, inconclusive: 0, successful: 0, error: 0 };
  const own = Math.round(requests * weight);
  for (let trial = 0; trial < trials; trial += 1) {
    const random = new SeededRandom(seed, trial);
    const draw = () => MEDIAN_MS * Math.exp(SPREAD * random.normal());
    const baseline = Float64Array.from({ length: requests - own }, draw).sort();
    const candidate = Float64Array.from(
      { length: own },
      () => draw() * (random.next() < slowShare ? slower : 1),
    ).sort();
    const rank = (quantile: number) => baseline[Math.ceil(baseline.length * quantile) - 1];
    const thresholds = latencyThresholds({ p50: rank(0.5), p95: rank(0.95), p99: rank(0.99) });
    const counted = (sorted: Float64Array): LatencyCounts => ({
      total: sorted.length,
      above: thresholds.map(({ milliseconds }) => ({ milliseconds, count: countAbove(sorted, milliseconds) })),
    });
    outcomes[compareLatencies({ thresholds, baseline: counted(baseline), candidate: counted(candidate) }).status] += 1;
  }
  return outcomes;
}

function countAbove(sorted: Float64Array, limit: number): number {
  return sorted.length - (sorted.findLastIndex((value) => value <= limit) + 1);
}
