import type { LatencyCounts, RateSample } from "@slipway/analysis";

/** What a version of a function did since the canary began. */
export interface VersionCounts {
  /** Calls through the alias, with those that were refused for lack of concurrency; events are those that failed, or were refused. */
  readonly calls: RateSample;
  /** Durations in milliseconds, without the minutes in which the version warms up. */
  readonly latency: LatencyCounts;
  /** Of its calls, those that logged an error. */
  readonly logged: RateSample;
  /** What the application counts itself, by the metric's name in the configuration. */
  readonly own: Readonly<Record<string, RateSample>>;
}

/** Both versions at the same time. */
export interface PairCounts {
  readonly candidate: VersionCounts;
  readonly baseline: VersionCounts;
}
