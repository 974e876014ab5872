import type { TimeWindow } from "../costs/usage.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
export const PERIOD_MS = 5 * MINUTE_MS;
/** What is compared of an earlier day is this time of it, and so much before and after: nobody's rhythm keeps the minute. */
const AROUND_MS = 60 * MINUTE_MS;

/** What a stage did in five minutes. */
export interface StagePeriod {
  /** Its beginning, in milliseconds since the epoch: whole five minutes. */
  readonly at: number;
  readonly requests: number;
  /** Nine tenths of the answers took no longer; null where nobody asked. */
  readonly p90Ms: number | null;
}

/** The earlier days of a stage. */
export interface StageHistory {
  /** `items-api-prod/prod`. */
  readonly name: string;
  /** Oldest first; five minutes without a request are not there. */
  readonly periods: readonly StagePeriod[];
  /** Times in which the environment was not well: what came then is no measure of what always comes. */
  readonly without?: readonly TimeWindow[];
}

/** How long answers take at this time of day. */
export interface UsualLatency {
  /** So many earlier days say it. */
  readonly days: number;
  /** The middle of the days: nine tenths of the answers took no longer. */
  readonly usualMs: number;
  /** The most that nine tenths took in five minutes, without odd ones and the worst day. */
  readonly highestMs: number;
}

/** How few requests ever came at this time of day. */
export interface UsualTraffic {
  readonly days: number;
  /** The fewest in so many minutes on any of the days. */
  readonly fewest: number;
  readonly minutes: number;
}

export interface EarlierDaysPolicy {
  /** So many earlier days are looked at. */
  readonly days: number;
  /** Fewer requests in five minutes say nothing about how long answers take. */
  readonly minimumRequests: number;
}

/** Fewer days are no ground to compare with. */
const FEWEST_DAYS = { latency: 5, traffic: 8 } as const;
/** So many periods of a day's two hours may be odd. */
const ODD_PERIODS = 2;
/** Of a day half of the time has to say something. */
const FEWEST_PERIODS = AROUND_MS / PERIOD_MS;

/** Periods by their beginning: days are looked up, not gone through. */
export class EarlierDays {
  readonly #periods: ReadonlyMap<number, StagePeriod>;

  constructor({ periods }: Pick<StageHistory, "periods">) {
    this.#periods = new Map(periods.map((period) => [period.at, period]));
  }

  /** How long answers take at this time of day; undefined where too few days have enough requests to say it. */
  latencyAt(at: number, { days, minimumRequests }: EarlierDaysPolicy): UsualLatency | undefined {
    const known: { readonly middle: number; readonly highest: number }[] = [];
    for (let back = 1; back <= days; back += 1) {
      const values = this.#around(at - back * DAY_MS).flatMap((period) =>
        period.p90Ms === null || period.requests < minimumRequests ? [] : [period.p90Ms],
      );
      if (values.length >= FEWEST_PERIODS) {
        const slowest = values.toSorted((left, right) => right - left);
        // A release that starts cold, or a burst, is not what a time of day is like.
        known.push({ middle: median(values), highest: slowest[ODD_PERIODS] ?? 0 });
      }
    }
    if (known.length < FEWEST_DAYS.latency) {
      return undefined;
    }
    const highest = known.map((day) => day.highest).sort((left, right) => right - left);
    return {
      days: known.length,
      usualMs: median(known.map(({ middle }) => middle)),
      // One bad day is no reason to overlook the next.
      highestMs: (known.length > FEWEST_DAYS.latency ? highest[1] : highest[0]) ?? 0,
    };
  }

  /**
   * The fewest requests that came in so many minutes around this time on any earlier day; undefined where too few days are known, none of them
   * the same day of a week before, or one of them had less than enough.
   *
   * @param to end of the time that is compared: whole five minutes
   * @param enough fewer may be chance
   * @param without times in which the environment was not well: a day that has some of it is not looked at
   */
  trafficAt(
    to: number,
    minutes: number,
    {
      days,
      enough,
      without,
    }: { readonly days: number; readonly enough: number; readonly without: readonly TimeWindow[] },
  ): UsualTraffic | undefined {
    let [fewest, known, isSameDay] = [Number.POSITIVE_INFINITY, 0, false];
    for (let back = 1; back <= days; back += 1) {
      const span = { from: to - back * DAY_MS - AROUND_MS - minutes * MINUTE_MS, to: to - back * DAY_MS + AROUND_MS };
      if (without.some((each) => each.from < span.to && each.to > span.from)) {
        continue;
      }
      fewest = Math.min(fewest, this.#fewestIn(span, minutes * MINUTE_MS));
      if (fewest < enough) {
        return undefined;
      }
      known += 1;
      isSameDay ||= back % 7 === 0;
    }
    return known >= FEWEST_DAYS.traffic && isSameDay ? { days: known, fewest, minutes } : undefined;
  }

  #around(center: number): StagePeriod[] {
    const found: StagePeriod[] = [];
    const middle = Math.floor(center / PERIOD_MS) * PERIOD_MS;
    for (let at = middle - AROUND_MS; at <= middle + AROUND_MS; at += PERIOD_MS) {
      const period = this.#periods.get(at);
      if (period !== undefined) {
        found.push(period);
      }
    }
    return found;
  }

  /** Of all stretches of a length that lie in a span. */
  #fewestIn({ from, to }: TimeWindow, lengthMs: number): number {
    const counts: number[] = [];
    for (let at = from; at < to; at += PERIOD_MS) {
      counts.push(this.#periods.get(at)?.requests ?? 0);
    }
    const length = lengthMs / PERIOD_MS;
    let sum = counts.slice(0, length).reduce((total, count) => total + count, 0);
    let fewest = sum;
    for (let index = length; index < counts.length; index += 1) {
      sum += (counts[index] ?? 0) - (counts[index - length] ?? 0);
      fewest = Math.min(fewest, sum);
    }
    return fewest;
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
