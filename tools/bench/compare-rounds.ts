import type { Comparison, Figure, Target } from "./benchmark.ts";
import { median } from "./median.ts";

/** What was measured, round by round: `ours[n]` and `reference[n]` stood next to each other in time. */
export interface Rounds {
  readonly name: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly reference: readonly number[];
  readonly comparison: Comparison;
  readonly target?: Target;
}

/**
 * Makes a figure of the rounds. The two sides are compared within each round first, and the median is taken of that: a machine
 * that is slow for a while is slow for both sides of a round.
 *
 * @throws Error when a side has no value, or one more than the other, or one that is no number
 */
export function compareRounds({ name, unit, ours, reference, comparison, target }: Rounds): Figure {
  if (ours.length === 0 || ours.length !== reference.length || ![...ours, ...reference].every(Number.isFinite)) {
    throw new Error(`${name}: measured ${ours.join(", ")} against ${reference.join(", ")}, which cannot be compared.`);
  }
  const values = ours.map((own, round) => compare(own, reference[round] as number, comparison));
  const value = median(values);
  return {
    ...{ name, unit, ours: median(ours), reference: median(reference), comparison },
    ...{ value, lowest: Math.min(...values), highest: Math.max(...values) },
    ...(target === undefined ? {} : { target, met: meets(value, target) }),
  };
}

function compare(ours: number, reference: number, comparison: Comparison): number {
  if (comparison === "ours") {
    return ours;
  }
  return comparison === "ratio" ? ours / reference : ours - reference;
}

function meets(value: number, target: Target): boolean {
  switch (target.is) {
    case "at least":
      return value >= target.value;
    case "at most":
      return value <= target.value;
    case "under":
      return value < target.value;
  }
}
