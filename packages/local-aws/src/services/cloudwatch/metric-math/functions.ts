import { ExpressionError } from "./expression.ts";
import type { MathFunction } from "./function-context.ts";
import { LIST_FUNCTIONS } from "./list-functions.ts";
import { average, deviation, largest, smallest, total } from "./reductions.ts";
import { perSeries, TIME_FUNCTIONS } from "./time-functions.ts";
import { fromPoints, mapPoints, ofSeries, scalar, seriesIn, type TimeSeries, timesOf, type Value } from "./values.ts";

function pointwise(name: string, change: (value: number) => number): MathFunction {
  return { minArgs: 1, maxArgs: 1, apply: ([value]) => mapPoints(value as Value, name, change) };
}

/**
 * Over a list: at each time at which a member has a point. Over one series: a number over all its points.
 *
 * @param missing - what members without a point count as; they do not count when it is absent
 */
function reducing(name: string, reduce: (values: readonly number[]) => number, missing?: number): MathFunction {
  return {
    minArgs: 1,
    maxArgs: 1,
    apply([value], { period }) {
      if (value?.kind === "series") {
        return scalar(reduce([...value.series.points.values()]));
      }
      const members = seriesIn(value as Value, name);
      const like: TimeSeries = {
        id: "",
        label: name,
        period: members.reduce((shortest, each) => Math.min(shortest, each.period), members[0]?.period ?? period),
        points: new Map(),
        dropped: members.some(({ dropped }) => dropped),
      };
      const column = (time: number): number[] =>
        members.map(({ points }) => points.get(time) ?? missing).filter((point) => point !== undefined);
      return ofSeries(fromPoints(like, timesOf(members), (time) => reduce(column(time))));
    },
  };
}

function fill(name: string): MathFunction {
  return {
    minArgs: 2,
    maxArgs: 2,
    apply: ([value, filler], { timestampsOf }) =>
      perSeries(value as Value, name, (series) => {
        const fillerAt = fillerOf(filler as Value, series);
        return fromPoints(series, timestampsOf(series.period), (time) => series.points.get(time) ?? fillerAt(time));
      }),
  };
}

/**
 * REPEAT takes the point before, LINEAR the line between the points around a gap; where there is none there is nothing to fill in.
 *
 * @returns what a gap is filled with, to be asked for gaps in the order of time
 */
function fillerOf(filler: Value, { points }: TimeSeries): (time: number) => number | undefined {
  if (filler.kind === "scalar") {
    return () => filler.value;
  }
  if (filler.kind === "series") {
    return (time) => filler.series.points.get(time);
  }
  if (filler.kind !== "text" || (filler.value !== "REPEAT" && filler.value !== "LINEAR")) {
    throw new ExpressionError("FILL fills with a number, a time series, REPEAT or LINEAR");
  }
  const known = [...points];
  let next = 0;
  return (time) => {
    for (let point = known[next]; point !== undefined && point[0] < time; point = known[next]) {
      next++;
    }
    const [before, after] = [known[next - 1], known[next]];
    if (before === undefined || filler.value === "REPEAT") {
      return before?.[1];
    }
    return after === undefined
      ? undefined
      : before[1] + ((after[1] - before[1]) * (time - before[0])) / (after[0] - before[0]);
  };
}

/**
 * Each point of the condition that is not 0 takes the second argument, 0 where that has no point; each that is 0 takes the third, and
 * drops out where that has none. A time without a point in the condition has none in the result.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#using-IF-expressions
 */
function choose([condition, then, otherwise]: readonly Value[]): Value {
  for (const branch of [then, otherwise]) {
    if (branch !== undefined && branch.kind !== "scalar" && branch.kind !== "series") {
      throw new ExpressionError("IF takes numbers and single time series");
    }
  }
  if (condition?.kind === "scalar") {
    const chosen = condition.value !== 0 ? then : otherwise;
    if (chosen !== undefined) {
      return chosen;
    }
    if (then?.kind !== "series") {
      throw new ExpressionError("IF with a number as its condition needs a time series as its second argument");
    }
    return ofSeries({ ...then.series, points: new Map() });
  }
  if (condition?.kind !== "series") {
    throw new ExpressionError("IF takes numbers and single time series");
  }
  const at = (value: Value | undefined, time: number): number | undefined =>
    value?.kind === "scalar" ? value.value : value?.kind === "series" ? value.series.points.get(time) : undefined;
  const parts = [condition, then, otherwise].flatMap((part) => (part?.kind === "series" ? [part.series] : []));
  const like: TimeSeries = { ...condition.series, dropped: parts.some(({ dropped }) => dropped), source: undefined };
  const { points } = condition.series;
  return ofSeries(
    fromPoints(like, points.keys(), (time) => (points.get(time) !== 0 ? (at(then, time) ?? 0) : at(otherwise, time))),
  );
}

/**
 * The functions of metric math that local AWS has: all but ANOMALY_DETECTION_BAND, DB_PERF_INSIGHTS, INSIGHT_RULE_METRIC, LAMBDA and
 * SERVICE_QUOTA, which read what it does not keep.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
 */
export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ABS: pointwise("ABS", Math.abs),
  CEIL: pointwise("CEIL", Math.ceil),
  FLOOR: pointwise("FLOOR", Math.floor),
  LOG: pointwise("LOG", Math.log),
  LOG10: pointwise("LOG10", Math.log10),
  AVG: reducing("AVG", average, 0),
  MAX: reducing("MAX", largest),
  MIN: reducing("MIN", smallest),
  STDDEV: reducing("STDDEV", deviation),
  SUM: reducing("SUM", total),
  FILL: fill("FILL"),
  IF: { minArgs: 2, maxArgs: 3, apply: choose },
  PERIOD: { minArgs: 1, maxArgs: 1, apply: ([value]) => scalar(seriesIn(value as Value, "PERIOD")[0]?.period ?? 0) },
  ...TIME_FUNCTIONS,
  ...LIST_FUNCTIONS,
};
