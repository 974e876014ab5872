import type { MetricIdentity } from "../series-table.ts";
import { type BinaryOperator, ExpressionError } from "./expression.ts";

/** The metric that a time series shows as it is, or changed without the help of another. */
export interface SeriesSource {
  readonly metric: MetricIdentity;
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
}

/** Values of a metric or of an expression over time: by seconds since the epoch, ascending. */
export interface TimeSeries {
  readonly id: string;
  readonly label: string;
  /** Seconds between points. */
  readonly period: number;
  readonly points: ReadonlyMap<number, number>;
  /** True when points were dropped because they were no numbers: a division by zero, the logarithm of 0. */
  readonly dropped?: boolean;
  /** Absent when several metrics were combined. */
  readonly source?: SeriesSource;
}

/** What an expression is worth: a number, one time series, a list of them, or text as an argument. */
export type Value =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "series"; readonly series: TimeSeries }
  | { readonly kind: "list"; readonly series: readonly TimeSeries[] }
  | { readonly kind: "text"; readonly value: string };

/** A {@link Value} of a number. */
export function scalar(value: number): Value {
  return { kind: "scalar", value };
}

/** A {@link Value} of one series. */
export function ofSeries(series: TimeSeries): Value {
  return { kind: "series", series };
}

/** The series in a value; @throws ExpressionError when it is a number or text */
export function seriesIn(value: Value, where: string): readonly TimeSeries[] {
  switch (value.kind) {
    case "series":
      return [value.series];
    case "list":
      return value.series;
    default:
      throw new ExpressionError(`${where} takes time series`);
  }
}

/** Applies a function to every point of a value, or to the number that it is. What is no number drops out. */
export function mapPoints(value: Value, where: string, change: (value: number) => number): Value {
  switch (value.kind) {
    case "scalar":
      return scalar(change(value.value));
    case "series":
      return ofSeries(mapSeries(value.series, change));
    case "list":
      return { kind: "list", series: value.series.map((series) => mapSeries(series, change)) };
    case "text":
      throw new ExpressionError(`${where} takes numbers and time series`);
  }
}

/**
 * A series with other values.
 *
 * @param change - gives the new value, `undefined` for none; one that is not finite drops out, as CloudWatch leaves out a division
 * by zero
 */
export function mapSeries(series: TimeSeries, change: (value: number, time: number) => number | undefined): TimeSeries {
  return fromPoints(series, series.points.keys(), (time) => change(series.points.get(time) as number, time));
}

/** A series like another, with points of its own at the given times; see {@link mapSeries}. */
export function fromPoints(
  like: TimeSeries,
  times: Iterable<number>,
  valueAt: (time: number) => number | undefined,
): TimeSeries {
  const points = new Map<number, number>();
  let dropped = like.dropped ?? false;
  for (const time of times) {
    const value = valueAt(time);
    if (value === undefined) {
      continue;
    }
    if (Number.isFinite(value)) {
      points.set(time, value);
    } else {
      dropped = true;
    }
  }
  return { ...like, points, dropped };
}

/** The times at which at least one of the series has a point, ascending. */
export function timesOf(series: readonly TimeSeries[]): number[] {
  return [...new Set(series.flatMap(({ points }) => [...points.keys()]))].sort((left, right) => left - right);
}

const ARITHMETIC: Readonly<Partial<Record<BinaryOperator, (left: number, right: number) => number>>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => left ** right,
};

const LOGIC: Readonly<Partial<Record<BinaryOperator, (left: number, right: number) => number>>> = {
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  "<": (left, right) => Number(left < right),
  "<=": (left, right) => Number(left <= right),
  ">": (left, right) => Number(left > right),
  ">=": (left, right) => Number(left >= right),
  "&&": (left, right) => Number(left !== 0 && right !== 0),
  "||": (left, right) => Number(left !== 0 || right !== 0),
};

/**
 * Combines two values. Of two series, a point that only one of them has meets a 0 in the other. Arithmetic takes a list with a
 * number or a series, member by member, but no two lists; comparisons and logic take numbers and single series.
 *
 * @throws ExpressionError for what does not combine
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-arithmetic
 */
export function combine(operator: BinaryOperator, left: Value, right: Value): Value {
  if (left.kind === "text" || right.kind === "text") {
    throw new ExpressionError(`Operator '${operator}' does not take text`);
  }
  const operate = ARITHMETIC[operator] ?? LOGIC[operator];
  if (operate === undefined) {
    throw new ExpressionError(`There is no operator '${operator}'`);
  }
  if (left.kind !== "list" && right.kind !== "list") {
    return combineTwo(operate, left, right);
  }
  if (left.kind === "list" && right.kind === "list") {
    throw new ExpressionError(`Operator '${operator}' does not take two arrays of time series`);
  }
  if (ARITHMETIC[operator] === undefined) {
    throw new ExpressionError(`Operator '${operator}' takes numbers and single time series, no array of them`);
  }
  const members = left.kind === "list" ? left.series : right.kind === "list" ? right.series : [];
  return {
    kind: "list",
    series: members.map((member) => {
      const own = ofSeries(member);
      const combined = combineTwo(operate, left.kind === "list" ? own : left, right.kind === "list" ? own : right);
      // The member's name stays: it tells the results apart.
      const { id, label } = member;
      return { ...only(combined), id, label };
    }),
  };
}

type Single = Exclude<Value, { kind: "list" | "text" }>;

function combineTwo(operate: (left: number, right: number) => number, left: Value, right: Value): Value {
  const [one, other] = [left as Single, right as Single];
  if (one.kind === "scalar") {
    return other.kind === "scalar"
      ? scalar(operate(one.value, other.value))
      : ofSeries(mapSeries(other.series, (value) => operate(one.value, value)));
  }
  if (other.kind === "scalar") {
    return ofSeries(mapSeries(one.series, (value) => operate(value, other.value)));
  }
  const both = [one.series, other.series] as const;
  const like: TimeSeries = {
    ...one.series,
    period: Math.min(one.series.period, other.series.period),
    dropped: both.some(({ dropped }) => dropped),
    source: undefined,
  };
  const [{ points: lefts }, { points: rights }] = both;
  return ofSeries(fromPoints(like, timesOf(both), (time) => operate(lefts.get(time) ?? 0, rights.get(time) ?? 0)));
}

function only(value: Value): TimeSeries {
  if (value.kind !== "series") {
    throw new ExpressionError("A time series was expected");
  }
  return value.series;
}
