import type { Period } from "../language/period.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** The first Monday after the epoch, which was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const LENGTHS: Readonly<Partial<Record<Period["unit"], number>>> = {
  millisecond: 1,
  second: SECOND_MS,
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
};
const MONTHS: Readonly<Partial<Record<Period["unit"], number>>> = { month: 1, quarter: 3, year: 12 };

/** Makes the function that takes a time (milliseconds since the epoch) back to the beginning of its period, in UTC; weeks begin on Mondays. */
export function floorToPeriod({ count, unit }: Period): (time: number) => number {
  const months = MONTHS[unit];
  if (months !== undefined) {
    const step = months * count;
    return (time) => {
      const date = new Date(time);
      const month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
      return Date.UTC(1970, Math.floor(month / step) * step);
    };
  }
  const offset = unit === "week" ? FIRST_MONDAY_MS : 0;
  const length = (LENGTHS[unit] ?? WEEK_MS) * count;
  return (time) => Math.floor((time - offset) / length) * length + offset;
}

/** Makes the function that takes a time to the beginning of the next period, or leaves it where one begins. */
export function ceilToPeriod(period: Period): (time: number) => number {
  const floor = floorToPeriod(period);
  const { count, unit } = period;
  const months = MONTHS[unit];
  const length = (LENGTHS[unit] ?? WEEK_MS) * count;
  return (time) => {
    const start = floor(time);
    if (start === time) {
      return time;
    }
    const date = new Date(start);
    return months === undefined ? start + length : date.setUTCMonth(date.getUTCMonth() + months * count);
  };
}
