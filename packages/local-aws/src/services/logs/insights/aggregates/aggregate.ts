import type { Row } from "../discovery/row.ts";
import type { Value, ValueType } from "../values/value.ts";

/** What an aggregation of one group has seen so far. */
export interface Accumulator {
  add(row: Row): void;
  result(): Value;
}

/** An argument of an aggregation. */
export interface Argument {
  readonly type: ValueType;
  readonly get: (row: Row) => Value;
}

/** An aggregation of the `stats` command. */
export interface Aggregate {
  readonly least: number;
  readonly most: number;
  /** Whether it may be asked of everything: `count(*)`. */
  readonly takesStar?: boolean;
  readonly typeOf?: (type: ValueType) => ValueType;
  /** Says what is wrong with the arguments that are written out. */
  readonly check?: (constants: readonly Value[]) => string | undefined;
  /** Begins to aggregate one group. */
  readonly begin: (argument: Argument | undefined, constants: readonly Value[], room: SampleRoom) => Accumulator;
}

/** How many values percentiles may still keep one by one, all groups together. */
export interface SampleRoom {
  values: number;
}
