import type { Verdict } from "@slipway/contracts";
import type { RatePair, RateSample } from "./rate-sample.ts";

/** What is wrong with a count; `undefined` when nothing is. */
export function problemOfCount(name: string, value: number): string | undefined {
  return Number.isSafeInteger(value) && value >= 0 ? undefined : `${name} is ${value}, which is no count`;
}

/** What is wrong with a sample; `undefined` when nothing is. */
export function problemOfSample(name: string, { events, total }: RateSample): string | undefined {
  return (
    problemOfCount(`${name}.events`, events) ??
    problemOfCount(`${name}.total`, total) ??
    (events > total ? `${name}.events is ${events}, more than its total of ${total}` : undefined)
  );
}

/** What is wrong with the counts of all looks, the present one last; `undefined` when nothing is. */
export function problemOfLooks(looks: readonly RatePair[]): string | undefined {
  for (const [index, look] of looks.entries()) {
    for (const side of ["candidate", "baseline"] as const) {
      const name = index === looks.length - 1 ? side : `earlier[${index}].${side}`;
      const problem = problemOfSample(name, look[side]) ?? problemOfChange(name, looks[index - 1]?.[side], look[side]);
      if (problem !== undefined) {
        return problem;
      }
    }
  }
  return undefined;
}

function problemOfChange(name: string, before: RateSample | undefined, now: RateSample): string | undefined {
  if (before === undefined) {
    return undefined;
  }
  const [events, total] = [now.events - before.events, now.total - before.total];
  return events < 0 || total < 0 || events > total
    ? `${name} has ${now.events} of ${now.total}, which cannot follow on ${before.events} of ${before.total} at the look before`
    : undefined;
}

/** A verdict about a measurement that cannot be right. */
export function measurementError(problem: string): Verdict {
  return { status: "error", reason: `The measurement cannot be judged: ${problem}.`, numbers: {} };
}

/**
 * Refuses a policy that makes no sense.
 *
 * @param rules - by the setting's name: its value, and whether it will do
 * @throws RangeError with the setting's name and what it has to be
 */
export function checkPolicy(policy: string, rules: Readonly<Record<string, readonly [number, Range]>>): void {
  for (const [name, [value, range]] of Object.entries(rules)) {
    if (!RANGES[range].includes(value)) {
      throw new RangeError(`${policy}: ${name} is ${value}. It has to be ${RANGES[range].words}.`);
    }
  }
}

/** What a setting may be. */
type Range = "error" | "probability" | "count" | "positive count" | "share" | "ratio" | "positive";

const RANGES: Readonly<Record<Range, { readonly words: string; includes(value: number): boolean }>> = {
  error: { words: "above 0 and at most 0.5", includes: (value) => value > 0 && value <= 0.5 },
  probability: { words: "above 0 and below 1", includes: (value) => value > 0 && value < 1 },
  count: { words: "a whole number from 0", includes: (value) => Number.isSafeInteger(value) && value >= 0 },
  "positive count": { words: "a whole number from 1", includes: (value) => Number.isSafeInteger(value) && value >= 1 },
  share: { words: "from 0 to 1", includes: (value) => value >= 0 && value <= 1 },
  ratio: { words: "a number from 1", includes: (value) => Number.isFinite(value) && value >= 1 },
  positive: { words: "a number above 0", includes: (value) => Number.isFinite(value) && value > 0 },
};
