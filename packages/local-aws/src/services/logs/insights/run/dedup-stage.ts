import type { Row } from "../discovery/row.ts";
import type { Compiled } from "../plan/compiled.ts";
import { formatValue } from "../values/format-value.ts";
import { QueryFailure } from "./query-failure.ts";
import { compareRanked, type Order, type Ranked, rank } from "./row-order.ts";
import type { MakeStage } from "./sink.ts";
import { TopRows } from "./top-rows.ts";

/** Different values that `dedup` can remember. */
export const MAX_DISTINCT_ROWS = 1_000_000;
/** The same when it has to keep their rows, because a later row may come first in the order. */
export const MAX_SORTED_ROWS = 200_000;

/**
 * Lets the first row of each combination of values through; a row without one of the values is nobody's duplicate.
 *
 * @param order - what to sort by before; `undefined` when rows come in their order
 * @param count - so many rows are needed
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Dedup.html
 */
export function dedupStage(fields: readonly Compiled[], order: readonly Order[] | undefined, count: number): MakeStage {
  return order === undefined ? inOrder(fields) : sorted(fields, order, count);
}

function inOrder(fields: readonly Compiled[]): MakeStage {
  return (next) => {
    const seen = new Set<string>();
    return {
      push: (row) => {
        const key = keyOf(fields, row);
        if (key === undefined || !seen.has(key)) {
          if (key !== undefined) {
            seen.add(key);
            checkSize(seen.size, MAX_DISTINCT_ROWS);
          }
          next.push(row);
        }
      },
      end: () => next.end(),
    };
  };
}

function sorted(fields: readonly Compiled[], order: readonly Order[], count: number): MakeStage {
  return (next) => {
    const compare = compareRanked(order);
    const best = new Map<string, Ranked>();
    const top = new TopRows(order, count);
    let place = 0;
    return {
      push: (row) => {
        const ranked = rank(row, order, place++);
        const key = keyOf(fields, row);
        if (key === undefined) {
          top.addRanked(ranked);
          return;
        }
        const other = best.get(key);
        if (other === undefined || compare(ranked, other) < 0) {
          best.set(key, ranked);
          checkSize(best.size, MAX_SORTED_ROWS);
        }
      },
      end: () => {
        for (const ranked of best.values()) {
          top.addRanked(ranked);
        }
        for (const row of top.take()) {
          next.push(row);
        }
        next.end();
      },
    };
  };
}

function keyOf(fields: readonly Compiled[], row: Row): string | undefined {
  let key = "";
  for (const { get, type } of fields) {
    const text = formatValue(get(row), type);
    if (text === undefined) {
      return undefined;
    }
    key += `${text.length}:${text}`;
  }
  return key;
}

function checkSize(size: number, most: number): void {
  if (size > most) {
    throw new QueryFailure(`dedup has found more than ${most} different values; filter before, or choose other fields`);
  }
}
