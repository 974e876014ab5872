import type { FailingThing } from "./changed-things.ts";
import type { ErrorKind } from "./kind-of-error.ts";
import { kindOfError } from "./kind-of-error.ts";
import { type OnsetGround, onsetGround } from "./onset-ground.ts";
import type { SeenError, Symptoms } from "./symptoms.ts";
import { type TrafficCurve, trafficCurve } from "./traffic-curve.ts";

/** An error that comes more often than before, by how much. */
export interface ExcessError extends SeenError {
  readonly kind: ErrorKind;
  /** More than there would be if all were as before. */
  readonly excess: number;
}

/** What was seen, as the clues need it. */
export interface Reading {
  readonly symptoms: Symptoms;
  /** The most frequent first. */
  readonly errors: readonly ExcessError[];
  /** How the errors that are more than before are shared out; `none` where nothing was logged. */
  readonly kinds: ReadonlyMap<ErrorKind | "none", number>;
  /** Names of functions whose calls fail more than they should. */
  readonly failingFunctions: ReadonlySet<string>;
  /** All functions whose calls are known. */
  readonly functions: ReadonlySet<string>;
  readonly things: ReadonlySet<FailingThing>;
  /** Names of what signals are about, by what it is. */
  readonly names: readonly { readonly type: FailingThing; readonly name: string }[];
  readonly memoryGrows: boolean;
  readonly traffic: TrafficCurve | undefined;
  /** The calls, and the times at which it may have begun. */
  readonly ground: OnsetGround;
  /** The share of calls that fail, of the function that fails most; undefined where none does. */
  readonly share: number | undefined;
}

/** The share of failed calls from which on a function is said to fail, unless that is what it always does. */
const FAILING_SHARE = 0.01;

/** Reads from what was seen what fails, and what errors come more often than before. */
export function readSymptoms(symptoms: Symptoms): Reading {
  const { signals, versions, baseline } = symptoms;
  const calls = versions.reduce((sum, each) => sum + each.calls, 0);
  const share = baseline === undefined || baseline.calls <= 0 ? 1 : calls / baseline.calls;
  const counted = symptoms.errors
    .map((each) => {
      const expected = each.before * share;
      // A little more than usual is chance.
      const excess = Math.max(0, each.count - expected - 2 * Math.sqrt(expected));
      return { ...each, kind: kindOfError(each.errorClass, each.message), excess };
    })
    .sort((left, right) => right.excess - left.excess || right.count - left.count);
  // Where nothing is more than before, and functions fail all the same, it began before that was counted.
  const isOld = counted.reduce((sum, { excess }) => sum + excess, 0) < 2 && failing(symptoms).length > 0;
  const errors = (isOld ? counted.map((each) => ({ ...each, excess: each.count })) : counted).filter(
    ({ excess }) => excess > 0,
  );
  const names = signals.flatMap(({ resource: { type, name } }) => (isThing(type) ? [{ type, name }] : []));
  const failingFunctions = new Set([
    ...names.filter(({ type }) => type === "function").map(({ name }) => name),
    ...failing(symptoms),
  ]);
  return {
    symptoms,
    errors,
    kinds: kindsOf(errors, signals),
    failingFunctions,
    functions: new Set(versions.map((each) => each.function)),
    things: new Set([...names.map(({ type }) => type), ...(failingFunctions.size > 0 ? (["function"] as const) : [])]),
    names,
    traffic: trafficCurve(symptoms.traffic),
    ground: onsetGround(symptoms),
    share: largestShare(symptoms),
    memoryGrows: signals.some(({ kind }) => kind === "resources"),
  };
}

function failing(symptoms: Symptoms): string[] {
  return [...callsByFunction(symptoms)]
    .filter(
      ([, { calls, failed }]) => failed >= 3 && failed > calls * FAILING_SHARE + 2 * Math.sqrt(calls * FAILING_SHARE),
    )
    .map(([name]) => name);
}

function largestShare(symptoms: Symptoms): number | undefined {
  const shares = [...callsByFunction(symptoms).values()].flatMap(({ calls, failed }) =>
    failed < 3 ? [] : [failed / calls],
  );
  return shares.length === 0 ? undefined : Math.max(...shares);
}

function callsByFunction({ versions }: Symptoms): Map<string, { calls: number; failed: number }> {
  const sums = new Map<string, { calls: number; failed: number }>();
  for (const each of versions) {
    const sum = sums.get(each.function) ?? { calls: 0, failed: 0 };
    sums.set(each.function, { calls: sum.calls + each.calls, failed: sum.failed + each.failed });
  }
  return sums;
}

const kindOfSignal: Partial<Record<Symptoms["signals"][number]["kind"], ErrorKind>> = {
  ...{ resources: "memory", throttling: "throttled", data: "data", latency: "timeout" },
};

/** Where the logs say nothing, what the signals speak of. */
function kindsOf(errors: readonly ExcessError[], signals: Symptoms["signals"]): Map<ErrorKind | "none", number> {
  const all = errors.reduce((sum, { excess }) => sum + excess, 0);
  if (all < 2) {
    const [told] = signals.flatMap(({ kind }) => kindOfSignal[kind] ?? []);
    return new Map([[told ?? "none", 1]]);
  }
  const kinds = new Map<ErrorKind | "none", number>();
  for (const { kind, excess } of errors) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + excess / all);
  }
  return kinds;
}

function isThing(type: string): type is FailingThing {
  return type === "api" || type === "function" || type === "table" || type === "queue" || type === "alarm";
}
