import type { Verdict } from "@slipway/contracts";
import { rankSumUpperTail } from "./exact/rank-sum-upper-tail.ts";
import { studentUpperTail } from "./exact/student-upper-tail.ts";
import { capital, chanceInWords, numberInWords, percentInWords } from "./in-words.ts";
import { leastWhere } from "./least-where.ts";
import {
  partInWords,
  restInWords,
  type SeriesPart,
  type StabilitySettings,
  type StabilityWords,
  type ValuePoint,
} from "./stability.ts";

interface WeighedPart {
  readonly part: SeriesPart;
  /** Medians of the part and of the rest. */
  readonly level: number;
  readonly rest: number;
  readonly probability: number;
}

/**
 * Judges the periods of a value, in the order of time.
 *
 * @see judgeStability
 */
export function judgeValueSeries(
  points: readonly ValuePoint[],
  settings: StabilitySettings,
  words: StabilityWords,
): Verdict {
  const values = points.map(({ value }) => value);
  const amount = (value: number) => `${numberInWords(value)}${words.unit === "" ? "" : ` ${words.unit}`}`;
  const level = medianOf(values);
  const seen = `${capital(words.value)} was ${amount(level)} over ${numberInWords(points.length)} periods`;
  const counted = { periods: points.length, level, ratioLimit: settings.minimumRatio };
  const ends = endsOf(points.length, settings.falseAlarms);
  if (ends.length === 0) {
    const reason = `${seen}; in so few, any order may be chance.`;
    return { status: "inconclusive", reason, numbers: counted };
  }

  const compared = (weighed: WeighedPart) =>
    `${capital(words.value)} was ${amount(weighed.level)} ${partInWords(weighed.part, points)} against ${amount(weighed.rest)} ${restInWords(weighed.part)}`;
  const isHigh = ({ level, rest, part, probability }: WeighedPart) =>
    probability <= part.limit && level >= rest * settings.minimumRatio && level > rest;
  const weighedEnds = ends.map((part) => weighEnd(part, values)).sort(byProbability);
  const higher = weighedEnds.find(isHigh);
  if (higher !== undefined) {
    const times =
      higher.rest === 0
        ? ""
        : `, and it is ${numberInWords(higher.level / higher.rest)} times as high (limit ${numberInWords(settings.minimumRatio)})`;
    const reason = `${compared(higher)}; chance alone does this ${chanceInWords(higher.probability)} (limit ${percentInWords(higher.part.limit)})${times}.`;
    return { status: "failed", reason, numbers: { ...counted, ...numbersOf(higher) } };
  }

  const periods = periodsOf(points.length, settings.falseAlarms)
    .map((part) => weighPeriod(part, values))
    .sort(byProbability);
  const outstanding = periods.find(isHigh);
  if (outstanding !== undefined) {
    const reason = `${compared(outstanding)}; a single period stands out, and how far such values scatter is not known.`;
    return { status: "inconclusive", reason, numbers: { ...counted, ...numbersOf(outstanding) } };
  }

  const numbers = { ...counted, ...numbersOf(weighedEnds[0] as WeighedPart), riseToFind: settings.mustFindRatio };
  if (!wouldBeFound(values, ends, settings.mustFindRatio)) {
    const reason = `${seen}; no change is proven, and in values so scattered not even a second half ${numberInWords(settings.mustFindRatio)} times as high would be.`;
    return { status: "inconclusive", reason, numbers };
  }
  const [highest] = periods;
  const most =
    highest === undefined ? "" : `: the most unusual is ${amount(highest.level)} ${partInWords(highest.part, points)}`;
  return { status: "successful", reason: `${seen}; none is out of line${most}.`, numbers };
}

function byProbability(left: WeighedPart, right: WeighedPart): number {
  return left.probability - right.probability;
}

/**
 * The ends of a series that can be out of line at all: of 12 values, the last three are the highest in one of 220 cases, which proves
 * nothing. Only those have a part in the false alarms (Tarone's way to correct for several tests).
 */
function endsOf(periods: number, falseAlarms: number): SeriesPart[] {
  const rarest = Array.from({ length: periods - 1 }, (_, index) => {
    const from = index + 1;
    return { from, probability: rankSumUpperTail(from * (periods - from), periods - from, from) };
  });
  for (let tests = 1; tests <= rarest.length; tests += 1) {
    const able = rarest.filter(({ probability }) => probability <= falseAlarms / tests);
    if (able.length <= tests) {
      return able.map(({ from }) => ({ kind: "end", from, limit: falseAlarms / able.length }));
    }
  }
  return [];
}

function periodsOf(periods: number, falseAlarms: number): SeriesPart[] {
  return Array.from({ length: periods }, (_, from) => ({ kind: "period", from, limit: falseAlarms / periods }));
}

/** By the order of the values alone, whatever their distribution is. Equal ones count as no rise. */
function weighEnd(part: SeriesPart, values: readonly number[]): WeighedPart {
  const before = Float64Array.from(values.slice(0, part.from)).sort();
  const after = values.slice(part.from);
  const greater = after.reduce((sum, value) => sum + countBelow(before, value), 0);
  const probability = rankSumUpperTail(greater, after.length, before.length);
  return { part, level: medianOf(after), rest: medianOf(before), probability };
}

function countBelow(sorted: Float64Array, value: number): number {
  const first = leastWhere(0, sorted.length - 1, (index) => (sorted[index] as number) >= value);
  return Math.min(first, sorted.length);
}

/** A single value among others: by Student's t on the logarithms, as if they were normal. That is a guess about the tail. */
function weighPeriod(part: SeriesPart, values: readonly number[]): WeighedPart {
  const own = values[part.from] as number;
  const others = values.filter((_, index) => index !== part.from);
  const smallest = Math.min(...values.filter((value) => value > 0));
  const logarithm = (value: number) => Math.log(Math.max(value, smallest));
  const mean = others.reduce((sum, value) => sum + logarithm(value), 0) / others.length;
  const squares = others.reduce((sum, value) => sum + (logarithm(value) - mean) ** 2, 0);
  const spread = Math.sqrt((squares / (others.length - 1)) * (1 + 1 / others.length));
  const isHigher = Number.isFinite(smallest) && logarithm(own) > mean;
  const probability = isHigher ? studentUpperTail((logarithm(own) - mean) / spread, others.length - 1) : 1;
  return { part, level: own, rest: medianOf(others), probability };
}

/** Whether a second half so many times as high would be out of line. */
function wouldBeFound(values: readonly number[], ends: readonly SeriesPart[], times: number): boolean {
  const half = Math.floor(values.length / 2);
  const risen = values.map((value, index) => (index < half ? value : value * times));
  return values.every((value) => value === 0) || ends.some((part) => weighEnd(part, risen).probability <= part.limit);
}

function numbersOf({ part, level, rest, probability }: WeighedPart): Record<string, number> {
  return { partLevel: level, restLevel: rest, probability, probabilityLimit: part.limit };
}

function medianOf(values: Iterable<number> & ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
