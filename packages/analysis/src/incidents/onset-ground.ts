import type { Symptoms, VersionCalls } from "./symptoms.ts";

const MINUTE_MS = 60_000;
const TELLING_CALLS = 1_000;
/** What is older than so long before it began, counts as a whole as much as what is newer. */
const NEAR_MS = 60 * MINUTE_MS;

export interface Counts {
  readonly calls: number;
  readonly failed: number;
}

/** A time at which it may have begun, and how long it is to the next one. */
export interface OnsetStep {
  readonly at: number;
  readonly minutes: number;
}

/** The calls of a version, each minute with the index of its step. */
export interface TemperedVersion {
  readonly version: string;
  readonly minutes: readonly (Counts & { readonly step: number })[];
}

/** What all explanations of an onset are held against. */
export interface OnsetGround {
  readonly steps: readonly OnsetStep[];
  /** By name, the functions whose calls are known: their versions, and the calls of all of them together. */
  readonly functions: ReadonlyMap<string, { readonly versions: readonly TemperedVersion[]; readonly all: Counts }>;
}

/** Lays out the times and the calls, once for all explanations. */
export function onsetGround(symptoms: Symptoms): OnsetGround {
  const { onset, versions } = symptoms;
  const steps = stepsOf(symptoms);
  const indexes = new Map(steps.map(({ at }, index) => [at, index]));
  const functions = [...Map.groupBy(versions, (each) => each.function)].map(([name, all]) => {
    const own = tempered(
      all.filter(({ minutes }) => minutes !== undefined),
      onset.at - NEAR_MS,
      indexes,
    );
    return [name, { versions: own, all: sumOf(own.flatMap(({ minutes }) => minutes)) }] as const;
  });
  return { steps, functions: new Map(functions) };
}

/** Times at which it may have begun: those of the counts, and without any those near to where it was measured. */
function stepsOf({ onset, versions }: Symptoms): OnsetStep[] {
  const times = new Set(versions.flatMap(({ minutes = [] }) => minutes.map(({ at }) => at)));
  const reach = 4 * Math.max(onset.errorMs, MINUTE_MS) + 2 * MINUTE_MS;
  for (let at = onset.at - reach; at <= onset.at + reach; at += MINUTE_MS) {
    times.add(Math.floor(at / MINUTE_MS) * MINUTE_MS);
  }
  const sorted = [...times].sort((left, right) => left - right);
  return sorted.map((at, index) => ({
    at,
    minutes: Math.min(60, ((sorted[index + 1] ?? at + MINUTE_MS) - at) / MINUTE_MS),
  }));
}

/** With fewer calls, and the same shares: calls do not fail independently, and thousands tell little more than the first thousand. */
function tempered(
  versions: readonly VersionCalls[],
  near: number,
  indexes: ReadonlyMap<number, number>,
): TemperedVersion[] {
  const all = versions.flatMap(({ minutes = [] }) => minutes);
  const [older, newer] = [sumOf(all.filter(({ at }) => at < near)), sumOf(all.filter(({ at }) => at >= near))].map(
    ({ calls }) => Math.min(1, TELLING_CALLS / Math.max(1, calls)),
  );
  return versions.map(({ version, minutes = [] }) => ({
    version,
    minutes: minutes.map(({ at, calls, failed }) => {
      const factor = (at < near ? older : newer) ?? 1;
      return { step: indexes.get(at) ?? 0, calls: calls * factor, failed: Math.min(failed, calls) * factor };
    }),
  }));
}

function sumOf(minutes: readonly Counts[]): Counts {
  let [calls, failed] = [0, 0];
  for (const each of minutes) {
    calls += each.calls;
    failed += Math.min(each.failed, each.calls);
  }
  return { calls, failed };
}
