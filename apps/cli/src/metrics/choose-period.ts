import type { TimeWindow } from "@slipway/analysis";
import { parseSpan } from "../parse-time-range.ts";
import { UserError } from "../user-error.ts";

const DAY_MS = 86_400_000;
const MINUTE_S = 60;

/** Periods to choose from, in seconds. */
const PERIODS = [60, 300, 900, 3_600, 21_600, 86_400];

/** How many periods a person looks at, at most. */
const MOST_PERIODS = 240;

/**
 * How long CloudWatch keeps values apart, by the length of their periods in seconds: a minute for 15 days, and so on.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
const KEPT: readonly { readonly period: number; readonly days: number }[] = [
  { period: 1, days: 3 / 24 },
  { period: 60, days: 15 },
  { period: 300, days: 63 },
  { period: 3_600, days: 455 },
];

const LONGEST_KEPT = KEPT.at(-1)?.period ?? MINUTE_S;
const LONGEST = PERIODS.at(-1) ?? MINUTE_S;

/** The finest period, in seconds, that CloudWatch still has values of for all of a window; those of high resolution aside. */
export function finestPeriod({ from }: TimeWindow, now: number): number {
  const kept = KEPT.find(({ period, days }) => period >= MINUTE_S && now - from <= days * DAY_MS);
  return kept?.period ?? LONGEST_KEPT;
}

/** Days after which CloudWatch has forgotten all values, where a window begins before that; `undefined` where it does not. */
export function forgottenAfter({ from }: TimeWindow, now: number): number | undefined {
  const days = KEPT.at(-1)?.days ?? 0;
  return now - from > days * DAY_MS ? days : undefined;
}

/** The finest period, in seconds, that has data for a window and does not make more of them than people look at. */
export function choosePeriod(window: TimeWindow, now: number): number {
  const { from, to } = window;
  const least = finestPeriod(window, now);
  return PERIODS.find((period) => period >= least && (to - from) / 1000 / period <= MOST_PERIODS) ?? LONGEST;
}

/**
 * Reads a period: seconds (`60`), or a length of time (`5m`).
 *
 * @returns seconds
 * @throws UserError when CloudWatch knows no such period
 */
export function parsePeriod(flag: string, text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : parseSpan(flag, text) / 1000;
  if (!([1, 5, 10, 20, 30].includes(seconds) || (seconds >= MINUTE_S && seconds % MINUTE_S === 0))) {
    throw new UserError(
      `${flag}: CloudWatch has no periods of ${seconds} s. Take 1, 5, 10, 20 or 30 s (for metrics of high resolution), or whole minutes.`,
    );
  }
  return seconds;
}

/**
 * Reads a period of which CloudWatch still has the values of a window.
 *
 * @returns seconds
 * @throws UserError when it has not, or there would be too many
 */
export function keptPeriod(flag: string, text: string, { from, to }: TimeWindow, now: number): number {
  const seconds = parsePeriod(flag, text);
  const { days } = KEPT.findLast(({ period }) => period <= seconds) ?? { days: 0 };
  if (now - from > days * DAY_MS) {
    const kept = days < 1 ? `${days * 24} hours` : `${days} days`;
    throw new UserError(
      `${flag}: CloudWatch keeps values of ${seconds} s for ${kept}, and --since or --window asks for older ones. Ask for a later time, or for longer periods.`,
    );
  }
  if ((to - from) / 1000 / seconds > 100_000) {
    throw new UserError(`${flag}: the time has more than 100,000 periods of ${seconds} s. Ask for longer periods.`);
  }
  return seconds;
}

/**
 * The window that values of a period are of: it begins where the first one does, and ends where the last one does, or now. A heading that
 * named another time would say that its totals are of less than they are.
 */
export function wholePeriods({ from, to }: TimeWindow, periodSeconds: number, now: number): TimeWindow {
  const periodMs = periodSeconds * 1000;
  return {
    from: Math.floor(from / periodMs) * periodMs,
    to: Math.max(to, Math.min(now, Math.ceil(to / periodMs) * periodMs)),
  };
}

/** Beginnings of a window's periods, the first of which may have begun before it. */
export function beginningsOf({ from, to }: TimeWindow, periodSeconds: number): readonly number[] {
  const periodMs = periodSeconds * 1000;
  const first = Math.floor(from / periodMs) * periodMs;
  return Array.from({ length: Math.ceil((to - first) / periodMs) }, (_, index) => first + index * periodMs);
}

/** `by the minute`, `by 5 min`. */
export function periodInWords(seconds: number): string {
  const [amount, unit] =
    seconds % 86_400 === 0
      ? [seconds / 86_400, "day"]
      : seconds % 3_600 === 0
        ? [seconds / 3_600, "hour"]
        : seconds % 60 === 0
          ? [seconds / 60, "minute"]
          : [seconds, "second"];
  return amount === 1 ? `by the ${unit}` : `by ${amount} ${unit}s`;
}
