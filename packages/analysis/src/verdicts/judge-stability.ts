import type { Verdict } from "@slipway/contracts";
import type { RateWords } from "./rate-sample.ts";

/** A period in which something was counted. */
export interface RatePoint {
  /** Beginning of the period, in milliseconds since the epoch. */
  readonly at: number;
  readonly events: number;
  readonly total: number;
}

/** A period in which something was measured. */
export interface ValuePoint {
  /** Beginning of the period, in milliseconds since the epoch. */
  readonly at: number;
  /** A latency, a duration, memory: above 0 or 0. */
  readonly value: number;
  /** How many measurements the value is made of. */
  readonly samples: number;
}

/** When a series counts as stable. Everything has a default. */
export interface StabilityPolicy {
  /** How often a stable series may be failed: 0.01. */
  readonly falseAlarms?: number;
  /** Fewer periods with enough data say nothing: 6. */
  readonly minimumPeriods?: number;
  /** A period of values with fewer measurements than these is left out: 5; periods of counts are all taken, with their weight. */
  readonly minimumSamples?: number;
  /** Counts: fewer units than these in all periods together say nothing: 100. */
  readonly minimumTotal?: number;
  /** Counts: a rate that is higher by less than this is no change: 0.002. */
  readonly minimumDifference?: number;
  /** What is less than so many times as high as the rest is no change: 1.5. */
  readonly minimumRatio?: number;
  readonly words?: Partial<RateWords & { readonly value: string; readonly unit: string }>;
}

/** Whether a series of periods keeps its level: no period out of line, no step and no trend upwards. */
export function judgeStability(
  _points: readonly RatePoint[] | readonly ValuePoint[],
  _policy: StabilityPolicy = {},
): Verdict {
  throw new Error("To be written.");
}
