import { HOURS_PER_MONTH, unitsText } from "./numbers.ts";
import type { TimeWindow } from "./usage.ts";

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** A resource made less than this long ago is taken as this old: minutes would be multiplied by tens of thousands. */
const LEAST_HOURS = 1;

/** A window counts as covered from this share of it: clocks and whole hours are never exactly even. */
const COVERED_SHARE = 0.99;

/** For how long of the window something was there. */
export interface Coverage {
  readonly hours: number;
  /** Whether that is less than the window that was asked for. */
  readonly tooLittleData: boolean;
}

/** How much of the window a resource was there for; all of it where it is not known when it was made. */
export function coverageOf(window: TimeWindow, createdAt: number | undefined): Coverage {
  const asked = (window.to - window.from) / HOUR_MS;
  const hours = (window.to - Math.max(window.from, Math.min(createdAt ?? window.from, window.to))) / HOUR_MS;
  return { hours: Math.max(hours, Math.min(LEAST_HOURS, asked)), tooLittleData: hours < asked * COVERED_SHARE };
}

/** A month's use, and how it was reckoned. */
export interface MonthlyUse {
  readonly quantity: number;
  /** `41,152 requests in 10 days x 730 h / 240 h = 125,171 requests`. */
  readonly formula: string;
}

/**
 * Stretches what was used while a resource was observed to a month of 730 hours.
 *
 * @param used units in the observed hours
 */
export function monthlyUse(used: number, unit: string, { hours }: Coverage): MonthlyUse {
  const quantity = (used / hours) * HOURS_PER_MONTH;
  const stretched = `${unitsText(used, unit)} in ${spanText(hours)} x ${HOURS_PER_MONTH} h / ${round(hours)} h`;
  return { quantity, formula: `${stretched} = ${unitsText(quantity, unit)}` };
}

/** `10 days`, `30.4 days`, `36 h`. */
export function spanText(hours: number): string {
  if (hours < 2 * DAY_HOURS) {
    return `${round(hours)} h`;
  }
  return `${Math.round((hours / DAY_HOURS) * 10) / 10} days`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
