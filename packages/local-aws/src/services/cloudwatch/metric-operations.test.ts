import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "./cloudwatch-harness.ts";
import { MetricStore } from "./metric-store.ts";

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
    ["a namespace with a colon before it", ":App", { MetricName: "m", Value: 1 }, "The value :App for parameter"],
    ["a namespace of 256 characters", "a".repeat(256), { MetricName: "m", Value: 1 }, "for parameter"],
    ["a namespace that is not ASCII", "Bücher", { MetricName: "m", Value: 1 }, "The value Bücher for parameter"],
    ["a line break in a name", "App", { MetricName: "a\nb", Value: 1 }, "MetricData.member.1.MetricName is invalid"],
    ["infinity", "App", { MetricName: "m", Value: Number.NEGATIVE_INFINITY }, "MetricData.member.1.Value is invalid"],
    ["more than 2^360", "App", { MetricName: "m", Values: [1, 2 ** 361] }, "MetricData.member.1.Values.member.2"],
    [
      "a statistic set upside down",
      "App",
      { MetricName: "m", StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 2, Maximum: 1 } },
      "StatisticValues.Maximum must be greater than or equal",
    ],
    [
      "a statistic set of nothing",
      "App",
      { MetricName: "m", StatisticValues: { SampleCount: 0, Sum: 0, Minimum: 0, Maximum: 0 } },
      "The value 0 for parameter MetricData.member.1.StatisticValues.SampleCount is invalid.",
    ],
    [
      "a timestamp more than two hours ahead",
      "App",
      { MetricName: "m", Value: 1, Timestamp: new Date(Date.now() + 2.1 * 3_600_000) },
      "no more than two hours in the future",
    ],
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

  test("refuses more than 1,000 data, 150 values in one, and more than 1 MiB", async () => {
    const data = (count: number) => Array.from({ length: count }, () => ({ MetricName: "m", Value: 1 }));
    await put(data(1000));
    await expect(put(data(1001))).rejects.toThrow("The collection MetricData must not have a size greater than 1000.");
    const values = (count: number) => [{ MetricName: "m", Values: Array.from({ length: count }, (_, n) => n) }];
    await put(values(150));
    await expect(put(values(151))).rejects.toThrow("MetricData.member.1.Values must have a size between 1 and 150");
    const context = aws.core.context();
    const large = { ...context, http: { ...context.http, headers: { "content-length": String(1024 * 1024 + 1) } } };
    const { PutMetricData } = aws.cloudwatch.service.operations;
    const request = { Namespace: "App", MetricData: data(1) };
    expect(() => (PutMetricData as (input: object, context: object) => unknown)(request, large)).toThrow(
      "1048576 bytes",
    );
  });

  test("takes nothing when one of the data is wrong", async () => {
    await expect(put([{ MetricName: "good", Value: 1 }, { MetricName: "bad" }])).rejects.toThrow("member.2");
    expect((await aws.call("ListMetrics", {})).Metrics).toEqual([]);
  });

  test("has kept everything before it answers: it is there after a kill", async () => {
    const Timestamp = at(0);
    const set = { SampleCount: 2, Sum: 7, Minimum: 3, Maximum: 4 };
    await put([
      { MetricName: "m", Value: 5, Timestamp, Unit: "Bytes" },
      { MetricName: "m", Values: [1, 2], Counts: [3, 4], Timestamp, StorageResolution: 1, Unit: "Bytes" },
      { MetricName: "set", StatisticValues: set, Timestamp },
    ]);
    // A second one on the same records: the first has had no time to merge anything.
    const after = new MetricStore(aws.core);
    const read = (name: string, period: number) =>
      after
        .read({ namespace: "App", name, dimensions: {} }, start.getTime() / 1000, start.getTime() / 1000 + 60, period)
        .map(({ unit, aggregate: { sketch, ...rest } }) => ({ unit, ...rest, values: sketch?.sorted() }));
    const values = [
      [1, 3],
      [2, 4],
    ];
    expect(read("m", 60)).toEqual([{ unit: "Bytes", sum: 16, count: 8, min: 1, max: 5, values: [...values, [5, 1]] }]);
    expect(read("m", 1)).toEqual([{ unit: "Bytes", sum: 11, count: 7, min: 1, max: 2, values }]);
    expect(read("set", 60)).toEqual([{ unit: "None", sum: 7, count: 2, min: 3, max: 4, values: undefined }]);
    after.close();
    // What was merged is not merged again.
    const last = new MetricStore(aws.core);
    expect(last.read({ namespace: "App", name: "m", dimensions: {} }, 0, 2 ** 40, 60)[0]?.aggregate.count).toBe(8);
    last.close();
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
    [{ ExtendedStatistics: ["Sum"] }, "The value Sum for parameter ExtendedStatistics is not supported."],
    [{ Statistics: ["p99"] }, "The value p99 for parameter Statistics is not supported."],
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

test("a dimension may have any name, also one that objects give a meaning to", async () => {
  const Dimensions = [{ Name: "__proto__", Value: "a" }];
  await put([{ MetricName: "m", Value: 1, Dimensions }]);
  expect((await aws.call("ListMetrics", {})).Metrics).toEqual([{ Namespace: "App", MetricName: "m", Dimensions }]);
});

test.each([
  [{ RecentlyActive: "PT9H" as const }, "The value PT9H for parameter RecentlyActive is invalid."],
  [{ Dimensions: [{ Value: "a" }] }, "The parameter Dimensions.member.1.Name is required."],
])("ListMetrics refuses %j", async (input, message) => {
  await expect(aws.call("ListMetrics", input as never)).rejects.toThrow(message);
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

describe("as time passes,", () => {
  const DAY_MS = 86_400_000;
  /** An hour that has passed, so that five minutes and the hour begin with it. */
  let hour: Date;
  /** 600 different values in one minute (too many to be kept exactly), 30 in the next, and 5 by the second. */
  beforeEach(async () => {
    hour = new Date(Math.floor(start.getTime() / 3_600_000) * 3_600_000);
    const minute = (n: number, second = 0) => new Date(hour.getTime() + n * 60_000 + second * 1000);
    const many = Array.from({ length: 600 }, (_, index) => 100 + index * 1.5);
    await put([
      ...[0, 150, 300, 450].map((from) => ({
        MetricName: "Latency",
        Values: many.slice(from, from + 150),
        Timestamp: minute(1),
      })),
      {
        MetricName: "Latency",
        Values: Array.from({ length: 30 }, (_, index) => index + 1),
        Timestamp: minute(2, 59),
      },
      { MetricName: "Latency", Values: [2000, 3000], Counts: [4, 1], Timestamp: minute(7, 3), StorageResolution: 1 },
    ]);
  });

  const read = async (Period: number, statistics: readonly string[]) => {
    const { MetricDataResults = [] } = await aws.call("GetMetricData", {
      StartTime: hour,
      EndTime: new Date(hour.getTime() + 3_600_000),
      ScanBy: "TimestampAscending",
      MetricDataQueries: statistics.map((Stat, index) => ({
        Id: `q${index}`,
        MetricStat: { Metric: latency, Period, Stat },
      })),
    });
    return MetricDataResults.map(({ Values }) => Values);
  };
  const exact = ["SampleCount", "Sum", "Minimum", "Maximum", "TC(250:)", "TC(:1000)", "PR(:30)", "p4"];
  const fiveMinutes = [
    [630, 5],
    [329_550 + 465, 11_000],
    [1, 2000],
    [998.5, 3000],
    [499, 5],
    [630, 0],
    [100 * (30 / 630), 0],
    [26, 2000],
  ];
  const wholeHour = [[635], [341_015], [1], [3000], [504], [630], [100 * (30 / 635)], [26]];

  test("points are rolled up: sums, counts, extremes, and how many lie above a round threshold stay exact", async () => {
    expect(await read(300, exact)).toEqual(fiveMinutes);
    expect(await read(3600, exact)).toEqual(wholeHour);
    expect(await read(1, ["SampleCount"])).toEqual([[5]]);

    await aws.core.clock.advance(4 * 3_600_000);
    expect(await read(1, ["SampleCount"])).toEqual([[]]);
    expect(await read(60, ["SampleCount"])).toEqual([[600, 30, 5]]);

    await aws.core.clock.advance(15 * DAY_MS);
    expect(await read(60, ["SampleCount"])).toEqual([[]]);
    // Five minutes may lie across two periods of seven, and are in neither.
    expect(await read(420, ["SampleCount"])).toEqual([[]]);
    expect(await read(300, exact)).toEqual(fiveMinutes);
    expect(await read(3600, exact)).toEqual(wholeHour);

    await aws.core.clock.advance(48 * DAY_MS);
    expect(await read(300, ["SampleCount"])).toEqual([[]]);
    expect(await read(3600, exact)).toEqual(wholeHour);

    await aws.core.clock.advance(392 * DAY_MS);
    expect(await read(3600, ["SampleCount"])).toEqual([[]]);
    expect((await aws.call("ListMetrics", {})).Metrics).toEqual([]);
  });

  test("a percentile of many values is within half a percent, whatever it was rolled up into", async () => {
    const inOrder = [
      ...Array.from({ length: 30 }, (_, index) => index + 1),
      ...Array.from({ length: 600 }, (_, index) => 100 + index * 1.5),
      ...[2000, 2000, 2000, 2000, 3000],
    ];
    const names = ["p10", "p50", "p90", "p99"];
    const wanted = names.map((name) => inOrder[Math.ceil((Number(name.slice(1)) / 100) * inOrder.length) - 1] ?? 0);
    for (const days of [0, 16, 48]) {
      await aws.core.clock.advance(days * DAY_MS);
      const found = (await read(3600, names)).map((values) => values?.[0] ?? 0);
      for (const [index, value] of found.entries()) {
        expect(Math.abs(value / (wanted[index] ?? 0) - 1)).toBeLessThanOrEqual(0.005);
      }
    }
  });
});

test.each([
  [0, 12 * 60 + 34],
  [16, 12 * 60 + 30],
  [64, 12 * 60],
])("a start time of 12:34:56, %d days ago, is rounded down to minute %d of the day", async (days, minute) => {
  const midnight = Math.floor(aws.core.clock.now() / 86_400_000) * 86_400_000 - 86_400_000;
  const noon = midnight + (12 * 3600 + 34 * 60 + 56) * 1000;
  await put([{ MetricName: "Latency", Value: 1, Timestamp: new Date(noon) }]);
  await aws.core.clock.advance(days * 86_400_000);
  const { Datapoints } = await aws.call("GetMetricStatistics", {
    ...latency,
    StartTime: new Date(noon),
    EndTime: new Date(noon + 3_600_000),
    Period: 3600,
    Statistics: ["Sum"],
  });
  expect(Datapoints?.map(({ Timestamp }) => ((Timestamp?.getTime() ?? 0) - midnight) / 60_000)).toEqual([minute]);
});
