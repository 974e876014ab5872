import { describe, expect, test } from "vitest";
import { evaluateExpression } from "./evaluate-expression.ts";
import { parseExpression } from "./parse-expression.ts";
import { ofSeries, type TimeSeries, type Value } from "./values.ts";

/** Saturday, 28 February 2026, 23:58 UTC. */
const START = Date.UTC(2026, 1, 28, 23, 58) / 1000;
const timestamps = [0, 1, 2, 3].map((minute) => START + minute * 60);

function series(id: string, values: readonly (number | undefined)[]): TimeSeries {
  const points = new Map<number, number>();
  for (const [index, value] of values.entries()) {
    if (value !== undefined) {
      points.set(START + index * 60, value);
    }
  }
  return { id, label: id, period: 60, points };
}

const metrics = [
  series("a", [100, 10, undefined, 1]),
  series("b", [2, 2, 2, 2]),
  series("none", []),
  // The table of the documentation: a condition, and what IF takes from.
  series("metric1", [1, 1, 0, 0]),
  series("metric2", [30, undefined, 0, 0]),
  series("metric3", [0, 0, 20, undefined]),
  series("high", [30, 20, 0, 0]),
  series("low", [20, undefined, 20, undefined]),
];
const both = metrics.slice(0, 2);

function evaluate(text: string): Value {
  const lookUp = (id: string): Value | undefined => {
    const found = metrics.find((each) => each.id === id);
    return found === undefined ? undefined : ofSeries(found);
  };
  return evaluateExpression(parseExpression(text), lookUp, {
    timestampsOf: () => timestamps,
    period: 60,
    metrics: /METRICS\(\)/.test(text) ? both : metrics,
    search: (expression, statistic, period) => [series(`${expression} ${statistic} ${period}`, [1])],
  });
}

/** The value as text: a number, or by minute with `-` for minutes without; of a list its members. */
function shown(value: Value): string {
  switch (value.kind) {
    case "scalar":
      return String(value.value);
    case "text":
      return value.value;
    case "series":
      return timestamps.map((time) => value.series.points.get(time) ?? "-").join(" ");
    case "list":
      return value.series.map((each) => shown(ofSeries(each))).join(" | ");
  }
}

test.each([
  ["LOG10(a)", "2 1 - 0"],
  ["LOG(b / 2)", "0 0 0 0"],
  ["ABS(b - 3)", "1 1 1 1"],
  ["FLOOR(b / 3)", "0 0 0 0"],
  ["CEIL(7 / 2)", "4"],
  ["ABS(METRICS() - 10)", "90 0 - 9 | 8 8 8 8"],
  ["STDDEV(b)", "0"],
  ["STDDEV([a, b])", "49 4 0 0.5"],
  ["DIFF_TIME(a)", "- 60 - 120"],
  ["DIFF(METRICS())", "- -90 - -9 | - 0 0 0"],
  ["DATAPOINT_COUNT(METRICS())", "2 2 1 2"],
  ["DATAPOINT_COUNT(a)", "3"],
  ["METRIC_COUNT(METRICS())", "2"],
  ["PERIOD(a)", "60"],
  ["AVG(METRICS())", "51 6 1 1.5"],
  ["SUM([a, none])", "100 10 - 1"],
  ["EPOCH(b) - EPOCH(b)", "0 0 0 0"],
  ["MINUTE(b)", "58 59 0 1"],
  ["HOUR(b)", "23 23 0 0"],
  ["DAY(b)", "6 6 7 7"],
  ["DATE(b)", "28 28 1 1"],
  ["MONTH(b)", "2 2 3 3"],
  ["YEAR(b)", "2026 2026 2026 2026"],
  ["IF(1, a, b)", "100 10 - 1"],
  ["IF(0, a, b)", "2 2 2 2"],
  ["IF(b == 2, a)", "100 10 0 1"],
  ["IF(metric1, metric2, metric3)", "30 0 20 -"],
  ["IF(metric1, 5, metric3)", "5 5 20 -"],
  ["IF(metric1, metric2, 5)", "30 0 5 5"],
  ["IF(metric1, metric2)", "30 0 - -"],
  ["IF(none, 1, 2)", "- - - -"],
  ["IF(0, a)", "- - - -"],
  ["(high < low)", "0 0 1 0"],
  ["(high >= 30)", "1 0 0 0"],
  ["(high > 15 AND low > 15)", "1 0 0 0"],
  ["high == low", "0 0 0 1"],
  ["a + b", "102 12 2 3"],
  ["b - a", "-98 -8 2 1"],
  ["a / b", "50 5 0 0.5"],
  ["b / a", "0.02 0.2 - 2"],
  ["FILL(a, LINEAR)", "100 10 5.5 1"],
  ["FILL(low, LINEAR)", "20 20 20 -"],
  ["FILL(low, REPEAT)", "20 20 20 20"],
  ["FILL(metric2, metric3)", "30 0 0 0"],
  ["MINUTE(none)", "58 59 0 1"],
  ["SORT(METRICS(), SUM, ASC)", "2 2 2 2 | 100 10 - 1"],
  ["SORT([b, none, a], MAX, DESC)", "100 10 - 1 | 2 2 2 2 | - - - -"],
  ["SORT(METRICS(), MIN, DESC, 1)", "2 2 2 2"],
  ["SLICE(SORT(METRICS(), AVG, DESC), 1)", "2 2 2 2"],
  ["SLICE([a, b, none], 0, 1)", "100 10 - 1"],
  ["FIRST(METRICS())", "100 10 - 1"],
  ["LAST(SORT(METRICS(), AVG, DESC))", "2 2 2 2"],
  ["REMOVE_EMPTY([none, b])", "2 2 2 2"],
  ['METRICS("metric")', "1 1 0 0 | 30 - 0 0 | 0 0 20 -"],
  ['SUM([METRICS("metric1"), METRICS("metric3")])', "1 1 20 0"],
  ["SEARCH('{A} b', 'Sum')", "1 - - -"],
  ["FILL(METRICS(), 0)", "100 10 0 1 | 2 2 2 2"],
  ["METRICS() + a", "200 20 - 2 | 102 12 2 3"],
  ["2 - METRICS()", "-98 -8 - 1 | 0 0 0 0"],
  ["b != 2 || a <= 10", "0 1 0 1"],
  ["1 < 2", "1"],
])("%s is %s", (text, expected) => {
  expect(shown(evaluate(text))).toBe(expected);
});

describe("what has no meaning is refused by name:", () => {
  test.each([
    ["ABS()", "ABS takes 1 argument(s), got 0"],
    ["IF(a)", "IF takes 2 to 3 argument(s), got 1"],
    ["ANOMALY_DETECTION_BAND(a)", "Local AWS does not have the function ANOMALY_DETECTION_BAND"],
    ["toString(a)", "Local AWS does not have the function toString"],
    ["sum(a)", "There is no function sum: write it in upper case, SUM"],
    ["INSIGHT_RULE_METRIC('r', 'm')", "Local AWS does not have the function INSIGHT_RULE_METRIC"],
    ["PERIOD(a + b)", "PERIOD takes the id of a metric, not the result of another expression"],
    ["METRICS() > 1", "Operator '>' takes numbers and single time series, no array of them"],
    ["SORT(METRICS(), STDDEV, ASC)", "There is no metric or expression with the id 'STDDEV'"],
    ["SORT(METRICS(), ASC, ASC)", "SORT sorts by AVG, MIN, MAX or SUM"],
    ["SORT(METRICS(), SUM, LINEAR)", "SORT sorts in the order ASC or DESC"],
    ["SORT(a, SUM, ASC)", "SORT takes an array of time series"],
    ["SLICE(METRICS(), 0 - 1)", "SLICE takes whole numbers from 0 on"],
    ["FIRST(a)", "FIRST takes an array of time series"],
    ["SEARCH(a, 'Sum')", "SEARCH takes a search expression and a statistic, each in single quotes"],
    ["FILL(a, SUM)", "FILL fills with a number, a time series, REPEAT or LINEAR"],
    ["MINUTE(METRICS())", "MINUTE takes one time series"],
    ["nothing + 1", "There is no metric or expression with the id 'nothing'"],
    ["SUM(1)", "SUM takes time series"],
    ["FILL(b, SUM)", "FILL fills with a number, a time series, REPEAT or LINEAR"],
    ['ABS("a")', "ABS takes numbers and time series"],
    ['"a" + 1', "Operator '+' does not take text"],
    ["METRICS() / METRICS()", "Operator '/' does not take two arrays of time series"],
    ["METRICS(1)", "METRICS takes text that ids must contain, in quotes"],
    ["FILL(a, METRICS())", "FILL fills with a number, a time series, REPEAT or LINEAR"],
    ["IF(METRICS(), 1, 2)", "IF takes numbers and single time series"],
    ["IF(a, METRICS(), 2)", "IF takes numbers and single time series"],
    ["IF(0, 1)", "IF with a number as its condition needs a time series as its second argument"],
    ["TIME_SERIES(a)", "TIME_SERIES takes a number"],
  ])("%s", (text, message) => {
    expect(() => evaluate(text)).toThrow(message);
  });
});

test("gaps of a long series are filled in time that grows with its length", () => {
  const times = Array.from({ length: 200_000 }, (_, index) => START + index * 60);
  const long: TimeSeries = {
    ...series("long", []),
    points: new Map(times.filter((_, n) => n % 2 === 0).map((t) => [t, t])),
  };
  for (const filler of ["LINEAR", "REPEAT"]) {
    const began = performance.now();
    const filled = evaluateExpression(
      parseExpression(`FILL(long, ${filler})`),
      (id) => (id === "long" ? ofSeries(long) : undefined),
      { timestampsOf: () => times, period: 60, metrics: [long], search: () => [] },
    );
    // A tenth of a second; looking through all points for each gap takes minutes.
    expect(performance.now() - began).toBeLessThan(5_000);
    const points = filled.kind === "series" ? filled.series.points : new Map();
    expect([points.get(times[99_999] as number), points.get(times.at(-1) as number)]).toEqual(
      filler === "LINEAR" ? [times[99_999], undefined] : [times[99_998], times.at(-2)],
    );
  }
});

test.each(["(", "[", "ABS("])("what is nested too deeply is refused, not a stack that overflows: %s", (open) => {
  expect(() => parseExpression(open.repeat(101))).toThrow("More than 100 levels of parentheses at position");
  const close = open === "[" ? "]" : ")";
  expect(() => parseExpression(`${open.repeat(100)}a${close.repeat(100)} + (((a)))`)).not.toThrow();
});
