import { betweenRanks, type Distribution } from "./distribution.ts";

type Counted = readonly (readonly [value: number, count: number])[];

/** The part of the values that a trimmed statistic is about: between shares of them (0 to 1), or between values. */
interface Range {
  readonly by: "rank" | "value";
  readonly lower: number | undefined;
  readonly upper: number | undefined;
}

const NUMBER = String.raw`\d+(?:\.\d{1,10})?`;
const UP_TO_PERCENT = new RegExp(`^(tm|wm|tc|ts)(${NUMBER})$`);
const BETWEEN = new RegExp(`^(TM|WM|TC|TS|PR)\\((?:(${NUMBER})(%?))?:(?:(${NUMBER})(%?))?\\)$`);

/**
 * Reads the name of a trimmed statistic: trimmed mean (`tm99`, `TM(10%:90%)`, `TM(150:1000)`, `IQM`), Winsorized mean (`wm98`),
 * trimmed count (`TC(1000:)`), trimmed sum (`ts90`) and percentile rank (`PR(:300)`).
 *
 * Between values the lower bound is exclusive and the upper one inclusive. Lower case is for one number, upper case for a range.
 *
 * @returns how to compute it, or `undefined` when the name is none of these
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html#Statistics-syntax
 */
export function parseTrimmed(name: string): ((distribution: Distribution) => number | undefined) | undefined {
  if (name === "IQM") {
    return (distribution) => trimmedMean(distribution, { by: "rank", lower: 0.25, upper: 0.75 });
  }
  const [, short, percent] = UP_TO_PERCENT.exec(name) ?? [];
  if (short !== undefined) {
    const range: Range = { by: "rank", lower: undefined, upper: Number(percent) / 100 };
    return isValid(range) ? (distribution) => compute(short.toUpperCase(), distribution, range) : undefined;
  }
  const [, kind, low, lowUnit, high, highUnit] = BETWEEN.exec(name) ?? [];
  if (kind === undefined || (low !== undefined && high !== undefined && lowUnit !== highUnit)) {
    return undefined;
  }
  const byRank = lowUnit === "%" || highUnit === "%";
  const scale = byRank ? 100 : 1;
  const range: Range = {
    by: byRank ? "rank" : "value",
    lower: low === undefined ? undefined : Number(low) / scale,
    upper: high === undefined ? undefined : Number(high) / scale,
  };
  if (!isValid(range) || (kind === "PR" && byRank)) {
    return undefined;
  }
  return (distribution) => compute(kind, distribution, range);
}

function isValid({ by, lower, upper }: Range): boolean {
  if (lower === undefined && upper === undefined) {
    return false;
  }
  return (
    (by === "value" || (upper ?? lower ?? 0) <= 1) && (lower === undefined || upper === undefined || lower < upper)
  );
}

function compute(kind: string, distribution: Distribution, range: Range): number | undefined {
  switch (kind) {
    case "TM":
      return trimmedMean(distribution, range);
    case "WM":
      return winsorizedMean(distribution, range);
    case "TC":
      return countOf(within(distribution, range));
    case "TS":
      return sumOf(distribution, within(distribution, range));
    default:
      return (100 * countOf(within(distribution, range))) / distribution.count;
  }
}

function trimmedMean(distribution: Distribution, range: Range): number | undefined {
  const kept = within(distribution, range);
  return kept.length === 0 ? undefined : sumOf(distribution, kept) / countOf(kept);
}

/** The mean when values outside of the range count as those at its edges. */
function winsorizedMean(distribution: Distribution, range: Range): number | undefined {
  const kept = range.by === "rank" ? within(distribution, range) : undefined;
  const lower = kept === undefined ? range.lower : kept[0]?.[0];
  const upper = kept === undefined ? range.upper : kept.at(-1)?.[0];
  if (kept?.length === 0) {
    return undefined;
  }
  const pulledIn = distribution.values.map(
    ([value, count]) => [Math.min(Math.max(value, lower ?? value), upper ?? value), count] as const,
  );
  return sumOf(distribution, pulledIn) / distribution.count;
}

function within(distribution: Distribution, { by, lower, upper }: Range): Counted {
  return by === "rank"
    ? betweenRanks(distribution, lower ?? 0, upper ?? 1)
    : distribution.values.filter(
        ([value]) => value > (lower ?? Number.NEGATIVE_INFINITY) && value <= (upper ?? Number.POSITIVE_INFINITY),
      );
}

function countOf(values: Counted): number {
  return values.reduce((total, [, count]) => total + count, 0);
}

/** Of all values the sum is known exactly, also when the values themselves are not. */
function sumOf(distribution: Distribution, values: Counted): number {
  const all =
    values.length === distribution.values.length &&
    values.every(([value, count], index) => {
      const [original, times] = distribution.values[index] ?? [];
      return value === original && count === times;
    });
  return all ? distribution.sum : values.reduce((total, [value, count]) => total + value * count, 0);
}
