import type { Verdict } from "@slipway/contracts";
import { checkPolicy, measurementError, problemOfSample } from "./check-numbers.ts";
import { lowerRateBound, upperRateBound } from "./exact/binomial-bounds.ts";
import { DEFAULT_WORDS, numberInWords, percentInWords, rateInWords } from "./in-words.ts";
import type { RateSample, RateWords } from "./rate-sample.ts";

/** What a rate is held against. */
export interface RatePolicy {
  /** The rate has to be below: 0.01 for one percent. 0 when nothing at all may happen. */
  readonly limit: number;
  /** How often a rate that keeps the limit may be failed, over all looks together: 0.01. */
  readonly falseAlarms?: number;
  /** How often the rate is judged in all, each time with an equal part of the false alarms: 1. */
  readonly looks?: number;
  /** Fewer units than these do not pass: as many as make one event the limit (100 at 1 %), and at least 20. */
  readonly minimumTotal?: number;
  /** Fewer events than these fail nobody: 3; 1 when the limit is 0. */
  readonly minimumEvents?: number;
  readonly words?: Partial<RateWords>;
}

/** Fewer units than these pass nothing, whatever the limit is. */
const SMALLEST_SAMPLE = 20;

/**
 * Whether a rate is below a limit.
 *
 * - `failed`: it is above, and would hardly be by chance: the lower bound (Clopper and Pearson, exact) is above the limit, too.
 * - `successful`: it is below, in a sample of some size. A rate of five times the limit is then below in less than 4 % of cases.
 * - `inconclusive`: everything else. 1 of 50 is 2 %, and no proof that a limit of 1 % is not kept; 0 of 3 is no proof that it is.
 *
 * @throws RangeError for a policy that makes no sense
 */
export function judgeRate(sample: RateSample, settings: RatePolicy): Verdict {
  const { limit } = settings;
  const {
    falseAlarms = 0.01,
    looks = 1,
    minimumTotal = limit > 0 ? Math.max(SMALLEST_SAMPLE, Math.ceil(1 / limit)) : SMALLEST_SAMPLE,
    minimumEvents = limit > 0 ? 3 : 1,
  } = settings;
  const words = { ...DEFAULT_WORDS, ...settings.words };
  checkPolicy("judgeRate", {
    limit: [limit, "share"],
    falseAlarms: [falseAlarms, "error"],
    looks: [looks, "positive count"],
    minimumTotal: [minimumTotal, "positive count"],
    minimumEvents: [minimumEvents, "positive count"],
  });
  const problem = problemOfSample("sample", sample);
  if (problem !== undefined) {
    return measurementError(problem);
  }
  const { events, total } = sample;
  const seen = rateInWords(sample, words);
  const counted = { events, total, limit, minimumTotal, minimumEvents };
  if (total === 0) {
    return { status: "inconclusive", reason: `${seen}: there is nothing to judge.`, numbers: counted };
  }

  const rate = events / total;
  const lowerBound = lowerRateBound(events, total, falseAlarms / looks);
  const upperBound = upperRateBound(events, total, falseAlarms / looks);
  const numbers = { ...counted, rate, lowerBound, upperBound };
  const atLeast = `allowing for chance, the rate is at least ${percentInWords(lowerBound)}`;
  if (events >= minimumEvents && lowerBound > limit) {
    const proof = limit === 0 ? "" : `; ${atLeast}`;
    return { status: "failed", reason: `${seen}, and ${limitInWords(limit)}${proof}.`, numbers };
  }
  if (events > 0 && rate >= limit) {
    const reason = `${seen}, and ${limitInWords(limit)}; that may be chance: ${
      events < minimumEvents ? `fewer than ${numberInWords(minimumEvents)} prove nothing` : atLeast
    }.`;
    return { status: "inconclusive", reason, numbers };
  }
  if (total < minimumTotal) {
    const reason = `${seen}, and ${limitInWords(limit)}; too few to pass: ${numberInWords(minimumTotal)} are needed, ${numberInWords(minimumTotal - total)} more.`;
    return { status: "inconclusive", reason, numbers };
  }
  const reason = `${seen}, and ${limitInWords(limit)}; allowing for chance, the rate is at most ${percentInWords(upperBound)}.`;
  return { status: "successful", reason, numbers };
}

function limitInWords(limit: number): string {
  return limit === 0 ? "none may" : `the limit is ${percentInWords(limit)}`;
}
