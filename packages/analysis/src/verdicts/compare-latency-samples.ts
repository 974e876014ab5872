import type { Verdict } from "@slipway/contracts";
import { measurementError } from "./check-numbers.ts";
import {
  compareLatencies,
  type LatencyComparisonPolicy,
  type LatencyCounts,
  type LatencyPair,
} from "./compare-latencies.ts";
import { type LatencyThreshold, latencyThresholds } from "./latency-thresholds.ts";

/** Every latency in milliseconds, in any order. */
export interface LatencySamples {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** What the looks before this one had, oldest first, each since the comparison began. */
  readonly earlier?: readonly Pick<LatencySamples, "baseline" | "candidate">[];
}

/** As for counts. */
export interface LatencySamplesPolicy extends LatencyComparisonPolicy {
  /** How many times the baseline's quantile is worse: 1.5. */
  readonly slower?: number;
}

/**
 * Whether a candidate is slower than the baseline at the same time, from the latencies themselves: counts them above the thresholds
 * that the baseline's quantiles make, those that it had at the first look.
 *
 * @throws RangeError for a policy that makes no sense
 */
export function compareLatencySamples(samples: LatencySamples, settings: LatencySamplesPolicy = {}): Verdict {
  const { slower, ...policy } = settings;
  for (const side of ["candidate", "baseline"] as const) {
    const wrong = samples[side].findIndex((latency) => !(Number.isFinite(latency) && latency >= 0));
    if (wrong >= 0) {
      return measurementError(`${side}[${wrong}] is ${samples[side][wrong]}, which is no latency`);
    }
  }
  const looks = [...(samples.earlier ?? []), samples];
  const sorted = [...(looks[0] ?? samples).baseline].sort((left, right) => left - right);
  const thresholds = latencyThresholds(
    sorted.length === 0 ? {} : { p50: rank(sorted, 0.5), p95: rank(sorted, 0.95), p99: rank(sorted, 0.99) },
    slower,
  );
  const counted = looks.map(
    ({ baseline, candidate }): LatencyPair => ({
      baseline: countAbove(baseline, thresholds),
      candidate: countAbove(candidate, thresholds),
    }),
  );
  return compareLatencies({ thresholds, ...(counted.at(-1) as LatencyPair), earlier: counted.slice(0, -1) }, policy);
}

/** The least value that a part of all values does not exceed (nearest rank). */
function rank(sorted: readonly number[], quantile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] as number;
}

function countAbove(latencies: readonly number[], thresholds: readonly LatencyThreshold[]): LatencyCounts {
  return {
    total: latencies.length,
    above: thresholds.map(({ milliseconds }) => ({
      milliseconds,
      count: latencies.filter((latency) => latency > milliseconds).length,
    })),
  };
}
