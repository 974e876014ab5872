import type { Row } from "../discovery/row.ts";
import type { Compiled } from "../plan/compiled.ts";
import { naturalOrder } from "../values/natural-order.ts";
import type { Value } from "../values/value.ts";

/** What rows are sorted by, the most important first. */
export interface Order {
  readonly key: Compiled;
  readonly descending: boolean;
}

/** A row with its keys and its place among all, which decides between equals. */
export interface Ranked {
  readonly row: Row;
  readonly keys: readonly Value[];
  readonly place: number;
}

/** Computes the keys of a row once. */
export function rank(row: Row, order: readonly Order[], place: number): Ranked {
  return { row, keys: order.map(({ key }) => key.get(row)), place };
}

/** Compares two rows: below 0 when the left one comes first. Equal ones keep their order. */
export function compareRanked(order: readonly Order[]): (left: Ranked, right: Ranked) => number {
  const signs = order.map(({ descending }) => (descending ? -1 : 1));
  return (left, right) => {
    for (let index = 0; index < signs.length; index++) {
      const difference = naturalOrder(left.keys[index], right.keys[index]);
      if (difference !== 0) {
        return difference * (signs[index] ?? 1);
      }
    }
    return left.place - right.place;
  };
}
