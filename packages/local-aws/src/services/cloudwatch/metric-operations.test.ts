import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "./cloudwatch-harness.ts";

let aws: CloudWatchHarness;
/** A full minute, a while ago. */
let start: Date;

beforeEach(async () => {
  aws = await cloudWatchHarness();
  start = new Date(Math.floor(aws.core.clock.now() / 60_000) * 60_000 - 3_600_000);
});

afterEach(() => aws.dispose());

const at = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);
const put = (MetricData: object[], Namespace = "App") => aws.call("PutMetricData", { Namespace, MetricData } as never);
const latency = { Namespace: "App", MetricName: "Latency" };

describe("PutMetricData", () => {
  test.each([
    [
      "the namespaces of AWS",
      "AWS/Lambda",
      { MetricName: "m", Value: 1 },
      "The value AWS/ for parameter Namespace is invalid.",
    ],
    ["a datum without name", "App", { Value: 1 }, "The parameter MetricData.member.1.MetricName is required."],
    ["a datum without value", "App", { MetricName: "m" }, "At least one of the parameters MetricData.member.1.Value"],
    ["two kinds of values", "App", { MetricName: "m", Value: 1, Values: [1] }, "mutually exclusive"],
    [
      "NaN",
      "App",
      { MetricName: "m", Value: Number.NaN },
      "The value NaN for parameter MetricData.member.1.Value is invalid.",
    ],
    ["an unknown unit", "App", { MetricName: "m", Value: 1, Unit: "Apples" }, "MetricData.member.1.Unit"],
    ["counts of another length", "App", { MetricName: "m", Values: [1, 2], Counts: [1] }, "must be of the same size"],
    [
      "an old timestamp",
      "App",
      { MetricName: "m", Value: 1, Timestamp: new Date(Date.now() - 15 * 86_400_000) },
      "within the past two weeks",
    ],
    ["a resolution of 30", "App", { MetricName: "m", Value: 1, StorageResolution: 30 }, "StorageResolution"],
    [
      "an empty dimension",
      "App",
      { MetricName: "m", Value: 1, Dimensions: [{ Name: "a", Value: "" }] },
      "Dimensions.member.1.Value is required",
    ],
    [
      "31 dimensions",
      "App",
      { MetricName: "m", Value: 1, Dimensions: Array.from({ length: 31 }, (_, i) => ({ Name: `d${i}`, Value: "v" })) },
      "must not have a size greater than 30",
    ],
  ])("refuses %s", async (_, namespace, datum, message) => {
    await expect(put([datum], namespace)).rejects.toThrow(message);
  });

  test("takes nothing when one of the data is wrong", async () => {
    await expect(put([{ MetricName: "good", Value: 1 }, { MetricName: "bad" }])).rejects.toThrow("member.2");
    expect((await aws.call("ListMetrics", {})).Metrics).toEqual([]);
  });

  test("has written before it answers: another connection sees it", async () => {
    await put([{ MetricName: "m", Value: 5, Timestamp: at(0) }]);
    const other = new DatabaseSync(join(aws.core.store.directory, "records.sqlite"), { readOnly: true });
    expect(other.prepare("SELECT sum, count FROM monitoring_points").all()).toEqual([{ sum: 5, count: 1 }]);
    other.close();
  });
});

describe("GetMetricStatistics", () => {
  const statistics = (input: object) =>
    aws.call("GetMetricStatistics", { ...latency, StartTime: at(0), EndTime: at(600), Period: 60, ...input } as never);

  test("aggregates values, counts and statistic sets by period", async () => {
    await put([
      { MetricName: "Latency", Value: 10, Timestamp: at(5), Unit: "Milliseconds" },
      { MetricName: "Latency", Values: [20, 30], Counts: [1, 2], Timestamp: at(59), Unit: "Milliseconds" },
      {
        MetricName: "Latency",
        StatisticValues: { SampleCount: 2, Sum: 7, Minimum: 3, Maximum: 4 },
        Timestamp: at(61),
        Unit: "Milliseconds",
      },
    ]);
    const { Datapoints, Label } = await statistics({
      Statistics: ["Sum", "SampleCount", "Minimum", "Maximum", "Average"],
    });
    expect(Label).toBe("Latency");
    expect(Datapoints).toEqual([
      { Timestamp: at(0), Sum: 90, SampleCount: 4, Minimum: 10, Maximum: 30, Average: 22.5, Unit: "Milliseconds" },
      { Timestamp: at(60), Sum: 7, SampleCount: 2, Minimum: 3, Maximum: 4, Average: 3.5, Unit: "Milliseconds" },
    ]);
    const wide = await statistics({ Statistics: ["Sum"], Period: 300 });
    expect(wide.Datapoints).toEqual([{ Timestamp: at(0), Sum: 97, Unit: "Milliseconds" }]);
  });

  test("periods start at the start time, rounded down to the minute", async () => {
    await put([{ MetricName: "Latency", Value: 1, Timestamp: at(130) }]);
    const { Datapoints } = await statistics({ Statistics: ["Sum"], Period: 300, StartTime: at(95) });
    expect(Datapoints?.[0]?.Timestamp).toEqual(at(60));
  });

  test("percentiles are exact for few values, and absent for statistic sets and negative values", async () => {
    await put([
      { MetricName: "Latency", Values: Array.from({ length: 100 }, (_, i) => i + 1), Timestamp: at(0) },
      { MetricName: "Latency", StatisticValues: { SampleCount: 2, Sum: 7, Minimum: 3, Maximum: 4 }, Timestamp: at(60) },
      { MetricName: "Latency", Values: [-1, 5], Timestamp: at(120) },
      {
        MetricName: "Latency",
        StatisticValues: { SampleCount: 3, Sum: 9, Minimum: 3, Maximum: 3 },
        Timestamp: at(180),
      },
    ]);
    const { Datapoints } = await statistics({ ExtendedStatistics: ["p50", "p99", "p99.9"] });
    expect(Datapoints?.map(({ ExtendedStatistics }) => ExtendedStatistics)).toEqual([
      { p50: 50, p99: 99, "p99.9": 100 },
      {},
      {},
      { p50: 3, p99: 3, "p99.9": 3 },
    ]);
  });

  test("units are kept apart, dimensions must match exactly", async () => {
    const Dimensions = [
      { Name: "a", Value: "1" },
      { Name: "b", Value: "2" },
    ];
    await put([
      { MetricName: "Latency", Value: 1, Timestamp: at(0), Unit: "Seconds", Dimensions },
      { MetricName: "Latency", Value: 2, Timestamp: at(0), Unit: "Count", Dimensions: Dimensions.toReversed() },
    ]);
    const both = await statistics({ Statistics: ["Sum"], Dimensions: Dimensions.toReversed() });
    expect(both.Datapoints?.map(({ Sum, Unit }) => [Sum, Unit])).toEqual(
      expect.arrayContaining([
        [1, "Seconds"],
        [2, "Count"],
      ]),
    );
    const one = await statistics({ Statistics: ["Sum"], Dimensions, Unit: "Count" });
    expect(one.Datapoints?.map(({ Sum }) => Sum)).toEqual([2]);
    const partial = await statistics({ Statistics: ["Sum"], Dimensions: Dimensions.slice(0, 1) });
    expect(partial.Datapoints).toEqual([]);
  });

  test("high-resolution metrics can be read by the second", async () => {
    await put([
      { MetricName: "Latency", Value: 1, Timestamp: at(3), StorageResolution: 1 },
      { MetricName: "Latency", Value: 2, Timestamp: at(14), StorageResolution: 1 },
      { MetricName: "Latency", Value: 4, Timestamp: at(15) },
    ]);
    const fine = await statistics({ Statistics: ["Sum"], Period: 10 });
    expect(fine.Datapoints?.map(({ Timestamp, Sum }) => [Timestamp, Sum])).toEqual([
      [at(0), 1],
      [at(10), 2],
    ]);
    expect((await statistics({ Statistics: ["Sum"] })).Datapoints?.[0]?.Sum).toBe(7);
  });

  test.each([
    [{ Statistics: ["Sum"], Period: 45 }, "The value 45 for parameter Period is invalid."],
    [{ Statistics: ["Sum"], EndTime: new Date(0) }, "The parameter StartTime must be less than the parameter EndTime."],
    [{}, "The parameter Statistics is required."],
    [{ ExtendedStatistics: ["p101"] }, "p101"],
    [
      { ExtendedStatistics: ["tm(10%:90%)"] },
      "The value tm(10%:90%) for parameter ExtendedStatistics is not supported.",
    ],
    [
      { Statistics: ["Sum"], StartTime: new Date(0), EndTime: new Date(86_460_000) },
      "You have requested up to 1,441 datapoints, which exceeds the limit of 1,440.",
    ],
  ])("refuses %j", async (input, message) => {
    await expect(statistics(input)).rejects.toThrow(message);
  });
});

test("ListMetrics filters by namespace, name and dimensions, and by data in the past two weeks", async () => {
  await put([
    { MetricName: "a", Value: 1, Dimensions: [{ Name: "F", Value: "x" }] },
    { MetricName: "a", Value: 1, Dimensions: [{ Name: "F", Value: "y" }] },
    { MetricName: "b", Value: 1 },
  ]);
  const names = async (input: object) =>
    (await aws.call("ListMetrics", input)).Metrics?.map(
      ({ MetricName, Dimensions }) => `${MetricName}${Dimensions?.[0]?.Value ?? ""}`,
    );
  expect(await names({ Namespace: "App" })).toEqual(["ax", "ay", "b"]);
  expect(await names({ MetricName: "a", Dimensions: [{ Name: "F", Value: "y" }] })).toEqual(["ay"]);
  expect(await names({ Dimensions: [{ Name: "F" }] })).toEqual(["ax", "ay"]);
  expect(await names({ Namespace: "Other" })).toEqual([]);
  await aws.core.clock.advance(4 * 3_600_000);
  expect(await names({ RecentlyActive: "PT3H" })).toEqual([]);
  expect(await names({})).toHaveLength(3);
});

test("points are rolled up and dropped as their retention passes", async () => {
  await put([
    { MetricName: "Latency", Values: [1, 2], Timestamp: at(0), StorageResolution: 1 },
    { MetricName: "Latency", Value: 3, Timestamp: at(60) },
  ]);
  const begin = new Date(Math.floor(start.getTime() / 300_000) * 300_000);
  const read = (Period: number) =>
    aws.call("GetMetricStatistics", {
      ...latency,
      StartTime: begin,
      EndTime: at(3600),
      Period,
      Statistics: ["Sum", "SampleCount"],
    } as never);
  await aws.core.clock.advance(16 * 86_400_000);
  expect((await read(60)).Datapoints).toEqual([]);
  expect((await read(300)).Datapoints?.reduce((sum, { Sum = 0 }) => sum + Sum, 0)).toBe(6);
  expect((await read(10)).Datapoints).toEqual([]);
}, 20_000);

test("real traffic's values are read at once and written within a second", async () => {
  aws.cloudwatch.metrics.record([
    {
      namespace: "AWS/Lambda",
      name: "Errors",
      dimensions: { FunctionName: "f" },
      value: 1,
      unit: "Count",
      timestamp: start.getTime(),
    },
    { namespace: "AWS/Lambda", name: "Errors", dimensions: {}, value: Number.NaN, unit: "Count" },
  ]);
  const { Datapoints } = await aws.call("GetMetricStatistics", {
    Namespace: "AWS/Lambda",
    MetricName: "Errors",
    Dimensions: [{ Name: "FunctionName", Value: "f" }],
    StartTime: at(0),
    EndTime: at(60),
    Period: 60,
    Statistics: ["Sum"],
  });
  expect(Datapoints?.[0]?.Sum).toBe(1);
});
