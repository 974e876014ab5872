import type { Verdict } from "@slipway/contracts";
import { checkPolicy, measurementError, problemOfCount } from "./check-numbers.ts";
import { binomialUpperTail } from "./exact/binomial-tail.ts";
import { poissonUpperTail } from "./exact/poisson-upper-tail.ts";
import { chanceInWords, numberInWords, percentInWords } from "./in-words.ts";
import { leastWhere } from "./least-where.ts";

/** Errors in two periods that may differ in length. */
export interface SpikeQuestion {
  /** Errors in the period before. */
  readonly before: number;
  /** Errors now. */
  readonly now: number;
  /** How long both periods are, in milliseconds. */
  readonly durations: { readonly before: number; readonly now: number };
  /**
   * What errors come of, such as calls, where that was counted: they are expected in proportion to it, and not to the time, or more
   * traffic would be a spike. Where one of both is nought, the time has to do.
   */
  readonly units?: { readonly before: number; readonly now: number; readonly name: string };
}

/** When more errors are a spike. Everything has a default. */
export interface SpikePolicy {
  /** How often errors that come as before may be failed: 0.01. */
  readonly falseAlarms?: number;
  /** Fewer errors than these are no spike: 5. */
  readonly minimumEvents?: number;
  /** Less than so many times as many as before is no spike: 2. */
  readonly minimumRatio?: number;
  /** So many errors more than five times as many as before have to be found: 10. Where they could not be, it is inconclusive. */
  readonly mustFind?: number;
  /** With which probability they have to be found: 0.8. */
  readonly power?: number;
  /** What is counted: `errors`. */
  readonly words?: { readonly events: string };
}

/** How many times as many as before a spike is that has to be found. */
const MUST_FIND_RATIO = 5;

/**
 * Whether there are more errors now than in the period before.
 *
 * If errors come independently of each other and as often as before, those of both periods together fall into the present one by its
 * share of what they come of, or of the time; so their number there is binomial, whatever their rate (exact test for two Poisson rates). Errors of one cause
 * come together and not independently; that is why there is a minimum number and ratio as well.
 *
 * @throws RangeError for a policy that makes no sense
 */
export function judgeSpike({ before, now, durations, units }: SpikeQuestion, policy: SpikePolicy = {}): Verdict {
  const { falseAlarms = 0.01, minimumEvents = 5, minimumRatio = 2, mustFind = 10, power = 0.8 } = policy;
  const { events = "errors" } = policy.words ?? {};
  checkPolicy("judgeSpike", {
    falseAlarms: [falseAlarms, "error"],
    minimumEvents: [minimumEvents, "positive count"],
    minimumRatio: [minimumRatio, "ratio"],
    mustFind: [mustFind, "positive count"],
    power: [power, "probability"],
  });
  const problem =
    problemOfCount("before", before) ??
    problemOfCount("now", now) ??
    problemOfDuration("durations.before", durations.before) ??
    problemOfDuration("durations.now", durations.now) ??
    problemOfCount("units.before", units?.before ?? 0) ??
    problemOfCount("units.now", units?.now ?? 0);
  if (problem !== undefined) {
    return measurementError(problem);
  }

  const byUnits = units !== undefined && units.before > 0 && units.now > 0 ? units : undefined;
  const exposure = byUnits ?? durations;
  const share = exposure.now / (exposure.now + exposure.before);
  const expected = (before * exposure.now) / exposure.before;
  const isSpike = (count: number) =>
    count >= minimumEvents &&
    count >= expected * minimumRatio &&
    binomialUpperTail(count, count + before, share) <= falseAlarms;
  const probability = binomialUpperTail(now, now + before, share);
  const numbers = {
    before,
    now,
    beforeMs: durations.before,
    nowMs: durations.now,
    ...(byUnits === undefined ? {} : { unitsBefore: byUnits.before, unitsNow: byUnits.now }),
    expected,
    ...(expected === 0 ? {} : { ratio: now / expected }),
    probability,
    probabilityLimit: falseAlarms,
    ratioLimit: minimumRatio,
    minimumEvents,
  };
  const within = (period: "before" | "now") => {
    const span = spanInWords(durations[period]);
    return byUnits === undefined ? span : `${span} and ${numberInWords(byUnits[period])} ${byUnits.name}`;
  };
  const seen = `${numberInWords(now)} ${events} in ${within("now")} against ${numberInWords(expected)} expected (${numberInWords(before)} in ${within("before")} before)`;
  if (isSpike(now)) {
    const times =
      expected === 0
        ? ""
        : `, and it is ${numberInWords(now / expected)} times as many (limit ${numberInWords(minimumRatio)})`;
    const reason = `${seen}; chance alone does this ${chanceInWords(probability)} (limit ${percentInWords(falseAlarms)})${times}.`;
    return { status: "failed", reason, numbers };
  }

  const spike = expected * MUST_FIND_RATIO + mustFind;
  const least = leastWhere(0, Math.ceil(spike * 20 + 1000), isSpike);
  const found = poissonUpperTail(least, spike);
  const withPower = { ...numbers, spikeToFind: spike, power: found, powerLimit: power };
  if (found < power) {
    const reason = `${seen}; no spike is proven, and such ${byUnits === undefined ? "short periods" : "small numbers"} could not show one: ${numberInWords(spike)} would be found ${chanceInWords(found)} (limit ${percentInWords(power)}).`;
    return { status: "inconclusive", reason, numbers: withPower };
  }
  const reason = `${seen}; a spike begins at ${numberInWords(least)}.`;
  return { status: "successful", reason, numbers: { ...withPower, spikeFrom: least } };
}

function problemOfDuration(name: string, value: number): string | undefined {
  return Number.isFinite(value) && value > 0 ? undefined : `${name} is ${value}, which is no length of time`;
}

function spanInWords(milliseconds: number): string {
  const units = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
  ] as const;
  const [size, unit] = units.find(([size]) => milliseconds >= size) ?? [1, "ms"];
  return `${numberInWords(milliseconds / size)} ${unit}`;
}
