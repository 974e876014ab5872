import { type BinaryOperator, ExpressionError } from "./expression.ts";

/** Values of a metric or of an expression over time: by seconds since the epoch, ascending. */
export interface TimeSeries {
  readonly id: string;
  readonly label: string;
  /** Seconds between points. */
  readonly period: number;
  readonly points: ReadonlyMap<number, number>;
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

/** A series with other values; those that are not finite drop out, as CloudWatch leaves out a division by zero. */
export function mapSeries(series: TimeSeries, change: (value: number, time: number) => number): TimeSeries {
  const points = new Map<number, number>();
  for (const [time, value] of series.points) {
    const changed = change(value, time);
    if (Number.isFinite(changed)) {
      points.set(time, changed);
    }
  }
  return { ...series, points };
}

const OPERATIONS: Readonly<Record<BinaryOperator, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => left ** right,
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
 * Combines two values. Two series combine where both have a point; a list combines with a number or a series, member by
 * member, but not with another list.
 */
export function combine(operator: BinaryOperator, left: Value, right: Value): Value {
  const operate = OPERATIONS[operator];
  if (left.kind === "text" || right.kind === "text") {
    throw new ExpressionError(`Operator '${operator}' does not take text`);
  }
  if (left.kind === "list" && right.kind === "list") {
    throw new ExpressionError(`Operator '${operator}' does not take two arrays of time series`);
  }
  if (left.kind === "list") {
    return { kind: "list", series: left.series.map((each) => only(combine(operator, ofSeries(each), right))) };
  }
  if (right.kind === "list") {
    return { kind: "list", series: right.series.map((each) => only(combine(operator, left, ofSeries(each)))) };
  }
  if (left.kind === "scalar") {
    return right.kind === "scalar"
      ? scalar(operate(left.value, right.value))
      : ofSeries(mapSeries(right.series, (value) => operate(left.value, value)));
  }
  if (right.kind === "scalar") {
    return ofSeries(mapSeries(left.series, (value) => operate(value, right.value)));
  }
  const other = right.series.points;
  return ofSeries(
    mapSeries(left.series, (value, time) => {
      const point = other.get(time);
      return point === undefined ? Number.NaN : operate(value, point);
    }),
  );
}

function only(value: Value): TimeSeries {
  if (value.kind !== "series") {
    throw new ExpressionError("A time series was expected");
  }
  return value.series;
}
