import type { EnvironmentChange } from "./environment-change.ts";
import { logEvidence, shareBelief } from "./log-beta.ts";
import type { Counts, OnsetStep, TemperedVersion } from "./onset-ground.ts";
import type { Reading } from "./read-symptoms.ts";
import { HORIZON_MINUTES, onsetDensity } from "./time-fit.ts";

const MINUTE_MS = 60_000;
/** About one call in two hundred fails of itself, and rarely more. */
const healthy = shareBelief(0.5, 80);
/** Whatever has a fault may fail in any share. */
const faulty = shareBelief(0.8, 2);

/** How well the calls that failed, and when they did, fit an explanation. */
export interface OnsetFit {
  /** Logarithm of how likely it makes them; only differences say something. */
  readonly logLikelihood: number;
  /** When it began by this explanation, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * How well the calls of each minute and version fit a change: that there is a minute from which on the versions that have it fail in some
 * share, and all others are well. Measured onsets are off by some; so each minute near it is tried, and counts as much as it is likely.
 *
 * @param change undefined for a cause that is no release: it may begin at any time, and no version is spared
 */
export function onsetFit(
  change: EnvironmentChange | undefined,
  changes: readonly EnvironmentChange[],
  seen: Reading,
): OnsetFit {
  const { onset, now } = seen.symptoms;
  const { steps } = seen.ground;
  const densityAt = change === undefined ? () => 1 / HORIZON_MINUTES : onsetDensity(change, seen);
  const calls = callsFits(affectedVersions(change, changes, seen), seen);
  const sigma = Math.max(onset.errorMs, MINUTE_MS);
  const tried = steps
    .map(({ at, minutes }, index): OnsetFit => {
      const density =
        minutes <= 1 ? densityAt(at) : meanOf(DEPTHS.map((depth) => densityAt(at + depth * minutes * MINUTE_MS)));
      const z = Math.max(0, Math.abs(onset.at - at) - (minutes * MINUTE_MS) / 2) / sigma;
      // More often than a normal distribution has it, a measurement is far off; and what began small is noticed late.
      const measured =
        0.9 * Math.exp(-(z ** 2) / 2) + 0.1 * Math.exp(-((z / 3) ** 2) / 2) + (at < onset.at ? 0.001 : 0);
      return { logLikelihood: Math.log(density * minutes * measured + 1e-15) + (calls[index] ?? 0), at };
    })
    .filter(({ at }) => at <= now);
  const best = tried.reduce((left, right) => (right.logLikelihood > left.logLikelihood ? right : left), {
    logLikelihood: Number.NEGATIVE_INFINITY,
    at: onset.at,
  });
  const sum = tried.reduce((total, each) => total + Math.exp(each.logLikelihood - best.logLikelihood), 0);
  return { logLikelihood: best.logLikelihood + Math.log(Math.max(1, sum)), at: best.at };
}

/** Where in a step of some minutes it may begin. */
const DEPTHS = [0.1, 0.3, 0.5, 0.7, 0.9];

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0) / numbers.length;
}

/** By function: whether a version has what is to blame. */
type Affected = ReadonlyMap<string, (version: string) => boolean>;

function affectedVersions(
  change: EnvironmentChange | undefined,
  changes: readonly EnvironmentChange[],
  { functions }: Reading,
): Affected {
  if (change === undefined || change.part !== "code") {
    return new Map([...functions].map((name) => [name, () => true]));
  }
  return new Map(
    (change.functions ?? []).map(({ name }) => {
      const since = versionsSince(name, change, changes);
      return [name, (version: string) => since.has(version)];
    }),
  );
}

/**
 * Its own version of a function and those that came later: they are built on it, and have what it has. Not those that came after it was taken
 * back: it is mended in them, or they have brought it back, and are to blame themselves.
 */
export function versionsSince(
  name: string,
  change: EnvironmentChange,
  changes: readonly EnvironmentChange[],
): ReadonlySet<string> {
  const from = change.moments[0]?.at ?? 0;
  const later = changes.filter(
    (each) =>
      each.part === "code" &&
      each.release !== change.release &&
      each.isRollback !== true &&
      (each.moments[0]?.at ?? 0) > from &&
      (change.endedAt === undefined || (each.moments[0]?.at ?? 0) < change.endedAt),
  );
  return new Set(
    [change, ...later].flatMap((each) =>
      (each.functions ?? []).filter((one) => one.name === name).map(({ version }) => version),
    ),
  );
}

/** How likely the calls are where those affected fail from each of the steps on, in each function or not. */
function callsFits(affected: Affected, { ground: { steps, functions } }: Reading): number[] {
  const fits = steps.map(() => 0);
  for (const [name, { versions, all }] of functions) {
    const untouched = logEvidence(all.failed, all.calls, healthy);
    const isAffected = affected.get(name);
    if (isAffected === undefined) {
      for (const index of fits.keys()) {
        fits[index] = (fits[index] ?? 0) + untouched;
      }
      continue;
    }
    const bad = countsSince(
      steps,
      versions.filter(({ version }) => isAffected(version)),
    );
    for (const [index, { calls, failed }] of bad.entries()) {
      const hit = logEvidence(failed, calls, faulty) + logEvidence(all.failed - failed, all.calls - calls, healthy);
      fits[index] = (fits[index] ?? 0) + logSum(hit, untouched) + Math.log(0.5);
    }
  }
  return fits;
}

/** The calls from each step on. */
function countsSince(steps: readonly OnsetStep[], versions: readonly TemperedVersion[]): Counts[] {
  const counts = steps.map(() => ({ calls: 0, failed: 0 }));
  for (const { minutes } of versions) {
    for (const { step, calls, failed } of minutes) {
      const count = counts[step];
      if (count !== undefined) {
        count.calls += calls;
        count.failed += failed;
      }
    }
  }
  for (let index = counts.length - 2; index >= 0; index -= 1) {
    const [count, next] = [counts[index], counts[index + 1]];
    if (count !== undefined && next !== undefined) {
      count.calls += next.calls;
      count.failed += next.failed;
    }
  }
  return counts;
}

function logSum(left: number, right: number): number {
  const high = Math.max(left, right);
  return high + Math.log(Math.exp(left - high) + Math.exp(right - high));
}
