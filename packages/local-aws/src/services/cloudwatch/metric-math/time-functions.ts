import { ExpressionError } from "./expression.ts";
import type { MathFunction } from "./function-context.ts";
import { fromPoints, mapSeries, ofSeries, seriesIn, type TimeSeries, type Value } from "./values.ts";

/** A function of each series by itself. */
export function perSeries(value: Value, name: string, change: (series: TimeSeries) => TimeSeries): Value {
  const changed = seriesIn(value, name).map(change);
  return value.kind === "list" ? { kind: "list", series: changed } : ofSeries(changed[0] as TimeSeries);
}

/** Over each series, with the point before; of the first point nothing is known. */
function stepping(name: string, step: (change: number, seconds: number) => number): MathFunction {
  const apply = (series: TimeSeries): TimeSeries => {
    let before: readonly [number, number] | undefined;
    return mapSeries(series, (value, time) => {
      const result = before === undefined ? undefined : step(value - before[1], time - before[0]);
      before = [time, value];
      return result;
    });
  };
  return { minArgs: 1, maxArgs: 1, apply: ([value]) => perSeries(value as Value, name, apply) };
}

/** Parts of a time in UTC, at every period of the request, whether the series has a point there or not. */
function timePart(name: string, part: (date: Date) => number): MathFunction {
  return {
    minArgs: 1,
    maxArgs: 1,
    apply([value], { timestampsOf }) {
      if (value?.kind !== "series") {
        throw new ExpressionError(`${name} takes one time series`);
      }
      const { series } = value;
      return ofSeries(fromPoints(series, timestampsOf(series.period), (time) => part(new Date(time * 1000))));
    },
  };
}

function runningSum(series: TimeSeries): TimeSeries {
  let total = 0;
  return mapSeries(series, (value) => (total += value));
}

/** Functions of metric math about how values follow each other in time. */
export const TIME_FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  DIFF: stepping("DIFF", (change) => change),
  DIFF_TIME: stepping("DIFF_TIME", (_, seconds) => seconds),
  RATE: stepping("RATE", (change, seconds) => change / seconds),
  RUNNING_SUM: { minArgs: 1, maxArgs: 1, apply: ([value]) => perSeries(value as Value, "RUNNING_SUM", runningSum) },
  TIME_SERIES: {
    minArgs: 1,
    maxArgs: 1,
    apply([value], { timestampsOf, period }) {
      if (value?.kind !== "scalar") {
        throw new ExpressionError("TIME_SERIES takes a number");
      }
      const empty: TimeSeries = { id: "", label: "TIME_SERIES", period, points: new Map() };
      return ofSeries(fromPoints(empty, timestampsOf(period), () => value.value));
    },
  },
  EPOCH: timePart("EPOCH", (date) => date.getTime() / 1000),
  MINUTE: timePart("MINUTE", (date) => date.getUTCMinutes()),
  HOUR: timePart("HOUR", (date) => date.getUTCHours()),
  // Monday is 1, Sunday is 7.
  DAY: timePart("DAY", (date) => date.getUTCDay() || 7),
  DATE: timePart("DATE", (date) => date.getUTCDate()),
  MONTH: timePart("MONTH", (date) => date.getUTCMonth() + 1),
  YEAR: timePart("YEAR", (date) => date.getUTCFullYear()),
};
