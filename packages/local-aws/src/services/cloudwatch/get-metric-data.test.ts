import { afterEach, beforeEach, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "./cloudwatch-harness.ts";

let aws: CloudWatchHarness;
let start: number;

beforeEach(async () => {
  aws = await cloudWatchHarness();
  start = Math.floor(aws.core.clock.now() / 60_000) * 60_000 - 3_600_000;
  // Five minutes: a = 1 2 - 4 5, b = 10 - 30 0 50.
  const values = { a: [1, 2, undefined, 4, 5], b: [10, undefined, 30, 0, 50] };
  for (const [MetricName, points] of Object.entries(values)) {
    await aws.call("PutMetricData", {
      Namespace: "App",
      MetricData: points.flatMap((Value, index) =>
        Value === undefined ? [] : [{ MetricName, Value, Timestamp: new Date(start + index * 60_000) }],
      ),
    });
  }
});

afterEach(() => aws.dispose());

const stat = (Id: string, ReturnData = false) => ({
  Id,
  ReturnData,
  MetricStat: { Metric: { Namespace: "App", MetricName: Id }, Period: 60, Stat: "Sum" },
});

function get(MetricDataQueries: object[], more: object = {}) {
  return aws.call("GetMetricData", {
    StartTime: new Date(start),
    EndTime: new Date(start + 300_000),
    ScanBy: "TimestampAscending",
    MetricDataQueries,
    ...more,
  } as never);
}

/** The values of an expression on a and b, by minute; `-` for minutes without. */
async function minutes(Expression: string): Promise<string> {
  const { MetricDataResults } = await get([stat("a"), stat("b"), { Id: "e1", Expression }]);
  const result = MetricDataResults?.find(({ Id }) => Id === "e1");
  const byMinute = new Map(
    result?.Timestamps?.map((time, index) => [(time.getTime() - start) / 60_000, result.Values?.[index]]),
  );
  return [0, 1, 2, 3, 4].map((minute) => byMinute.get(minute) ?? "-").join(" ");
}

test.each([
  ["a", "1 2 - 4 5"],
  ["a + b", "11 - - 4 55"],
  ["b / a", "10 - - 0 10"],
  ["a / b", "0.1 - - - 0.1"],
  ["2 * a ^ 2 - 1", "1 7 - 31 49"],
  ["-a + 10", "9 8 - 6 5"],
  ["(a + 1) * 2", "4 6 - 10 12"],
  ["SUM([a, b])", "11 2 30 4 55"],
  ["AVG([a, b])", "5.5 2 30 2 27.5"],
  ["MIN([a, b])", "1 2 30 0 5"],
  ["MAX(METRICS())", "10 2 30 4 50"],
  ['SUM(METRICS("b"))', "10 - 30 0 50"],
  ["a / SUM(a)", `${1 / 12} ${2 / 12} - ${4 / 12} ${5 / 12}`],
  ["FILL(a, 0)", "1 2 0 4 5"],
  ["FILL(a, REPEAT)", "1 2 2 4 5"],
  ["FILL(a, LINEAR)", "1 2 3 4 5"],
  ["FILL(a, b)", "1 2 30 4 5"],
  ["IF(a > 2, a, 0)", "0 0 - 4 5"],
  ["IF(FILL(b, 0) >= 30 AND FILL(a, 0) == 0, 1)", "- - 1 - -"],
  ["a > 1 && b > 0", "0 - - 0 1"],
  ["RATE(a) * 60", "- 1 - 1 1"],
  ["DIFF(a)", "- 1 - 2 1"],
  ["RUNNING_SUM(a)", "1 3 - 7 12"],
  ["CEIL(a / 2)", "1 1 - 2 3"],
  ["a * METRIC_COUNT(METRICS())", "2 4 - 8 10"],
  ["b / PERIOD(b)", `${10 / 60} - 0.5 0 ${50 / 60}`],
  ["TIME_SERIES(7)", "7 7 7 7 7"],
])("%s is %s", async (expression, expected) => {
  expect(await minutes(expression)).toBe(expected);
});

test("expressions build on each other, in any order", async () => {
  const { MetricDataResults } = await get([
    { Id: "rate", Expression: "100 * errors / total", Label: "Error rate" },
    { Id: "errors", Expression: "FILL(a, 0)", ReturnData: false },
    { Id: "total", Expression: "IF(FILL(b, 0) > 0, b)", ReturnData: false },
    stat("a"),
    stat("b"),
  ]);
  expect(MetricDataResults).toEqual([
    {
      Id: "rate",
      Label: "Error rate",
      StatusCode: "Complete",
      Timestamps: [0, 2, 4].map((minute) => new Date(start + minute * 60_000)),
      Values: [10, 0, 10],
    },
  ]);
});

test("an array gives one result for each of its series", async () => {
  const { MetricDataResults } = await get([stat("a"), stat("b"), { Id: "e1", Expression: "METRICS() * 2" }]);
  expect(MetricDataResults?.map(({ Id, Label }) => [Id, Label])).toEqual([
    ["e1", "a"],
    ["e1", "b"],
  ]);
});

test.each([
  ["NOPE(a)", "Error in expression 'e1' [Local AWS does not have the function NOPE]"],
  ["SEARCH('{App} a', 'Sum')", "Local AWS does not have the function SEARCH"],
  ["SELECT AVG(a) FROM App", "Metrics Insights"],
  ["a +", "Unexpected the end at position 3, expected a value"],
  ["a b", "Unexpected 'b' at position 1, expected the end"],
  ["a ? 1", "Unexpected character '?'"],
  ["c + 1", "There is no metric or expression with the id 'c'"],
  ["e1 + 1", "The expression refers to itself through 'e1'"],
  ["SUM(a)", "The result is a number"],
  ["FILL(a)", "FILL takes 2 argument(s), got 1"],
  ["METRICS() + METRICS()", "two arrays of time series"],
])("%s is refused: %s", async (expression, message) => {
  await expect(minutes(expression)).rejects.toThrow(message);
  await expect(minutes(expression)).rejects.toMatchObject({ code: "ValidationError" });
});

test("results come in pages, newest first unless asked otherwise", async () => {
  const input = { ScanBy: undefined, MaxDatapoints: 3 };
  const first = await get([stat("a", true), stat("b", true)], input);
  expect(first.MetricDataResults?.map(({ Values, StatusCode }) => [Values, StatusCode])).toEqual([
    [[5, 4, 2], "PartialData"],
    [[], "PartialData"],
  ]);
  const second = await get([stat("a", true), stat("b", true)], { ...input, NextToken: first.NextToken });
  expect(second.MetricDataResults?.map(({ Values }) => Values)).toEqual([[1], [50, 0]]);
  const third = await get([stat("a", true), stat("b", true)], { ...input, NextToken: second.NextToken });
  expect(third.MetricDataResults?.map(({ Values }) => Values)).toEqual([[], [30, 10]]);
  expect(third.NextToken).toBeUndefined();
});

test.each([
  [[{ Id: "A", Expression: "1" }], "not matching the expected pattern"],
  [[{ Id: "a" }], "exactly one of Expression and MetricStat"],
  [
    [
      { Id: "a", Expression: "b" },
      { Id: "a", Expression: "b" },
    ],
    "not unique",
  ],
  [[{ Id: "a", Label: ["$", "{AVG}"].join(""), Expression: "a" }], "dynamic labels"],
  [[], "The parameter MetricDataQueries is required."],
])("queries %j are refused", async (queries, message) => {
  await expect(get(queries)).rejects.toThrow(message);
});
