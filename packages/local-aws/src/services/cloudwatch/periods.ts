import { AwsError } from "../../core/aws-error.ts";
import { type Aggregate, emptyAggregate, mergeInto } from "./aggregate.ts";
import { invalidValue, missing } from "./cloudwatch-state.ts";
import type { StoredPoint } from "./metric-store.ts";

/** A stretch of time cut into periods of equal length; all in seconds since the epoch. */
export interface Periods {
  readonly start: number;
  readonly end: number;
  readonly period: number;
}

/**
 * Cuts a request's time range into periods, the first of which starts at the rounded start time.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html (rounding of StartTime)
 */
export function cutIntoPeriods(startTime: Date, endTime: Date, period: number, nowMs: number): Periods {
  const ageDays = (nowMs - startTime.getTime()) / 86_400_000;
  const step = period < 60 ? period : ageDays < 15 ? 60 : ageDays < 63 ? 300 : 3600;
  const start = Math.floor(startTime.getTime() / 1000 / step) * step;
  return { start, end: Math.ceil(endTime.getTime() / 1000), period };
}

/** @throws AwsError when the period is none of 1, 5, 10, 20, 30 and the multiples of 60 seconds */
export function checkPeriod(period: number | undefined, parameter: string): number {
  if (period === undefined) {
    throw missing(parameter);
  }
  if (period <= 0 || (![1, 5, 10, 20, 30].includes(period) && period % 60 !== 0) || period > 86_400 * 7) {
    throw invalidValue(period, parameter);
  }
  return period;
}

/** @throws AwsError when a time is missing or they are not in order */
export function checkTimes(startTime: Date | undefined, endTime: Date | undefined): { startTime: Date; endTime: Date } {
  if (startTime === undefined) {
    throw missing("StartTime");
  }
  if (endTime === undefined) {
    throw missing("EndTime");
  }
  if (startTime.getTime() >= endTime.getTime()) {
    throw new AwsError(
      "InvalidParameterValueException",
      "The parameter StartTime must be less than the parameter EndTime.",
    );
  }
  return { startTime, endTime };
}

/** Merges points into their periods, in the order of time; periods without points are not there. The aggregates are to be read only. */
export function mergeByPeriod(points: readonly StoredPoint[], { start, period }: Periods): Map<number, Aggregate> {
  const merged = new Map<number, Aggregate>();
  /** Periods whose aggregate is made here, and not the one of their only point: most have one, and are not copied. */
  const own = new Set<number>();
  for (const { time, aggregate } of points) {
    const at = start + Math.floor((time - start) / period) * period;
    const known = merged.get(at);
    if (known === undefined) {
      merged.set(at, aggregate);
    } else if (own.has(at)) {
      mergeInto(known, aggregate);
    } else {
      // What stored points know exactly stays exact: only what is stored is limited.
      const both = emptyAggregate(Number.POSITIVE_INFINITY);
      mergeInto(both, known);
      mergeInto(both, aggregate);
      merged.set(at, both);
      own.add(at);
    }
  }
  return merged;
}
