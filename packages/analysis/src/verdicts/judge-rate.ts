import type { Verdict } from "@slipway/contracts";
import type { RateSample, RateWords } from "./rate-sample.ts";

/** What a rate is held against. */
export interface RatePolicy {
  /** The rate has to be below: 0.01 for one percent. 0 when nothing at all may happen. */
  readonly limit: number;
  /** How often a rate that keeps the limit may be failed: 0.01. */
  readonly falseAlarms?: number;
  /** Fewer units than these do not pass; as many as make one event the limit (100 at 1 %), at least 20. */
  readonly minimumTotal?: number;
  /** Fewer events than these fail nobody: 3; 1 when the limit is 0. */
  readonly minimumEvents?: number;
  readonly words?: Partial<RateWords>;
}

/** Whether a rate is below a limit. */
export function judgeRate(_sample: RateSample, _policy: RatePolicy): Verdict {
  throw new Error("To be written.");
}
