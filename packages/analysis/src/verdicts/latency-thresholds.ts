/** A latency above which values are counted. */
export interface LatencyThreshold {
  readonly milliseconds: number;
  /** The baseline's quantile that it was made of, between 0 and 1: 0.99. */
  readonly quantile: number;
}

/** Quantiles of the baseline, by name as CloudWatch's statistics have it, in milliseconds. */
export interface LatencyQuantiles {
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/**
 * The latencies above which both sides have to be counted.
 *
 * @param slower - how many times the baseline's quantile: 1.5
 */
export function latencyThresholds(_baseline: LatencyQuantiles, _slower = 1.5): LatencyThreshold[] {
  throw new Error("To be written.");
}
