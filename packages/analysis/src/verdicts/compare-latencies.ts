import type { Verdict } from "@slipway/contracts";
import { checkPolicy, measurementError, problemOfCount, problemOfLooks } from "./check-numbers.ts";
import {
  chanceInWords,
  DEFAULT_WORDS,
  numberInWords,
  percentInWords,
  samplesMissing,
  sidesInWords,
} from "./in-words.ts";
import type { LatencyThreshold } from "./latency-thresholds.ts";
import type { ComparisonWords, RatePair } from "./rate-sample.ts";
import { type DifferencePolicy, type WeighedDifference, weighDifference } from "./weigh-difference.ts";

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

/** What is compared. */
export interface LatencyComparison extends LatencyPair {
  /** Those of `latencyThresholds`, the same at all looks; both sides have to be counted above each. */
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
  /** A share of slow values that has to be found at least, however rare they are by the quantile: 0.05, one in twenty. */
  readonly mustFind?: number;
  /** With which probability a candidate that is slower has to be found: 0.8. */
  readonly power?: number;
  /** A difference that chance makes less often than this, and that does not fail, does not pass either: 0.05. 0 lets it pass. */
  readonly suspicion?: number;
  readonly words?: Partial<Pick<ComparisonWords, "units" | "candidate" | "baseline">>;
}

type Settings = Required<Omit<LatencyComparisonPolicy, "words">>;

const DEFAULTS: Settings = {
  falseAlarms: 0.01,
  looks: 1,
  minimumTotal: 50,
  mustFind: 0.05,
  power: 0.8,
  suspicion: 0.05,
};

/** Of a slower candidate, so many times the quantile's own share is expected above a threshold; but not less than `mustFind`, and not more than... */
const EXPECTED_TIMES = 2;
const MOST_EXPECTED = 0.9;

/** One threshold with what was counted above it. */
interface Weighed extends WeighedDifference {
  readonly threshold: LatencyThreshold;
  readonly pair: RatePair;
}

/**
 * Whether a candidate is slower than the baseline at the same time, from counts above thresholds.
 *
 * A candidate whose quantile is beyond a threshold has more than the quantile's share above it: more than 5 % for p95. It fails at a
 * threshold where that is so *and* chance is ruled out by the exact test of `compareRates`, with an equal part of the false alarms for
 * each threshold. It passes when it is slower at no threshold, and would have been found if it were.
 *
 * A p99 needs requests: of 200, two are above it. A tail that is slower for exactly one request in a hundred cannot be told from
 * chance in so few; one in twenty can.
 *
 * @throws RangeError for a policy that makes no sense
 */
export function compareLatencies(comparison: LatencyComparison, settings: LatencyComparisonPolicy = {}): Verdict {
  const { words: ownWords, ...own } = settings;
  const policy: Settings = { ...DEFAULTS, ...own };
  const words = { ...DEFAULT_WORDS, ...ownWords };
  check(policy);
  const { thresholds, earlier = [], candidate, baseline } = comparison;
  const looks: readonly LatencyPair[] = [...earlier, { candidate, baseline }];
  const problem = problemOfCounts(looks, thresholds);
  if (problem !== undefined) {
    return measurementError(problem);
  }
  const numbers = {
    candidateTotal: candidate.total,
    baselineTotal: baseline.total,
    minimumTotal: policy.minimumTotal,
    look: looks.length,
    looks: policy.looks,
  };
  const missing = samplesMissing(comparison, policy.minimumTotal, words);
  if (missing !== undefined || thresholds.length === 0) {
    const seen = `${numberInWords(candidate.total)} ${words.units} on ${words.candidate} and ${numberInWords(baseline.total)} on ${words.baseline}`;
    const reason = `${seen}; ${missing ?? "it is not known how fast the baseline is"}.`;
    return { status: "inconclusive", reason, numbers };
  }

  const weighed = thresholds.map((threshold): Weighed => {
    const pairs = looks.map((look) => pairAbove(look, threshold));
    const pair = pairs.at(-1) as RatePair;
    const differencePolicy = policyAt(threshold, policy, thresholds.length);
    return { threshold, pair, ...weighDifference(pair, pairs.slice(0, -1), differencePolicy) };
  });
  return verdictOf(weighed, policy, words, { ...numbers, ...numbersOf(weighed) });
}

function check(policy: Settings): void {
  checkPolicy("compareLatencies", {
    falseAlarms: [policy.falseAlarms, "error"],
    looks: [policy.looks, "positive count"],
    minimumTotal: [policy.minimumTotal, "positive count"],
    mustFind: [policy.mustFind, "share"],
    power: [policy.power, "probability"],
    suspicion: [policy.suspicion, "share"],
  });
}

function problemOfCounts(looks: readonly LatencyPair[], thresholds: readonly LatencyThreshold[]): string | undefined {
  for (const { candidate, baseline } of looks) {
    for (const [side, { total, above }] of Object.entries({ candidate, baseline })) {
      const uncounted = thresholds.find(({ milliseconds }) => countAbove(above, milliseconds) === undefined);
      const problem =
        problemOfCount(`${side}.total`, total) ??
        (uncounted === undefined ? undefined : `${side} has no count above ${uncounted.milliseconds} ms`);
      if (problem !== undefined) {
        return problem;
      }
    }
  }
  for (const threshold of thresholds) {
    const problem = problemOfLooks(looks.map((look) => pairAbove(look, threshold)));
    if (problem !== undefined) {
      return `above ${threshold.milliseconds} ms, ${problem}`;
    }
  }
  return undefined;
}

function countAbove(above: LatencyCounts["above"], milliseconds: number): number | undefined {
  return above.find((each) => each.milliseconds === milliseconds)?.count;
}

function pairAbove({ candidate, baseline }: LatencyPair, { milliseconds }: LatencyThreshold): RatePair {
  const sample = ({ total, above }: LatencyCounts) => ({
    events: countAbove(above, milliseconds) ?? Number.NaN,
    total,
  });
  return { candidate: sample(candidate), baseline: sample(baseline) };
}

function policyAt({ quantile }: LatencyThreshold, policy: Settings, thresholds: number): DifferencePolicy {
  const share = 1 - quantile;
  return {
    ...policy,
    falseAlarms: policy.falseAlarms / thresholds,
    minimumEvents: 3,
    minimumRate: share,
    minimumDifference: share / 2,
    minimumRatio: 1.5,
    mustFind: Math.min(MOST_EXPECTED, Math.max(policy.mustFind, EXPECTED_TIMES * share)),
    mustFindRatio: 1,
  };
}

function verdictOf(
  weighed: readonly Weighed[],
  policy: Settings,
  words: ComparisonWords,
  numbers: Record<string, number>,
): Verdict {
  const seen = ({ threshold, pair }: Weighed) =>
    sidesInWords(pair, { ...words, events: `took longer than ${nameInWords(threshold, words)}` });
  const worst = (outcome: Weighed["outcome"]) =>
    weighed
      .filter((each) => each.outcome === outcome)
      .sort((left, right) => left.chance - right.chance)
      .at(0);

  const worse = worst("worse");
  if (worse !== undefined) {
    const reason = `${seen(worse)}; chance alone does this ${chanceInWords(worse.probability)} (limit ${percentInWords(worse.limit)}), and as fast as the baseline means at most ${percentInWords(1 - worse.threshold.quantile)}.`;
    return { status: "failed", reason, numbers };
  }
  const suspicious = worst("suspicious");
  if (suspicious !== undefined) {
    const reason = `${seen(suspicious)}; chance alone does this ${chanceInWords(suspicious.chance)}: too rarely to pass (limit ${percentInWords(policy.suspicion)}), not rarely enough to fail (limit ${percentInWords(suspicious.limit)}).`;
    return { status: "inconclusive", reason, numbers };
  }
  const unseen = worst("unseen");
  if (unseen !== undefined) {
    const reason = `${seen(unseen)}; nothing is proven, and so few could not show it: ${percentInWords(unseen.rateToFind)} of them above would be found ${chanceInWords(unseen.power ?? 0)} (limit ${percentInWords(policy.power)}).`;
    return { status: "inconclusive", reason, numbers };
  }
  const [nearest] = [...weighed].sort((left, right) => left.chance - right.chance);
  const others = weighed.length === 1 ? "" : `, and at ${names(weighed, nearest)} it is no slower either`;
  return { status: "successful", reason: `${seen(nearest as Weighed)}; that is not slower${others}.`, numbers };
}

/** `450 ms, 1.5 times the p95 of the baseline,`. */
function nameInWords({ milliseconds, slower, quantile }: LatencyThreshold, { baseline }: ComparisonWords): string {
  return `${numberInWords(milliseconds)} ms (${numberInWords(slower)} times ${quantileName(quantile)} of ${baseline})`;
}

function names(weighed: readonly Weighed[], without: Weighed | undefined): string {
  return weighed
    .filter((each) => each !== without)
    .map(({ threshold }) => quantileName(threshold.quantile))
    .join(" and ");
}

/** `p99`; `p999` for 99.9 %, as names of numbers have no point. */
function quantileName(quantile: number): string {
  return `p${String(Number((quantile * 100).toPrecision(9))).replace(".", "")}`;
}

function numbersOf(weighed: readonly Weighed[]): Record<string, number> {
  return Object.fromEntries(
    weighed.flatMap(({ threshold, pair, probability, limit, power }): [string, number][] => {
      const name = quantileName(threshold.quantile);
      return [
        [`${name}ThresholdMs`, threshold.milliseconds],
        [`${name}CandidateAbove`, pair.candidate.events],
        [`${name}BaselineAbove`, pair.baseline.events],
        [`${name}Probability`, probability],
        [`${name}ProbabilityLimit`, limit],
        ...(power === undefined ? [] : [[`${name}Power`, power] as [string, number]]),
      ];
    }),
  );
}
