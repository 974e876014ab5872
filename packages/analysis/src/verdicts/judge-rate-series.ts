import type { Verdict } from "@slipway/contracts";
import { fisherUpperTail } from "./exact/fisher-upper-tail.ts";
import { chanceInWords, numberInWords, percentInWords, rateInWords, sampleInWords } from "./in-words.ts";
import type { RatePair, RateSample } from "./rate-sample.ts";
import {
  partInWords,
  type RatePoint,
  restInWords,
  type SeriesPart,
  type StabilitySettings,
  type StabilityWords,
} from "./stability.ts";
import { isLargeDifference, weighDifference } from "./weigh-difference.ts";

interface WeighedPart {
  readonly part: SeriesPart;
  readonly pair: RatePair;
  readonly probability: number;
}

/**
 * Judges the periods of a rate, in the order of time.
 *
 * @see judgeStability
 */
export function judgeRateSeries(
  points: readonly RatePoint[],
  settings: StabilitySettings,
  words: StabilityWords,
): Verdict {
  const all = sumOf(points);
  const seen = `${rateInWords(all, words)} in ${numberInWords(points.length)} periods`;
  const counted = { periods: points.length, events: all.events, total: all.total, minimumTotal: settings.minimumTotal };
  if (all.total < settings.minimumTotal) {
    const reason = `${seen}; too few to judge: ${numberInWords(settings.minimumTotal)} are needed, ${numberInWords(settings.minimumTotal - all.total)} more.`;
    return { status: "inconclusive", reason, numbers: counted };
  }

  const parts = weighParts(points, all, settings);
  const worst = parts[0] as WeighedPart;
  const numbers = { ...counted, ...numbersOf(worst) };
  const policy = { ...settings, minimumRate: 0, looks: 1, suspicion: 0 };
  const out = parts.find(({ part, pair, probability }) => probability <= part.limit && isLargeDifference(pair, policy));
  if (out !== undefined) {
    const { part, pair, probability } = out;
    const reason = `${rateInWords(pair.candidate, words)} ${partInWords(part, points)} against ${sampleInWords(pair.baseline)} ${restInWords(part)}; chance alone does this ${chanceInWords(probability)} (limit ${percentInWords(part.limit)}).`;
    return { status: "failed", reason, numbers: { ...counted, ...numbersOf(out) } };
  }

  const half = Math.floor(points.length / 2);
  const halves = { baseline: sumOf(points.slice(0, half)), candidate: sumOf(points.slice(half)) };
  const limit = settings.falseAlarms / 2 / (points.length - 1);
  const { power = 0, rateToFind } = weighDifference(halves, [], { ...policy, falseAlarms: limit });
  const withPower = { ...numbers, rateToFind, power, powerLimit: settings.power };
  if (power < settings.power) {
    const reason = `${seen}; no change is proven, and so few could not show one: ${percentInWords(rateToFind)} in the second half would be found ${chanceInWords(power)} (limit ${percentInWords(settings.power)}).`;
    return { status: "inconclusive", reason, numbers: withPower };
  }
  const reason = `${seen}; none is out of line: the most unusual are ${sampleInWords(worst.pair.candidate)} ${partInWords(worst.part, points)}.`;
  return { status: "successful", reason, numbers: withPower };
}

/** All parts, the one that is the most unlikely, for its limit, first. */
function weighParts(points: readonly RatePoint[], all: RateSample, settings: StabilitySettings): WeighedPart[] {
  const ends = new Array<RateSample>(points.length);
  let end: RateSample = { events: 0, total: 0 };
  for (let index = points.length - 1; index >= 0; index -= 1) {
    end = sumOf([end, points[index] as RatePoint]);
    ends[index] = end;
  }
  return partsOf(points.length, settings.falseAlarms)
    .map((part) => {
      const { events, total } = (part.kind === "period" ? points[part.from] : ends[part.from]) as RateSample;
      const baseline = { events: all.events - events, total: all.total - total };
      const pair = { candidate: { events, total }, baseline };
      return { part, pair, probability: fisherUpperTail(pair) };
    })
    .sort((left, right) => left.probability / left.part.limit - right.probability / right.part.limit);
}

function numbersOf({ part, pair, probability }: WeighedPart): Record<string, number> {
  return {
    partEvents: pair.candidate.events,
    partTotal: pair.candidate.total,
    restEvents: pair.baseline.events,
    restTotal: pair.baseline.total,
    probability,
    probabilityLimit: part.limit,
  };
}

function sumOf(samples: readonly RateSample[]): RateSample {
  return samples.reduce((sum, { events, total }) => ({ events: sum.events + events, total: sum.total + total }), {
    events: 0,
    total: 0,
  });
}

/** Each period against all others, and each end of the series against all before it, with equal parts of the false alarms. */
function partsOf(periods: number, falseAlarms: number): SeriesPart[] {
  const each = (kind: SeriesPart["kind"], first: number): SeriesPart[] =>
    Array.from({ length: periods - first }, (_, index) => ({
      kind,
      from: first + index,
      limit: falseAlarms / 2 / (periods - first),
    }));
  return [...each("period", 0), ...each("end", 1)];
}
