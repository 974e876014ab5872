import type { TimeSeries, Value } from "./values.ts";

/** What functions may know beside their arguments. */
export interface FunctionContext {
  /** Every period of the request, for series of the given period in seconds: seconds since the epoch, ascending. */
  timestampsOf(period: number): readonly number[];
  /** The shortest period of the request's metrics, in seconds. */
  readonly period: number;
  /** The request's metrics (not its expressions). */
  readonly metrics: readonly TimeSeries[];
  /**
   * Finds metrics by a search expression.
   *
   * @param period - seconds; that of the query when absent
   */
  search(expression: string, statistic: string, period: number | undefined): readonly TimeSeries[];
}

/** A function of metric math. */
export interface MathFunction {
  readonly minArgs: number;
  readonly maxArgs: number;
  apply(args: readonly Value[], context: FunctionContext): Value;
}
