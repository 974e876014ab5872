import type { Verdict } from "@slipway/contracts";
import { checkPolicy, measurementError, problemOfLooks } from "./check-numbers.ts";
import {
  chanceInWords,
  DEFAULT_WORDS,
  numberInWords,
  percentInWords,
  pointsInWords,
  samplesMissing,
  sidesInWords,
} from "./in-words.ts";
import type { ComparisonWords, RatePair, RateSample } from "./rate-sample.ts";
import { type DifferencePolicy, weighDifference } from "./weigh-difference.ts";

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
  /** A rate that is higher by less than this fails nobody: 0.002, two in a thousand. */
  readonly minimumDifference?: number;
  /**
   * A rate that is less than so many times the baseline's fails nobody: 1.5. Where most units have the event anyway, so many times
   * fewer without it count as well.
   */
  readonly minimumRatio?: number;
  /** A rise of the rate that has to be found: 0.05, five percentage points. A sample that could not have shown it is inconclusive. */
  readonly mustFind?: number;
  /** A rise to so many times the baseline's rate has to be found, where that is more: 3. */
  readonly mustFindRatio?: number;
  /** With which probability such a rise has to be found: 0.8. */
  readonly power?: number;
  /** A difference that chance makes less often than this, and that does not fail, does not pass either: 0.05. 0 lets it pass. */
  readonly suspicion?: number;
  readonly words?: Partial<ComparisonWords>;
}

const DEFAULTS: DifferencePolicy = {
  falseAlarms: 0.01,
  looks: 1,
  minimumTotal: 50,
  minimumEvents: 3,
  minimumRate: 0,
  minimumDifference: 0.002,
  minimumRatio: 1.5,
  mustFind: 0.05,
  mustFindRatio: 3,
  power: 0.8,
  suspicion: 0.05,
};

/**
 * Whether a candidate has events, such as failures, more often than the baseline at the same time.
 *
 * It fails when chance alone would show such a difference too rarely (Fisher's exact test) *and* the difference is large enough to
 * matter: in a million requests, chance is ruled out for differences that nobody would notice. It passes only when the sample is
 * large enough to have shown a difference that has to be found. Everything else is inconclusive.
 *
 * Fisher's test, because it holds its limit whatever the rate is, known or not, in a sum of a few terms; the tests that find a little
 * more (Barnard's, Boschloo's) have to search all rates for the worst one. It is held over several looks by what was counted between
 * them (see `openLook`), so that looking again makes no false alarm, nor does an incident that hits both sides while the candidate's
 * part of the traffic changes.
 *
 * @throws RangeError for a policy that makes no sense
 */
export function compareRates(comparison: RateComparison, settings: RateComparisonPolicy = {}): Verdict {
  const { words: ownWords, ...own } = settings;
  const policy = { ...DEFAULTS, ...own };
  const words = { ...DEFAULT_WORDS, ...ownWords };
  check(policy);
  const { candidate, baseline, earlier = [] } = comparison;
  const problem = problemOfLooks([...earlier, { candidate, baseline }]);
  if (problem !== undefined) {
    return measurementError(problem);
  }
  const seen = sidesInWords(comparison, words);
  const counted = { ...numbersOf(comparison, policy), look: earlier.length + 1 };
  const missing = samplesMissing(comparison, policy.minimumTotal, words);
  if (missing !== undefined) {
    return { status: "inconclusive", reason: `${seen}; ${missing}.`, numbers: counted };
  }

  const {
    outcome,
    isLarge,
    probability,
    limit,
    chance,
    rateToFind,
    power = 0,
  } = weighDifference(comparison, earlier, policy);
  const judged = { ...counted, probability, probabilityLimit: limit, chance };
  const numbers = { ...judged, rateToFind, power, powerLimit: policy.power };
  const toFind = `a rate of ${percentInWords(rateToFind)} would be found ${chanceInWords(power)}`;
  switch (outcome) {
    case "worse": {
      const reason = `${seen}; chance alone does this ${chanceInWords(probability)} (limit ${percentInWords(limit)}), and ${sizeInWords(comparison, policy)}.`;
      return { status: "failed", reason, numbers: judged };
    }
    case "suspicious": {
      const reason = `${seen}; chance alone does this ${chanceInWords(chance)}: too rarely to pass (limit ${percentInWords(policy.suspicion)}), not rarely enough to fail (limit ${percentInWords(limit)}).`;
      return { status: "inconclusive", reason, numbers: judged };
    }
    case "unseen": {
      const reason = `${seen}; no difference is proven, and so few could not show one: ${toFind} (limit ${percentInWords(policy.power)}).`;
      return { status: "inconclusive", reason, numbers };
    }
    case "no worse": {
      const verdict = isLarge
        ? `chance alone does this ${chanceInWords(chance)} (limit ${percentInWords(policy.suspicion)})`
        : `that is not worse (limits ${numberInWords(policy.minimumEvents)} ${words.units}, ${pointsInWords(policy.minimumDifference)} points and ${numberInWords(policy.minimumRatio)} times more)`;
      return { status: "successful", reason: `${seen}; ${verdict}, and ${toFind}.`, numbers };
    }
  }
}

function check(policy: DifferencePolicy): void {
  checkPolicy("compareRates", {
    falseAlarms: [policy.falseAlarms, "error"],
    looks: [policy.looks, "positive count"],
    minimumTotal: [policy.minimumTotal, "positive count"],
    minimumEvents: [policy.minimumEvents, "positive count"],
    minimumDifference: [policy.minimumDifference, "share"],
    minimumRatio: [policy.minimumRatio, "ratio"],
    mustFind: [policy.mustFind, "share"],
    mustFindRatio: [policy.mustFindRatio, "ratio"],
    power: [policy.power, "probability"],
    suspicion: [policy.suspicion, "share"],
  });
}

function numbersOf({ candidate, baseline }: RatePair, policy: DifferencePolicy): Record<string, number> {
  const [own, other] = [rateOf(candidate), rateOf(baseline)];
  return {
    candidateEvents: candidate.events,
    candidateTotal: candidate.total,
    baselineEvents: baseline.events,
    baselineTotal: baseline.total,
    ...(own === undefined ? {} : { candidateRate: own }),
    ...(other === undefined ? {} : { baselineRate: other }),
    ...(own === undefined || other === undefined ? {} : { difference: own - other }),
    ...(own === undefined || other === undefined || other === 0 ? {} : { ratio: own / other }),
    differenceLimit: policy.minimumDifference,
    ratioLimit: policy.minimumRatio,
    minimumTotal: policy.minimumTotal,
    looks: policy.looks,
  };
}

function rateOf({ events, total }: RateSample): number | undefined {
  return total === 0 ? undefined : events / total;
}

/** `the rate is 5.4 points higher (limit 0.2) and 11.8 times as high (limit 1.5)`. */
function sizeInWords({ candidate, baseline }: RatePair, policy: DifferencePolicy): string {
  const [own, other] = [candidate.events / candidate.total, baseline.events / baseline.total];
  const higher = `the rate is ${pointsInWords(own - other)} points higher (limit ${pointsInWords(policy.minimumDifference)})`;
  const ratioLimit = `limit ${numberInWords(policy.minimumRatio)}`;
  if (other === 0) {
    return higher;
  }
  if (own >= other * policy.minimumRatio) {
    return `${higher} and ${numberInWords(own / other)} times as high (${ratioLimit})`;
  }
  const others =
    own === 1
      ? "nothing else is left"
      : `the share of the others is ${numberInWords((1 - other) / (1 - own))} times smaller`;
  return `${higher}, and ${others} (${ratioLimit})`;
}
