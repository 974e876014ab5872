import type { Verdict } from "@slipway/contracts";
import type { ComparisonWords, RatePair } from "./rate-sample.ts";

/** What is compared: all that was counted since the comparison began. */
export interface RateComparison extends RatePair {
  /** What the looks before this one counted, oldest first, each also since the comparison began. */
  readonly earlier?: readonly RatePair[];
}

/** When a candidate counts as worse than the baseline. Everything has a default. */
export interface RateComparisonPolicy {
  /** How often a candidate that is no worse may be failed, over all looks together: 0.01. */
  readonly falseAlarms?: number;
  /** How many looks are planned: 1. More may be taken, which makes no more false alarms. */
  readonly looks?: number;
  /** Fewer units than these on either side say nothing: 50. */
  readonly minimumTotal?: number;
  /** Fewer events than these on the candidate fail nobody: 3. */
  readonly minimumEvents?: number;
  /** A rate that is higher by less than this fails nobody: 0.005, half a percentage point. */
  readonly minimumDifference?: number;
  /** A rate that is less than so many times the baseline's fails nobody: 1.5. */
  readonly minimumRatio?: number;
  /** A rise of the rate that has to be found: 0.05, five percentage points. A sample that could not have shown it is inconclusive. */
  readonly mustFind?: number;
  /** With which probability such a rise has to be found: 0.8. */
  readonly power?: number;
  /** A difference that chance makes less often than this, and that does not fail, is not passed either: 0.05. */
  readonly suspicion?: number;
  readonly words?: Partial<ComparisonWords>;
}

/** Whether a candidate fails more often than the baseline at the same time. */
export function compareRates(_comparison: RateComparison, _policy: RateComparisonPolicy = {}): Verdict {
  throw new Error("To be written.");
}
