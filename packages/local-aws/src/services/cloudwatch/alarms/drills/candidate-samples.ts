import type { Expression } from "../../metric-math/expression.ts";
import type { PreparedQuery } from "../../metric-queries.ts";
import type { MetricAlarm } from "../alarm.ts";
import { minimumSamples, type PreparedAlarm } from "../evaluate-metric-alarm.ts";
import { metricKey } from "../metric-key.ts";
import type { Sample } from "./made-up-series.ts";

/** Magnitudes that thresholds of any metric lie between. */
const COMMON = [0, 1, 10, 100, 1_000, 1e6, 1e12, -1, -1e6];
/** Statistics that are about how many values there are. */
const COUNTING = /^(SampleCount$|tc)/i;

/**
 * What each metric of an alarm may be made up to be: numbers around its threshold and around those in its expressions and in the names
 * of its statistics, since it is there that an alarm turns over.
 *
 * @returns samples by metric, the likeliest first
 */
export function candidateSamples(alarm: MetricAlarm, prepared: PreparedAlarm): ReadonlyMap<string, readonly Sample[]> {
  const numbers = around([
    alarm.threshold,
    ...prepared.queries.flatMap(({ expression }) => (expression === undefined ? [] : numbersIn(expression))),
  ]);
  const fewest =
    prepared.percentile !== undefined && alarm.evaluateLowSampleCountPercentile === "ignore"
      ? Math.ceil(minimumSamples(prepared.percentile))
      : 1;
  // There never are enough for p0 and p100.
  const enough = Number.isFinite(fewest) ? fewest : 1;
  const candidates = new Map<string, readonly Sample[]>();
  for (const { metricStat } of prepared.queries) {
    if (metricStat !== undefined) {
      const key = metricKey(metricStat.metric);
      candidates.set(key, [...(candidates.get(key) ?? []), ...samplesFor(metricStat, numbers, enough)]);
    }
  }
  return candidates;
}

function samplesFor(
  { statistic, unit = "None" }: NonNullable<PreparedQuery["metricStat"]>,
  numbers: readonly number[],
  enough: number,
): readonly Sample[] {
  const bounds = around((statistic.name.match(/\d+(\.\d+)?/g) ?? []).map(Number));
  if (COUNTING.test(statistic.name)) {
    const counts = [...new Set(numbers.filter((number) => number >= 1 && number <= 1e6).map(Math.ceil))];
    return bounds.flatMap((value) => counts.map((count) => ({ value, count, unit })));
  }
  const values = /^pr/i.test(statistic.name) ? [...bounds, ...numbers] : numbers;
  return values.map((value) => ({ value, count: enough, unit }));
}

/** Each number, its neighbours, and numbers of its size; then common ones. */
function around(numbers: readonly number[]): readonly number[] {
  const near = numbers.flatMap((number) => [
    number,
    number + 1,
    number - 1,
    number * 1.1 + 1,
    number * 0.9,
    number * 2,
    number / 2,
    number * 10,
    number / 100,
  ]);
  return [...new Set([...near, ...COMMON])];
}

function numbersIn(expression: Expression): readonly number[] {
  switch (expression.kind) {
    case "number":
      return [expression.value];
    case "list":
      return expression.items.flatMap(numbersIn);
    case "negate":
      return numbersIn(expression.operand).map((number) => -number);
    case "binary":
      return [...numbersIn(expression.left), ...numbersIn(expression.right)];
    case "call":
      return expression.args.flatMap(numbersIn);
    default:
      return [];
  }
}
