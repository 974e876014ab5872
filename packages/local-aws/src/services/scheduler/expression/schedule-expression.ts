import { type Cron, parseCron } from "./cron.ts";
import { localTime, momentOf } from "./time-zone.ts";

/** When a schedule runs. */
export type ScheduleExpression =
  /** `local` is the time in the schedule's zone, as milliseconds of a clock that stands at UTC. */
  | { readonly kind: "at"; readonly local: number }
  | { readonly kind: "rate"; readonly everyMs: number }
  | { readonly kind: "cron"; readonly cron: Cron };

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const DAY_MS = 86_400_000;
const LAST_YEAR = 2199;

/**
 * Reads `at(2026-11-29T03:00:00)`, `rate(1 day)` or `cron(0 3 * * ? *)`.
 *
 * @returns `undefined` when it cannot be read
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseScheduleExpression(text: string): ScheduleExpression | undefined {
  const [, kind, inner = ""] = /^(at|rate|cron)\((.*)\)$/.exec(text.trim()) ?? [];
  switch (kind) {
    case "at":
      return parseAt(inner);
    case "rate":
      return parseRate(inner);
    case "cron": {
      const cron = parseCron(inner);
      return cron && { kind: "cron", cron };
    }
    default:
      return undefined;
  }
}

function parseAt(text: string): ScheduleExpression | undefined {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  // Date.parse takes the 31st of February for the 3rd of March in some engines.
  return Number.isNaN(local) || !new Date(local).toISOString().startsWith(text) ? undefined : { kind: "at", local };
}

function parseRate(text: string): ScheduleExpression | undefined {
  const [, value, unit = ""] = /^\s*([1-9]\d{0,8})\s+(minute|hour|day)s?\s*$/.exec(text) ?? [];
  return value === undefined ? undefined : { kind: "rate", everyMs: Number(value) * (UNITS[unit] ?? 0) };
}

/** Between which moments an expression counts, and in which zone. */
export interface Occurrences {
  readonly expression: ScheduleExpression;
  readonly timeZone: string;
  /** The first time of a rate: milliseconds since the epoch. */
  readonly anchor: number;
  readonly startDate?: number | undefined;
  readonly endDate?: number | undefined;
}

/**
 * The next moment that a schedule runs at.
 *
 * @param after - milliseconds since the epoch; that moment itself is over
 * @returns `undefined` when it does not run any more
 */
export function nextOccurrence({ expression, ...limits }: Occurrences, after: number): number | undefined {
  const { timeZone, anchor, startDate = Number.NEGATIVE_INFINITY, endDate = Number.POSITIVE_INFINITY } = limits;
  const since = Math.max(after, startDate - 1);
  const next = { at: nextAt, rate: nextOfRate, cron: nextOfCron }[expression.kind];
  const moment = next(expression as never, since, timeZone, anchor);
  return moment === undefined || moment > endDate ? undefined : moment;
}

type Kind<K extends ScheduleExpression["kind"]> = Extract<ScheduleExpression, { readonly kind: K }>;

function nextAt({ local }: Kind<"at">, after: number, zone: string): number | undefined {
  const moment = momentOf(local, zone);
  return moment !== undefined && moment > after ? moment : undefined;
}

/** Days are 24 hours, whatever clocks do. */
function nextOfRate({ everyMs }: Kind<"rate">, after: number, _zone: string, anchor: number): number {
  return after < anchor ? anchor : anchor + (Math.floor((after - anchor) / everyMs) + 1) * everyMs;
}

/** A time that clocks skip as summer begins is left out; one that they show twice counts once. */
function nextOfCron({ cron }: Kind<"cron">, after: number, zone: string): number | undefined {
  // What no clock of these days shows after that moment is over: not worth the question when it was.
  const over = Math.min(...[-DAY_MS, 0, DAY_MS].map((away) => localTime(after + away, zone) - away));
  const from = new Date(over);
  for (let year = from.getUTCFullYear(); year <= LAST_YEAR; year += 1) {
    for (const month of cron.years.has(year) ? cron.months : []) {
      for (const day of cron.days(year, month)) {
        const midnight = Date.UTC(year, month - 1, day);
        const moment = midnight + DAY_MS <= over ? undefined : firstOfDay(cron, midnight, { after, over, zone });
        if (moment !== undefined) {
          return moment;
        }
      }
    }
  }
  return undefined;
}

function firstOfDay(
  { hours, minutes }: Cron,
  midnight: number,
  { after, over, zone }: { readonly after: number; readonly over: number; readonly zone: string },
): number | undefined {
  for (const hour of hours) {
    for (const minute of minutes) {
      const local = midnight + (hour * 60 + minute) * 60_000;
      const moment = local <= over ? undefined : momentOf(local, zone);
      if (moment !== undefined && moment > after) {
        return moment;
      }
    }
  }
  return undefined;
}
