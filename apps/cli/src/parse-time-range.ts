import type { TimeWindow } from "@slipway/analysis";
import { UserError } from "./user-error.ts";

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

const UNITS_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: 60 * SECOND_MS,
  h: 3_600 * SECOND_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/** How moments are written, for the help of flags that take one. */
export const MOMENT_HELP = "5m, 1h30m or 2d ago; 14:30, 2026-11-28 or 2026-11-28T14:30 (UTC, or with a zone)";

/** What says which time is meant: `--since` and `--until`, or `--window`, which is a span that ends at `until`. */
export interface TimeRangeOptions {
  readonly since?: string;
  readonly until?: string;
  readonly window?: string;
}

/**
 * Refuses what cannot be read whatever the time is: for commands that learn the time on their target only later.
 *
 * @throws UserError
 */
export function checkTimeRange({ since, until, window }: TimeRangeOptions): void {
  if (since !== undefined && window !== undefined) {
    throw new UserError("--since and --window: both say when it begins. Give one of them.");
  }
  // So late that nothing reaches back too far which does not whatever the time is.
  const anyTime = Date.UTC(2100, 0, 1);
  for (const [flag, text] of Object.entries({ "--since": since, "--until": until })) {
    if (text !== undefined) {
      parseMoment(flag, text, anyTime);
    }
  }
  if (window !== undefined) {
    parseSpan("--window", window);
  }
}

/**
 * The time that flags mean. Milliseconds since the epoch.
 *
 * @param byDefault - length in milliseconds where neither `--since` nor `--window` was given
 * @param now - the time on the target
 * @throws UserError when a flag cannot be read, two contradict each other, or the time would be empty
 */
export function parseTimeRange(options: TimeRangeOptions, byDefault: number, now: number): TimeWindow {
  checkTimeRange(options);
  const { since, until, window } = options;
  const to = until === undefined ? now : parseMoment("--until", until, now);
  const from =
    since === undefined
      ? kept("--window", window ?? "", to - (window === undefined ? byDefault : parseSpan("--window", window)))
      : parseMoment("--since", since, now);
  if (from >= to) {
    const end = until === undefined ? "now" : "--until";
    throw new UserError(`--since: ${instant(from)} is not before ${end}, ${instant(to)}.`);
  }
  return { from, to };
}

/**
 * Reads a moment as people write it: how long ago (`5m`, `1h30m`, `2d`), `now`, an ISO date or time (in UTC where it names no
 * zone), a time of day (the last time that it was that in UTC), or seconds or milliseconds since the epoch.
 *
 * @param flag - named in the error
 * @param now - the time on the target, in milliseconds since the epoch
 * @returns milliseconds since the epoch
 * @throws UserError when it is none
 */
export function parseMoment(flag: string, text: string, now: number): number {
  const written = text.trim();
  if (written === "now") {
    return now;
  }
  const ago = spanOf(written);
  const moment = ago === undefined ? (timeOfDay(written, now) ?? epoch(written) ?? iso(written)) : now - ago;
  if (moment === undefined) {
    throw new UserError(`${flag}: '${text}' is no time. Write it like ${MOMENT_HELP}, or now.`);
  }
  return kept(flag, text, moment);
}

/** Nothing is older than AWS's count of time, which cannot say so either. */
function kept(flag: string, text: string, moment: number): number {
  if (moment < 0) {
    throw new UserError(`${flag}: '${text}' reaches back to before 1970. Give a later time.`);
  }
  return moment;
}

/**
 * Reads how long something is: `30s`, `5m`, `1h30m`, `7d`, `2w`.
 *
 * @param flag - named in the error
 * @returns milliseconds, more than 0
 * @throws UserError when it is none
 */
export function parseSpan(flag: string, text: string): number {
  const span = spanOf(text.trim());
  if (span === undefined || span === 0) {
    throw new UserError(`${flag}: '${text}' is no length of time. Write it like 30s, 5m, 1h30m, 7d or 2w.`);
  }
  return span;
}

function spanOf(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?[smhdw])+$/.test(text)) {
    return undefined;
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  return Math.round(parts.reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * (UNITS_MS[unit] ?? 0), 0));
}

function timeOfDay(text: string, now: number): number | undefined {
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?Z?$/.test(text)) {
    return undefined;
  }
  const [hours = 0, minutes = 0, seconds = 0] = text.replace("Z", "").split(":").map(Number);
  const today = Math.floor(now / DAY_MS) * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * SECOND_MS;
  return today > now ? today - DAY_MS : today;
}

/** Ten digits are seconds until the year 2286, thirteen are milliseconds. */
function epoch(text: string): number | undefined {
  return /^\d{10}$/.test(text) ? Number(text) * SECOND_MS : /^\d{13}$/.test(text) ? Number(text) : undefined;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/;

function iso(text: string): number | undefined {
  const [matched, year, month, day, time = "00:00", zone = "Z"] = ISO.exec(text) ?? [];
  if (matched === undefined) {
    return undefined;
  }
  // Date takes the 31st of every month for the 1st of the next.
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDay = date.toISOString().slice(0, 10) === `${year}-${month}-${day}`;
  const moment = Date.parse(`${year}-${month}-${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2")}`);
  return isDay && !Number.isNaN(moment) ? moment : undefined;
}

function instant(moment: number): string {
  return new Date(moment).toISOString().replace(/\.000Z$/, "Z");
}
