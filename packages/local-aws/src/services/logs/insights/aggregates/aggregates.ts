import { formatValue } from "../values/format-value.ts";
import { toNumber } from "../values/to-number.ts";
import type { Value } from "../values/value.ts";
import type { Aggregate, Argument, SampleRoom } from "./aggregate.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { Samples } from "./samples.ts";
import { simpleAggregates } from "./simple-aggregates.ts";

/** The aggregations of the `stats` command, by their names in lower case.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
 */
export const aggregates: ReadonlyMap<string, Aggregate> = new Map(
  Object.entries({
    ...simpleAggregates,
    count_distinct: { least: 1, most: 1, begin: (argument) => distinct(argument) },
    median: { least: 1, most: 1, begin: (argument, _constants, room) => percentile(argument, 50, room) },
    pct: percentiles(),
    percentile: percentiles(),
  } satisfies Record<string, Aggregate>),
);

function percentiles(): Aggregate {
  return {
    least: 2,
    most: 2,
    check: ([, percent]) =>
      typeof percent === "number" && percent >= 0 && percent <= 100
        ? undefined
        : "the percentile is a number from 0 to 100, written out",
    begin: (argument, [, percent], room) => percentile(argument, toNumber(percent) ?? 0, room),
  };
}

function percentile(argument: Argument | undefined, percent: number, room: SampleRoom): ReturnType<Aggregate["begin"]> {
  const samples = new Samples(room);
  return {
    add: (row) => {
      const value = toNumber(argument?.get(row));
      if (value !== undefined) {
        samples.add(value);
      }
    },
    result: (): Value => samples.percentile(percent),
  };
}

function distinct(argument: Argument | undefined): ReturnType<Aggregate["begin"]> {
  const counter = new DistinctCounter();
  return {
    add: (row) => {
      const text = formatValue(argument?.get(row), argument?.type ?? "raw");
      if (text !== undefined) {
        counter.add(text);
      }
    },
    result: () => counter.count,
  };
}
