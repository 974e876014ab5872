import type { Accumulator, SampleRoom } from "../aggregates/aggregate.ts";
import { Row } from "../discovery/row.ts";
import type { Compiled } from "../plan/compiled.ts";
import { formatValue } from "../values/format-value.ts";
import type { Value } from "../values/value.ts";
import { QueryFailure } from "./query-failure.ts";
import type { MakeStage } from "./sink.ts";

/** Groups that one `stats` command can make. */
export const MAX_GROUPS = 100_000;

/** What a `stats` command computes. */
export interface Grouping {
  readonly by: readonly Compiled[];
  /** The aggregations, each of which begins anew for every group. */
  readonly begin: readonly ((room: SampleRoom) => Accumulator)[];
  /** The columns behind those of `by`, computed from rows that hold the results of the aggregations. */
  readonly columns: readonly Compiled[];
}

interface Group {
  readonly values: readonly Value[];
  readonly accumulators: readonly Accumulator[];
}

/** Aggregates by groups, which come out in the order in which they were met. Where no row comes, there is no group, without `by` either. */
export function groupStage({ by, begin, columns }: Grouping): MakeStage {
  return (next, { room }) => {
    const groups = new Map<string | number, Group>();
    const keyOf = groupKey(by);
    const push = (row: Row): void => {
      const key = keyOf(row);
      let group = groups.get(key);
      if (group === undefined) {
        if (groups.size >= MAX_GROUPS) {
          throw new QueryFailure(`stats has made more than ${MAX_GROUPS} groups; filter before, or group by less`);
        }
        group = { values: by.map(({ get }) => get(row)), accumulators: begin.map((each) => each(room)) };
        groups.set(key, group);
      }
      for (const accumulator of group.accumulators) {
        accumulator.add(row);
      }
    };
    return {
      push,
      end: () => {
        for (const { values, accumulators } of groups.values()) {
          const results = new Row(
            undefined,
            accumulators.map((accumulator) => accumulator.result()),
          );
          next.push(new Row(undefined, [...values, ...columns.map(({ get }) => get(results))]));
        }
        next.end();
      },
    };
  };
}

/** A key that is the same for values that look the same in results. */
function groupKey(by: readonly Compiled[]): (row: Row) => string | number {
  const [first, ...more] = by;
  if (first === undefined) {
    return () => 0;
  }
  const { get, type } = first;
  if (more.length === 0) {
    // Times need not be written out for every event; a missing value is not the empty text.
    return type === "timestamp"
      ? (row) => (get(row) as number | undefined) ?? ""
      : (row) => formatValue(get(row), type) ?? 0;
  }
  return (row) => {
    let key = "";
    for (const each of by) {
      const value = each.get(row);
      const text = each.type === "timestamp" ? (value as number | undefined) : formatValue(value, each.type);
      key += text === undefined ? "-" : `${String(text).length}:${text}`;
    }
    return key;
  };
}
