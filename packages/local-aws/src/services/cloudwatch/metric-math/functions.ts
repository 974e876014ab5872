import { ExpressionError } from "./expression.ts";
import { mapPoints, mapSeries, ofSeries, scalar, seriesIn, type TimeSeries, type Value } from "./values.ts";

/** What functions may know beside their arguments. */
export interface FunctionContext {
  /** Every period of the request, in seconds since the epoch, ascending. */
  readonly timestamps: readonly number[];
  readonly period: number;
  /** The request's metrics (not its expressions). */
  readonly metrics: readonly TimeSeries[];
}

/** A function of metric math. */
export interface MathFunction {
  readonly minArgs: number;
  readonly maxArgs: number;
  apply(args: readonly Value[], context: FunctionContext): Value;
}

function pointwise(name: string, change: (value: number) => number): MathFunction {
  return { minArgs: 1, maxArgs: 1, apply: ([value]) => mapPoints(value as Value, name, change) };
}

/** Over a list: at each time, over the members that have a point. Over one series: a number over all its points. */
function reducing(name: string, reduce: (values: readonly number[]) => number): MathFunction {
  return {
    minArgs: 1,
    maxArgs: 1,
    apply([value]) {
      if (value?.kind === "series") {
        return scalar(reduce([...value.series.points.values()]));
      }
      const members = seriesIn(value as Value, name);
      const columns = new Map<number, number[]>();
      for (const { points } of members) {
        for (const [time, point] of points) {
          const column = columns.get(time);
          if (column === undefined) {
            columns.set(time, [point]);
          } else {
            column.push(point);
          }
        }
      }
      const points = [...columns]
        .sort(([left], [right]) => left - right)
        .map(([time, column]) => [time, reduce(column)] as const);
      return ofSeries({ id: "", label: name, period: members[0]?.period ?? 60, points: new Map(points) });
    },
  };
}

/** Over each series, with the point before. */
function stepping(name: string, step: (change: number, seconds: number) => number): MathFunction {
  const apply = (series: TimeSeries): TimeSeries => {
    let before: readonly [number, number] | undefined;
    return mapSeries(series, (value, time) => {
      const result = before === undefined ? Number.NaN : step(value - before[1], time - before[0]);
      before = [time, value];
      return result;
    });
  };
  return { minArgs: 1, maxArgs: 1, apply: ([value]) => perSeries(value as Value, name, apply) };
}

function perSeries(value: Value, name: string, change: (series: TimeSeries) => TimeSeries): Value {
  const changed = seriesIn(value, name).map(change);
  return value.kind === "list" ? { kind: "list", series: changed } : ofSeries(changed[0] as TimeSeries);
}

function runningSum(series: TimeSeries): TimeSeries {
  let total = 0;
  return mapSeries(series, (value) => (total += value));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const average = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
}

/** Parts of a point's time, in UTC. */
function timePart(name: string, part: (date: Date) => number): MathFunction {
  const apply = (series: TimeSeries): TimeSeries => mapSeries(series, (_, time) => part(new Date(time * 1000)));
  return { minArgs: 1, maxArgs: 1, apply: ([value]) => perSeries(value as Value, name, apply) };
}

function fill([value, filler]: readonly Value[], { timestamps }: FunctionContext): Value {
  return perSeries(value as Value, "FILL", (series) => {
    const known = [...series.points.keys()];
    const points = new Map<number, number>();
    for (const time of timestamps) {
      const point = series.points.get(time) ?? fillerAt(filler as Value, series, known, time);
      if (point !== undefined) {
        points.set(time, point);
      }
    }
    return { ...series, points };
  });
}

function fillerAt(filler: Value, { points }: TimeSeries, known: readonly number[], time: number): number | undefined {
  switch (filler.kind) {
    case "scalar":
      return filler.value;
    case "series":
      return filler.series.points.get(time);
    case "list":
      throw new ExpressionError("FILL fills with a number, a time series, REPEAT or LINEAR");
    case "text": {
      const before = known.findLast((each) => each < time);
      const after = known.find((each) => each > time);
      const from = before === undefined ? undefined : points.get(before);
      const to = after === undefined ? undefined : points.get(after);
      if (filler.value === "LINEAR" && from !== undefined && to !== undefined) {
        return from + ((to - from) * (time - (before ?? 0))) / ((after ?? 0) - (before ?? 0));
      }
      return from ?? (filler.value === "LINEAR" ? to : undefined);
    }
  }
}

function choose([condition, then, otherwise]: readonly Value[]): Value {
  const at = (value: Value | undefined, time: number): number => {
    switch (value?.kind) {
      case undefined:
        return Number.NaN;
      case "scalar":
        return value.value;
      case "series":
        return value.series.points.get(time) ?? Number.NaN;
      default:
        throw new ExpressionError("IF takes numbers and single time series");
    }
  };
  if (condition?.kind === "scalar") {
    const chosen = condition.value !== 0 ? then : otherwise;
    if (chosen === undefined) {
      throw new ExpressionError("IF with a number as its condition needs a third argument");
    }
    return chosen;
  }
  if (condition?.kind !== "series") {
    throw new ExpressionError("IF takes numbers and single time series");
  }
  return ofSeries(mapSeries(condition.series, (value, time) => at(value !== 0 ? then : otherwise, time)));
}

function selectMetrics([filter]: readonly Value[], { metrics }: FunctionContext): Value {
  if (filter !== undefined && filter.kind !== "text") {
    throw new ExpressionError("METRICS takes text that ids must contain, in quotes");
  }
  const text = filter?.value ?? "";
  return { kind: "list", series: metrics.filter(({ id }) => id.includes(text)) };
}

/**
 * The functions of metric math that local AWS has.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
 */
export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ABS: pointwise("ABS", Math.abs),
  CEIL: pointwise("CEIL", Math.ceil),
  FLOOR: pointwise("FLOOR", Math.floor),
  LOG: pointwise("LOG", Math.log),
  LOG10: pointwise("LOG10", Math.log10),
  AVG: reducing("AVG", mean),
  MAX: reducing("MAX", (values) => values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY)),
  MIN: reducing("MIN", (values) => values.reduce((best, value) => Math.min(best, value), Number.POSITIVE_INFINITY)),
  STDDEV: reducing("STDDEV", deviation),
  SUM: reducing("SUM", (values) => values.reduce((sum, value) => sum + value, 0)),
  DIFF: stepping("DIFF", (change) => change),
  DIFF_TIME: stepping("DIFF_TIME", (_, seconds) => seconds),
  RATE: stepping("RATE", (change, seconds) => change / seconds),
  RUNNING_SUM: { minArgs: 1, maxArgs: 1, apply: ([value]) => perSeries(value as Value, "RUNNING_SUM", runningSum) },
  FILL: { minArgs: 2, maxArgs: 2, apply: fill },
  IF: { minArgs: 2, maxArgs: 3, apply: choose },
  METRICS: { minArgs: 0, maxArgs: 1, apply: selectMetrics },
  METRIC_COUNT: { minArgs: 1, maxArgs: 1, apply: ([value]) => scalar(seriesIn(value as Value, "METRIC_COUNT").length) },
  DATAPOINT_COUNT: {
    minArgs: 1,
    maxArgs: 1,
    apply: ([value]) =>
      scalar(seriesIn(value as Value, "DATAPOINT_COUNT").reduce((sum, { points }) => sum + points.size, 0)),
  },
  PERIOD: { minArgs: 1, maxArgs: 1, apply: ([value]) => scalar(seriesIn(value as Value, "PERIOD")[0]?.period ?? 0) },
  TIME_SERIES: {
    minArgs: 1,
    maxArgs: 1,
    apply([value], { timestamps, period }) {
      if (value?.kind !== "scalar") {
        throw new ExpressionError("TIME_SERIES takes a number");
      }
      const points = new Map(timestamps.map((time) => [time, value.value]));
      return ofSeries({ id: "", label: "TIME_SERIES", period, points });
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
