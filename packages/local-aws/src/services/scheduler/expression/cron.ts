/** What a cron expression asks for. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Days of a month (from 1) that it asks for; `month` counts from 1. */
  readonly days: (year: number, month: number) => readonly number[];
  readonly months: readonly number[];
  readonly years: ReadonlySet<number>;
}

interface Field {
  readonly from: number;
  readonly to: number;
  /** Names of its values, the first of which is `from`. */
  readonly names?: readonly string[];
}

const MINUTES: Field = { from: 0, to: 59 };
const HOURS: Field = { from: 0, to: 23 };
const DAYS: Field = { from: 1, to: 31 };
const MONTHS: Field = {
  ...{ from: 1, to: 12 },
  names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
const WEEKDAYS: Field = { from: 1, to: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] };
const YEARS: Field = { from: 1970, to: 2199 };

const SUNDAY = 1;
const SATURDAY = 7;

/**
 * Reads the six fields of a cron expression: minutes, hours, day of the month, month, day of the week, year. One of the two days is `?`.
 * Written here because the libraries for cron speak Unix's dialect, where a week begins at 0, `?` means something else and there is no
 * year.
 *
 * @returns `undefined` when it cannot be read
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().toUpperCase().split(/\s+/);
  const [minute = "", hour = "", day = "", month = "", weekday = "", year = ""] = fields;
  // Exactly one: with both, nobody could say what is meant.
  if (fields.length !== 6 || (day === "?") === (weekday === "?")) {
    return undefined;
  }
  const minutes = valuesOf(minute, MINUTES);
  const hours = valuesOf(hour, HOURS);
  const months = valuesOf(month, MONTHS);
  const years = valuesOf(year, YEARS);
  const days = weekday === "?" ? daysOfMonth(day) : daysOfWeek(weekday);
  if (minutes === undefined || hours === undefined || months === undefined || years === undefined || !days) {
    return undefined;
  }
  return { minutes, hours, months, years: new Set(years), days };
}

/** `*`, `3`, `MON-FRI`, `0/15`, and lists of these; in order. */
function valuesOf(text: string, field: Field): readonly number[] | undefined {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step, ...rest] = part.split("/");
    const bounds = boundsOf(range, field, step !== undefined);
    if (bounds === undefined || rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) {
      return undefined;
    }
    for (let value = bounds[0]; value <= bounds[1]; value += Number(step ?? 1)) {
      values.add(value);
    }
  }
  return [...values].sort((left, right) => left - right);
}

function boundsOf(text: string, field: Field, isStepped: boolean): readonly [number, number] | undefined {
  if (text === "*") {
    return [field.from, field.to];
  }
  const ends = text.split("-").map((end) => numberOf(end, field));
  const [from, to = isStepped ? field.to : from] = ends;
  return ends.length > 2 || ends.includes(undefined) || from === undefined || to === undefined || from > to
    ? undefined
    : [from, to];
}

function numberOf(text: string, { from, to, names = [] }: Field): number | undefined {
  const value = names.includes(text) ? names.indexOf(text) + from : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}

function daysOfMonth(text: string): Cron["days"] | undefined {
  if (text === "L") {
    return (year, month) => [lastDay(year, month)];
  }
  const nearest = /^(\d{1,2})W$/.exec(text)?.[1];
  if (nearest !== undefined) {
    const wanted = numberOf(nearest, DAYS);
    return wanted === undefined ? undefined : (year, month) => nearestWorkday(year, month, wanted);
  }
  const wanted = valuesOf(text, DAYS);
  return wanted && ((year, month) => wanted.filter((day) => day <= lastDay(year, month)));
}

function daysOfWeek(text: string): Cron["days"] | undefined {
  const nth = /^([A-Z\d]+)#([1-5])$/.exec(text);
  const last = /^([A-Z\d]+)L$/.exec(text);
  if (nth !== null || last !== null) {
    const weekday = numberOf((nth ?? last)?.[1] ?? "", WEEKDAYS);
    const index = nth === null ? -1 : Number(nth[2]) - 1;
    return weekday === undefined
      ? undefined
      : (year, month) => daysThatAre([weekday], year, month).slice(index, index === -1 ? undefined : index + 1);
  }
  const wanted = text === "L" ? [SATURDAY] : valuesOf(text, WEEKDAYS);
  return wanted && ((year, month) => daysThatAre(wanted, year, month));
}

function daysThatAre(weekdays: readonly number[], year: number, month: number): number[] {
  const all = Array.from({ length: lastDay(year, month) }, (_, index) => index + 1);
  return all.filter((day) => weekdays.includes(weekdayOf(year, month, day)));
}

/** The workday that is nearest to a day, in the same month. */
function nearestWorkday(year: number, month: number, wanted: number): readonly number[] {
  const last = lastDay(year, month);
  if (wanted > last) {
    return [];
  }
  switch (weekdayOf(year, month, wanted)) {
    case SATURDAY:
      return [wanted === 1 ? 3 : wanted - 1];
    case SUNDAY:
      return [wanted === last ? wanted - 2 : wanted + 1];
    default:
      return [wanted];
  }
}

function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + SUNDAY;
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
