import { binomialUpperTail } from "./exact/binomial-tail.ts";
import { fisherUpperTail } from "./exact/fisher-upper-tail.ts";
import { type Look, openLook } from "./exact/open-look.ts";
import { leastWhere } from "./least-where.ts";
import type { RatePair, RateSample } from "./rate-sample.ts";

/** When a difference of rates counts. */
export interface DifferencePolicy {
  readonly falseAlarms: number;
  readonly looks: number;
  readonly minimumTotal: number;
  readonly minimumEvents: number;
  /** The candidate's rate has to be this high at least. */
  readonly minimumRate: number;
  readonly minimumDifference: number;
  readonly minimumRatio: number;
  readonly mustFind: number;
  readonly mustFindRatio: number;
  readonly power: number;
  readonly suspicion: number;
}

/** What a difference came to. */
export interface WeighedDifference {
  /** `suspicious`: it matters and is hardly chance, but not proven; `unseen`: the sample could not have shown what has to be found. */
  readonly outcome: "worse" | "suspicious" | "unseen" | "no worse";
  /** Whether the difference would matter, chance or not. */
  readonly isLarge: boolean;
  /** How often a candidate that is no worse gets here and looks as bad. */
  readonly probability: number;
  /** Below or at which probability this look fails it. */
  readonly limit: number;
  /** How often chance alone looks as bad, had nobody looked before; the probability, where that does not matter. */
  readonly chance: number;
  /** The rate that has to be found. */
  readonly rateToFind: number;
  /** How often this look would find it; absent where that does not matter any more. */
  readonly power?: number;
}

/**
 * Weighs the difference of two rates. Both sides have their minimum sample, or nothing is said.
 *
 * @param comparison - all that was counted since the comparison began
 * @param earlier - the same at the looks before, oldest first
 */
export function weighDifference(
  comparison: RatePair,
  earlier: readonly RatePair[],
  policy: DifferencePolicy,
): WeighedDifference {
  const pairs = sinceTheLookBefore([...earlier, comparison]);
  const now = pairs.at(-1) as RatePair;
  const before = earlier.map(
    (pair, index): Look => ({ counted: pairs[index] as RatePair, leastEvents: leastLargeEvents(pair, policy) }),
  );
  const { limit, probabilityOf } = openLook(before, (look) => policy.falseAlarms * Math.min(1, look / policy.looks));
  const probability = probabilityOf(now);
  const isLarge = isLargeDifference(comparison, policy);
  const baselineRate = comparison.baseline.events / comparison.baseline.total;
  const rateToFind = Math.min(1, Math.max(baselineRate + policy.mustFind, baselineRate * policy.mustFindRatio));
  const weighed = { isLarge, probability, limit, rateToFind };
  if (isLarge && probability <= limit) {
    return { ...weighed, outcome: "worse", chance: probability };
  }
  const chance = isLarge && earlier.length > 0 ? chanceOf(before, now) : probability;
  if (isLarge && chance < policy.suspicion) {
    return { ...weighed, outcome: "suspicious", chance };
  }
  const power = powerOf(comparison, rateToFind, limit, policy);
  return { ...weighed, outcome: power < policy.power ? "unseen" : "no worse", chance, power };
}

/** Whether the difference is one that matters, chance or not. */
export function isLargeDifference(
  { candidate, baseline }: RatePair,
  policy: Pick<DifferencePolicy, "minimumEvents" | "minimumRate" | "minimumDifference" | "minimumRatio">,
): boolean {
  const [own, other] = [candidate.events / candidate.total, baseline.events / baseline.total];
  return (
    candidate.events >= policy.minimumEvents &&
    own >= policy.minimumRate &&
    own > other &&
    own - other >= policy.minimumDifference &&
    (own >= other * policy.minimumRatio || 1 - own <= (1 - other) / policy.minimumRatio)
  );
}

function sinceTheLookBefore(looks: readonly RatePair[]): RatePair[] {
  return looks.map(({ candidate, baseline }, index) => {
    const before = looks[index - 1];
    return { candidate: difference(candidate, before?.candidate), baseline: difference(baseline, before?.baseline) };
  });
}

function difference(now: RateSample, before: RateSample = { events: 0, total: 0 }): RateSample {
  return { events: now.events - before.events, total: now.total - before.total };
}

/** The fewest events of the candidate, of all that both sides had, at which a look could have failed it. */
function leastLargeEvents({ candidate, baseline }: RatePair, policy: DifferencePolicy): number {
  if (Math.min(candidate.total, baseline.total) < policy.minimumTotal) {
    return Number.POSITIVE_INFINITY;
  }
  const events = candidate.events + baseline.events;
  return leastWhere(Math.max(0, events - baseline.total), Math.min(events, candidate.total), (count) =>
    isLargeDifference(
      {
        candidate: { events: count, total: candidate.total },
        baseline: { events: events - count, total: baseline.total },
      },
      policy,
    ),
  );
}

function chanceOf(before: readonly Look[], now: RatePair): number {
  const unlooked = before.map((look) => ({ ...look, leastEvents: Number.POSITIVE_INFINITY }));
  return openLook(unlooked, () => 0).probabilityOf(now);
}

/** Probability that this look alone would fail a candidate of such a rate, with the baseline as it was seen. */
function powerOf({ candidate, baseline }: RatePair, rate: number, limit: number, policy: DifferencePolicy): number {
  const least = leastWhere(0, candidate.total, (events) => {
    const pair = { candidate: { events, total: candidate.total }, baseline };
    return isLargeDifference(pair, policy) && fisherUpperTail(pair) <= limit;
  });
  return binomialUpperTail(least, candidate.total, rate);
}
