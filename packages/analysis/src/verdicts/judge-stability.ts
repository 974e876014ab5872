import type { Verdict } from "@slipway/contracts";
import { checkPolicy, measurementError, problemOfCount, problemOfSample } from "./check-numbers.ts";
import { DEFAULT_WORDS, numberInWords } from "./in-words.ts";
import { judgeRateSeries } from "./judge-rate-series.ts";
import { judgeValueSeries } from "./judge-value-series.ts";
import type { RatePoint, StabilitySettings, StabilityWords, ValuePoint } from "./stability.ts";

/** When a series counts as stable. Everything has a default. */
export interface StabilityPolicy extends Partial<StabilitySettings> {
  readonly words?: Partial<StabilityWords>;
}

const DEFAULTS: StabilitySettings = {
  falseAlarms: 0.01,
  minimumPeriods: 6,
  minimumSamples: 5,
  minimumTotal: 100,
  minimumEvents: 3,
  minimumDifference: 0.002,
  minimumRatio: 1.5,
  mustFind: 0.05,
  mustFindRatio: 3,
  power: 0.8,
};

const WORDS: StabilityWords = {
  units: DEFAULT_WORDS.units,
  events: DEFAULT_WORDS.events,
  value: "the value",
  unit: "",
};

/**
 * Whether a series of periods keeps its level: no single period out of line with the others, and no time from which on it is higher
 * than before. A steady rise is such a time as well: whatever comes late is higher than what came early.
 *
 * - Counts: each period is held against all others, and each end of the series against all before it, by Fisher's exact test. Half of
 *   the false alarms is for the periods, half for the ends, each with an equal part.
 * - Values: each end is held against all before it by Mann and Whitney's test, which looks at their order only: how far a p99 scatters
 *   by chance is not known. For the same reason a single period that stands out is inconclusive. Counts of what was slower than a
 *   limit tell more about latencies than quantiles do.
 *
 * What is lower is never unstable.
 *
 * @param points - in any order; counts or values. Periods without units are left out, as are values of too few samples
 * @throws RangeError for a policy that makes no sense
 */
export function judgeStability(
  points: readonly RatePoint[] | readonly ValuePoint[],
  policy: StabilityPolicy = {},
): Verdict {
  const { words: ownWords, ...own } = policy;
  const settings = { ...DEFAULTS, ...own };
  const words = { ...WORDS, ...ownWords };
  check(settings);
  const problem = points.map(problemOf).find((each) => each !== undefined) ?? problemOfTimes(points);
  if (problem !== undefined) {
    return measurementError(problem);
  }
  const sorted = [...points].sort((left, right) => left.at - right.at);
  const rates = sorted.flatMap((each) => (isRate(each) && each.total > 0 ? [each] : []));
  const values = sorted.flatMap((each) => (!isRate(each) && each.samples >= settings.minimumSamples ? [each] : []));
  const known = rates.length > 0 ? rates : values;
  if (known.length < settings.minimumPeriods) {
    const reason = `${numberInWords(known.length)} of ${numberInWords(points.length)} periods have enough data; too few to judge: ${numberInWords(settings.minimumPeriods)} are needed.`;
    return {
      status: "inconclusive",
      reason,
      numbers: { periods: known.length, allPeriods: points.length, minimumPeriods: settings.minimumPeriods },
    };
  }
  return rates.length > 0 ? judgeRateSeries(rates, settings, words) : judgeValueSeries(values, settings, words);
}

function isRate(point: RatePoint | ValuePoint): point is RatePoint {
  return "total" in point;
}

function check(settings: StabilitySettings): void {
  checkPolicy("judgeStability", {
    falseAlarms: [settings.falseAlarms, "error"],
    minimumPeriods: [settings.minimumPeriods, "positive count"],
    minimumSamples: [settings.minimumSamples, "count"],
    minimumTotal: [settings.minimumTotal, "positive count"],
    minimumEvents: [settings.minimumEvents, "positive count"],
    minimumDifference: [settings.minimumDifference, "share"],
    minimumRatio: [settings.minimumRatio, "ratio"],
    mustFind: [settings.mustFind, "share"],
    mustFindRatio: [settings.mustFindRatio, "ratio"],
    power: [settings.power, "probability"],
  });
  if (settings.minimumPeriods < 4) {
    throw new RangeError(`judgeStability: minimumPeriods is ${settings.minimumPeriods}. It has to be 4 at least.`);
  }
}

function problemOf(point: RatePoint | ValuePoint, index: number): string | undefined {
  const name = `points[${index}]`;
  if (!Number.isSafeInteger(point.at) || Math.abs(point.at) > LATEST_TIME) {
    return `${name}.at is ${point.at}, which is no time`;
  }
  if (isRate(point)) {
    return problemOfSample(name, point);
  }
  return Number.isFinite(point.value) && point.value >= 0
    ? problemOfCount(`${name}.samples`, point.samples)
    : `${name}.value is ${point.value}, which is no measurement`;
}

/** The last time that a date can be, in milliseconds since the epoch. */
const LATEST_TIME = 8.64e15;

function problemOfTimes(points: readonly (RatePoint | ValuePoint)[]): string | undefined {
  const seen = new Set<number>();
  for (const { at } of points) {
    if (seen.has(at)) {
      return `two periods begin at ${new Date(at).toISOString()}`;
    }
    seen.add(at);
  }
  return points.some(isRate) && !points.every(isRate) ? "some points are counts, and some are values" : undefined;
}
