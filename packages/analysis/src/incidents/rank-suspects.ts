import type { Suspect } from "@slipway/contracts";
import { type OutsideCause, outsideCauses, priors } from "./causes.ts";
import { type Clue, outsideClues, releaseClues } from "./clues.ts";
import type { EnvironmentChange } from "./environment-change.ts";
import { onsetFit } from "./onset-fit.ts";
import { readSymptoms } from "./read-symptoms.ts";
import type { Symptoms } from "./symptoms.ts";
import { HORIZON_MINUTES } from "./time-fit.ts";

const MINUTE_MS = 60_000;
/** Less likely ones are not named. */
const LEAST_LIKELIHOOD = 0.03;

/** A cause that is no release, with how likely it is, and why. */
export interface OutsideSuspicion {
  readonly cause: OutsideCause;
  readonly likelihood: number;
  readonly reasons: readonly string[];
}

/** Who is to blame, as far as what was seen tells. */
export interface Suspicion {
  /** The likeliest first; empty where it is likelier that no release is the cause. */
  readonly suspects: readonly Suspect[];
  /** Why nobody is suspected, where that is so. */
  readonly withoutSuspect?: string;
  /** The likeliest first. */
  readonly outside: readonly OutsideSuspicion[];
}

/**
 * Which release something is the fault of: each part of each release, and each cause that is no release, is weighed by how likely it
 * makes what was seen (Bayes' rule), by time, scope, versions and errors. All likelihoods together come to 1.
 *
 * @param changes of the last days; those that took effect after now are left out
 */
export function rankSuspects(changes: readonly EnvironmentChange[], symptoms: Symptoms): Suspicion {
  const { now, onset } = symptoms;
  const before = changes.flatMap((change) => asOf(change, now) ?? []);
  const slackMs = 4 * onset.errorMs + 2 * MINUTE_MS;
  const possible = before.filter(({ moments }) => {
    const first = moments[0]?.at;
    return first !== undefined && first <= onset.at + slackMs && first >= onset.at - HORIZON_MINUTES * MINUTE_MS;
  });
  const seen = readSymptoms(symptoms);
  const share = Math.log(priors.release / Math.max(1, new Set(possible.map(({ release }) => release)).size));
  const releases = possible.map((change) => {
    const clues = releaseClues(change, before, seen);
    // A rollback goes to what was good before.
    const prior = share + (change.isRollback === true ? Math.log(0.5) : 0);
    return { change, clues, score: prior + total(clues) };
  });
  const anyTime = onsetFit(undefined, [], seen);
  const others = outsideCauses.map((cause) => {
    const clues = outsideClues(cause, anyTime, seen);
    return { cause, clues, score: Math.log(priors[cause]) + total(clues) };
  });
  const highest = Math.max(...releases.map(({ score }) => score), ...others.map(({ score }) => score));
  const all = [...releases, ...others].reduce((sum, { score }) => sum + Math.exp(score - highest), 0);
  const likelihoodOf = (score: number) => Math.exp(score - highest) / all;

  const outside = others
    .map(({ cause, clues, score }) => ({ cause, likelihood: likelihoodOf(score), reasons: reasonsOf(clues) }))
    .sort((left, right) => right.likelihood - left.likelihood);
  const suspects = byRelease(
    releases.map((each) => ({ ...each, likelihood: likelihoodOf(each.score) })),
    onset.at + onset.errorMs,
  );
  const together = suspects.reduce((sum, { likelihood }) => sum + likelihood, 0);
  if (together > 0.5) {
    return {
      suspects: suspects.filter(({ likelihood }, index) => index === 0 || likelihood >= LEAST_LIKELIHOOD),
      outside,
    };
  }
  return { suspects: [], withoutSuspect: withoutSuspect(outside, suspects[0], before.length), outside };
}

/** A change as it was at a time; undefined where it had not taken effect. What was taken back later tells nothing about then. */
function asOf({ endedAt, ...change }: EnvironmentChange, now: number): EnvironmentChange | undefined {
  const moments = change.moments.filter(({ at }) => at <= now);
  return moments.length === 0
    ? undefined
    : { ...change, moments, ...(endedAt === undefined || endedAt > now ? {} : { endedAt }) };
}

/** One suspect for each release: its likeliest part. */
function byRelease(
  parts: readonly {
    readonly change: EnvironmentChange;
    readonly clues: readonly Clue[];
    readonly likelihood: number;
  }[],
  onset: number,
): Suspect[] {
  const releases = new Map<string, { likelihood: number; best: (typeof parts)[number] }>();
  for (const part of parts) {
    const known = releases.get(part.change.release);
    releases.set(part.change.release, {
      likelihood: (known?.likelihood ?? 0) + part.likelihood,
      best: known !== undefined && known.best.likelihood >= part.likelihood ? known.best : part,
    });
  }
  return [...releases]
    .map(([release, { likelihood, best }]) => ({
      release,
      likelihood: Math.min(1, Number(likelihood.toFixed(4))),
      part: best.change.part,
      changedAt: new Date(changedAt(best.change, onset)).toISOString(),
      reasons: reasonsOf(best.clues),
    }))
    .sort((left, right) => right.likelihood - left.likelihood || (right.changedAt < left.changedAt ? -1 : 1));
}

/** The last moment at which it got more of the traffic, before it began to hurt. */
function changedAt({ moments }: EnvironmentChange, onset: number): number {
  return (moments.findLast(({ at }) => at <= onset) ?? moments[0])?.at ?? onset;
}

function withoutSuspect(outside: readonly OutsideSuspicion[], nearest: Suspect | undefined, changes: number): string {
  const [first] = outside;
  const why = first === undefined ? "" : `${causeWords[first.cause]} fits better (${percentOf(first.likelihood)})`;
  if (changes === 0) {
    return `no release has changed anything in the last three days${why === "" ? "" : `; ${causeWords[first?.cause ?? "input"]} fits best`}`;
  }
  const because = first?.reasons[0] === undefined ? "" : `: ${first.reasons[0]}`;
  const except = nearest === undefined ? "" : `; the nearest is ${nearest.release} (${percentOf(nearest.likelihood)})`;
  return `${why}${because}${except}`;
}

const causeWords: Readonly<Record<OutsideCause, string>> = {
  dependency: "a service that is called and does not answer",
  traffic: "more traffic than there is room for",
  input: "input of few callers that the code cannot take",
  limit: "a limit that was reached",
  permission: "a permission that was taken away by hand",
  write: "items that were written by hand",
  leak: "a leak that was there before",
};

function reasonsOf(clues: readonly Clue[]): string[] {
  const told = clues.filter(({ reason }) => reason !== undefined);
  const sorted = [...told].sort((left, right) => Math.abs(right.weight) - Math.abs(left.weight));
  return sorted.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
}

function total(clues: readonly Clue[]): number {
  return clues.reduce((sum, { weight }) => sum + weight, 0);
}

function percentOf(likelihood: number): string {
  return likelihood > 0.995 ? "over 99 %" : likelihood < 0.005 ? "under 1 %" : `${Math.round(likelihood * 100)} %`;
}
