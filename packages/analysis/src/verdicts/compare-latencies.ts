import type { Verdict } from "@slipway/contracts";
import type { LatencyThreshold } from "./latency-thresholds.ts";
import type { ComparisonWords } from "./rate-sample.ts";

/** A distribution of latencies, known by counts. CloudWatch's statistic `TC(300:)` counts the values above 300. */
export interface LatencyCounts {
  /** How many values there are. */
  readonly total: number;
  /** How many of them are above each threshold, in any order. */
  readonly above: readonly { readonly milliseconds: number; readonly count: number }[];
}

/** Two distributions at the same time, since the comparison began. */
export interface LatencyPair {
  readonly baseline: LatencyCounts;
  readonly candidate: LatencyCounts;
}

export interface LatencyComparison extends LatencyPair {
  /** Those of `latencyThresholds`; both sides have to be counted above each. */
  readonly thresholds: readonly LatencyThreshold[];
  /** What the looks before this one counted, oldest first. */
  readonly earlier?: readonly LatencyPair[];
}

/** When a candidate counts as slower than the baseline. Everything has a default. */
export interface LatencyComparisonPolicy {
  /** How often a candidate that is no slower may be failed, over all thresholds and looks together: 0.01. */
  readonly falseAlarms?: number;
  /** How many looks are planned: 1. */
  readonly looks?: number;
  /** Fewer values than these on either side say nothing: 50. */
  readonly minimumTotal?: number;
  readonly words?: Partial<Pick<ComparisonWords, "units" | "candidate" | "baseline">>;
}

/** Whether a candidate is slower than the baseline at the same time, from counts. */
export function compareLatencies(_comparison: LatencyComparison, _policy: LatencyComparisonPolicy = {}): Verdict {
  throw new Error("To be written.");
}
