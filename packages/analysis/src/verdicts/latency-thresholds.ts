/** A latency above which values are counted. */
export interface LatencyThreshold {
  readonly milliseconds: number;
  /** The baseline's quantile that it was made of, between 0 and 1: 0.99. */
  readonly quantile: number;
  /** How many times that quantile it is. */
  readonly slower: number;
}

/** Quantiles of the baseline in milliseconds, by the names of CloudWatch's statistics. */
export interface LatencyQuantiles {
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

/**
 * The latencies above which both sides have to be counted: the baseline's median, and the ends of it that people notice first, each
 * with a tolerance.
 *
 * @param baseline - those that are known; the rest is left out
 * @param slower - how many times slower is worse
 * @throws RangeError for a factor below 1, or a latency that is none
 */
export function latencyThresholds(baseline: LatencyQuantiles, slower = 1.5): LatencyThreshold[] {
  if (!(Number.isFinite(slower) && slower >= 1)) {
    throw new RangeError(`latencyThresholds: slower is ${slower}. It has to be a number from 1.`);
  }
  return (["p50", "p95", "p99"] as const).flatMap((name) => {
    const latency = baseline[name];
    if (latency === undefined) {
      return [];
    }
    if (!(Number.isFinite(latency) && latency >= 0)) {
      throw new RangeError(`latencyThresholds: ${name} is ${latency}. It has to be a number of milliseconds.`);
    }
    return [{ milliseconds: latency * slower, quantile: QUANTILES[name], slower }];
  });
}
