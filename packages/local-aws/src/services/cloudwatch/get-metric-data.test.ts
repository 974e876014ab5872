import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
  ["a + b", "11 2 30 4 55"],
  ["b / a", "10 0 - 0 10"],
  ["a / b", "0.1 - 0 - 0.1"],
  ["2 * a ^ 2 - 1", "1 7 - 31 49"],
  ["-a + 10", "9 8 - 6 5"],
  ["(a + 1) * 2", "4 6 - 10 12"],
  ["SUM([a, b])", "11 2 30 4 55"],
  ["AVG([a, b])", "5.5 1 15 2 27.5"],
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
  ["a > 1 && b > 0", "0 0 0 0 1"],
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
  // In the second and the fourth minute the total is missing, which counts as 0.
  expect(MetricDataResults).toEqual([
    {
      Id: "rate",
      Label: "Error rate",
      StatusCode: "Complete",
      Timestamps: [0, 2, 4].map((minute) => new Date(start + minute * 60_000)),
      Values: [10, 0, 10],
      Messages: [
        {
          Code: "ArithmeticError",
          Value: "One or more data-points have been dropped due to non-numeric values (NaN, -Infinite, +Infinite)",
        },
      ],
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
  ["SEARCH('{App', 'Sum')", "Unexpected the end at position 4 of the search"],
  ["SEARCH('{App} a', 'Summe')", "The value Summe for parameter Statistic of SEARCH is not supported."],
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
});

test("what would have to be made up for a lifetime is refused, and not made", async () => {
  const sinceEver = { StartTime: new Date(0) };
  for (const Expression of ["TIME_SERIES(1)", "FILL(a, 0)", "MONTH(a)"]) {
    await expect(get([stat("a"), { Id: "e1", Expression }], sinceEver)).rejects.toThrow(
      "Error in expression 'e1' [More than 3000000 data points would have to be made up: ask for a longer Period",
    );
  }
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
  [[{ Id: "a", Label: "$" + "{AVERAGE}", Expression: "a" }], "there is no dynamic value"],
  [[], "The parameter MetricDataQueries is required."],
])("queries %j are refused", async (queries, message) => {
  await expect(get(queries)).rejects.toThrow(message);
});

describe("SEARCH", () => {
  /** Invocations by function and version, as Lambda records them. */
  beforeEach(async () => {
    const record = (name: string, dimensions: Record<string, string>, value: number) =>
      aws.cloudwatch.metrics.record([
        { namespace: "AWS/Lambda", name, dimensions, value, unit: "Count", timestamp: start },
      ]);
    for (const [version, value] of [
      ["7", 90],
      ["8", 10],
    ] as const) {
      const resource = { FunctionName: "items", Resource: "items:live" };
      record("Invocations", { ...resource, ExecutedVersion: version }, value);
      record("Errors", { ...resource, ExecutedVersion: version }, 1);
    }
    record("Invocations", { FunctionName: "items" }, 100);
    record("Invocations", { FunctionName: "other" }, 3);
  });

  const search = async (Expression: string, more: object = {}) => {
    const { MetricDataResults } = await get([{ Id: "e1", Expression, ...more }]);
    return MetricDataResults?.map(({ Label, Values }) => `${Label}: ${Values}`);
  };

  test("finds the versions of a function, as the dashboard asks for them", async () => {
    const schema = "{AWS/Lambda,ExecutedVersion,FunctionName,Resource}";
    const found = await search(
      `SEARCH('${schema} FunctionName="items" Resource="items:live" MetricName="Invocations"', 'Sum', 60)`,
      { Label: "version $" + "{PROP('Dim.ExecutedVersion')}" },
    );
    expect(found).toEqual(["version 7: 90", "version 8: 10"]);
  });

  test("names what it finds by what differs", async () => {
    expect(await search("SEARCH('{AWS/Lambda,FunctionName}', 'Sum', 60)")).toEqual(["items: 100", "other: 3"]);
    expect(await search("SEARCH('ExecutedVersion=8', 'Sum', 60)")).toEqual(["Errors: 1", "Invocations: 10"]);
    expect(await search("SEARCH('{AWS/Lambda,FunctionName} other', 'Sum', 60)", { Label: "f" })).toEqual([
      "f Invocations: 3",
    ]);
  });

  test("is part of larger expressions, with the period of the query or of five minutes", async () => {
    expect(
      await search("SUM(SEARCH('{AWS/Lambda,FunctionName} MetricName=Invocations', 'Sum'))", { Period: 60 }),
    ).toEqual(["e1: 103"]);
    expect(await search("SORT(SEARCH('{AWS/Lambda,FunctionName}', 'Sum', 60), SUM, ASC, 1)")).toEqual(["other: 3"]);
    const { MetricDataResults } = await get([{ Id: "e1", Expression: "SEARCH('App a', 'Sum')" }]);
    expect(MetricDataResults?.[0]?.Values).toEqual([12]);
  });

  test("finds nothing that has had no data for two weeks, and is refused to alarms", async () => {
    await aws.core.clock.advance(15 * 86_400_000);
    expect(await search("SEARCH('{AWS/Lambda,FunctionName}', 'Sum', 60)")).toEqual([]);
    await expect(
      aws.call("PutMetricAlarm", {
        AlarmName: "x",
        ComparisonOperator: "GreaterThanThreshold",
        EvaluationPeriods: 1,
        Threshold: 1,
        Metrics: [{ Id: "e1", Expression: "SUM(SEARCH('a', 'Sum', 60))" }],
      }),
    ).rejects.toThrow("SEARCH is not supported in alarms");
  });
});

test("a label's dynamic parts are filled in from the whole time range, whatever the page", async () => {
  const label = "$" + "{LABEL}: $" + "{MAX}, last at $" + "{LAST_TIME}";
  const query = { ...stat("a", true), Label: label };
  const { MetricDataResults } = await get([query], {
    MaxDatapoints: 1,
    LabelOptions: { Timezone: "-0130" },
  });
  const last = new Date(start + 240_000 - 90 * 60_000).toISOString().slice(0, 19).replace("T", " ");
  expect(MetricDataResults?.[0]).toMatchObject({ Label: `a: 5, last at ${last} -0130`, Values: [1] });
  await expect(get([query], { LabelOptions: { Timezone: "CET" } })).rejects.toThrow("LabelOptions.Timezone");
});

test("series of different periods meet where their periods begin", async () => {
  const wide = (Id: string) => ({
    ...stat(Id),
    MetricStat: { ...stat(Id).MetricStat, Metric: { Namespace: "App", MetricName: "a" }, Period: 300 },
  });
  const { MetricDataResults } = await get([stat("a"), wide("w"), { Id: "e1", Expression: "w - FILL(a, 0)" }]);
  expect(MetricDataResults?.[0]?.Values).toEqual([11, -2, 0, -4, -5]);
});
