import type { Verdict } from "@slipway/contracts";
import type { LatencyComparisonPolicy } from "./compare-latencies.ts";

/** Every latency in milliseconds, in any order. */
export interface LatencySamples {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
}

export interface LatencySamplesPolicy extends Omit<LatencyComparisonPolicy, "looks"> {
  /** How many times the baseline's quantile a candidate's has to be: 1.5. */
  readonly slower?: number;
}

/** Whether a candidate is slower than the baseline at the same time, from the latencies themselves. */
export function compareLatencySamples(_samples: LatencySamples, _policy: LatencySamplesPolicy = {}): Verdict {
  throw new Error("To be written.");
}
