import { ExpressionError } from "./expression.ts";
import type { MathFunction } from "./function-context.ts";
import { average, largest, smallest, total } from "./reductions.ts";
import { fromPoints, ofSeries, scalar, seriesIn, type TimeSeries, timesOf, type Value } from "./values.ts";

const SORT_KEYS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  AVG: average,
  MIN: smallest,
  MAX: largest,
  SUM: total,
};

function listIn(value: Value | undefined, name: string): readonly TimeSeries[] {
  if (value?.kind !== "list") {
    throw new ExpressionError(`${name} takes an array of time series`);
  }
  return value.series;
}

function wholeNumber(value: Value | undefined, name: string): number {
  if (value?.kind !== "scalar" || !Number.isInteger(value.value) || value.value < 0) {
    throw new ExpressionError(`${name} takes whole numbers from 0 on`);
  }
  return value.value;
}

/** Members without points come last, whatever the order. */
function sort([value, key, order, limit]: readonly Value[]): Value {
  const series = listIn(value, "SORT");
  const by = key?.kind === "text" && Object.hasOwn(SORT_KEYS, key.value) ? SORT_KEYS[key.value] : undefined;
  if (by === undefined) {
    throw new ExpressionError("SORT sorts by AVG, MIN, MAX or SUM");
  }
  if (order?.kind !== "text" || (order.value !== "ASC" && order.value !== "DESC")) {
    throw new ExpressionError("SORT sorts in the order ASC or DESC");
  }
  const direction = order.value === "ASC" ? 1 : -1;
  const ranked = series.map((each) => ({
    each,
    rank: each.points.size === 0 ? undefined : by([...each.points.values()]),
  }));
  ranked.sort(({ rank: left }, { rank: right }) =>
    left === undefined || right === undefined
      ? Number(left === undefined) - Number(right === undefined)
      : direction * (left - right),
  );
  const end = limit === undefined ? undefined : wholeNumber(limit, "SORT");
  return { kind: "list", series: ranked.slice(0, end).map(({ each }) => each) };
}

function slice([value, from, to]: readonly Value[]): Value {
  const series = listIn(value, "SLICE");
  const end = to === undefined ? undefined : wholeNumber(to, "SLICE");
  return { kind: "list", series: series.slice(wholeNumber(from, "SLICE"), end) };
}

function memberAt(name: string, index: 0 | -1): MathFunction {
  return {
    minArgs: 1,
    maxArgs: 1,
    apply([value], { period }) {
      const member = listIn(value, name).at(index);
      return ofSeries(member ?? { id: "", label: name, period, points: new Map() });
    },
  };
}

/** Functions of metric math that are about arrays of time series. */
export const LIST_FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  FIRST: memberAt("FIRST", 0),
  LAST: memberAt("LAST", -1),
  SORT: { minArgs: 3, maxArgs: 4, apply: sort },
  SLICE: { minArgs: 2, maxArgs: 3, apply: slice },
  REMOVE_EMPTY: {
    minArgs: 1,
    maxArgs: 1,
    apply: ([value]) => ({
      kind: "list",
      series: listIn(value, "REMOVE_EMPTY").filter(({ points }) => points.size > 0),
    }),
  },
  METRICS: {
    minArgs: 0,
    maxArgs: 1,
    apply([filter], { metrics }) {
      if (filter !== undefined && filter.kind !== "text") {
        throw new ExpressionError("METRICS takes text that ids must contain, in quotes");
      }
      const text = filter?.value ?? "";
      return { kind: "list", series: metrics.filter(({ id }) => id.includes(text)) };
    },
  },
  METRIC_COUNT: { minArgs: 1, maxArgs: 1, apply: ([value]) => scalar(seriesIn(value as Value, "METRIC_COUNT").length) },
  DATAPOINT_COUNT: {
    minArgs: 1,
    maxArgs: 1,
    apply([value], { period }) {
      if (value?.kind === "series") {
        return scalar(value.series.points.size);
      }
      const members = listIn(value, "DATAPOINT_COUNT");
      const like = { id: "", label: "DATAPOINT_COUNT", period: members[0]?.period ?? period, points: new Map() };
      return ofSeries(
        fromPoints(like, timesOf(members), (time) => members.filter(({ points }) => points.has(time)).length),
      );
    },
  },
  SEARCH: {
    minArgs: 2,
    maxArgs: 3,
    apply([expression, statistic, period], { search }) {
      if (expression?.kind !== "text" || statistic?.kind !== "text") {
        throw new ExpressionError("SEARCH takes a search expression and a statistic, each in single quotes");
      }
      const seconds = period === undefined ? undefined : wholeNumber(period, "SEARCH");
      return { kind: "list", series: search(expression.value, statistic.value, seconds) };
    },
  },
};
