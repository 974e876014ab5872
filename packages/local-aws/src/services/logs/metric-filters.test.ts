import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LogsHarness, logsHarness } from "./logs-harness.ts";

let aws: LogsHarness;

beforeEach(() => {
  aws = logsHarness();
});

afterEach(() => aws.dispose());

const group = { logGroupName: "/aws/lambda/f" };

describe("metrics from logs", () => {
  const transformation = { metricName: "Errors", metricNamespace: "App", metricValue: "1" };

  test("each matching event emits the metric, others the default value", async () => {
    await aws.call("CreateLogGroup", group);
    await aws.call("PutMetricFilter", {
      ...group,
      filterName: "errors",
      filterPattern: "ERROR",
      metricTransformations: [{ ...transformation, defaultValue: 0, unit: "Count" }],
    });
    aws.logs.sink.append(group.logGroupName, "s", [
      { timestamp: 1000, message: "ERROR a" },
      { timestamp: 2000, message: "fine" },
    ]);
    await aws.call("DescribeLogStreams", group);
    const common = { namespace: "App", name: "Errors", dimensions: {}, unit: "Count" };
    expect(aws.metrics).toEqual([
      { ...common, value: 1, timestamp: 1000 },
      { ...common, value: 0, timestamp: 2000 },
    ]);
    const { metricFilters } = await aws.call("DescribeMetricFilters", { ...group, filterNamePrefix: "err" });
    expect(metricFilters).toEqual([
      expect.objectContaining({
        filterName: "errors",
        filterPattern: "ERROR",
        logGroupName: group.logGroupName,
        metricTransformations: [{ ...transformation, defaultValue: 0, unit: "Count" }],
      }),
    ]);
    expect((await aws.call("DescribeLogGroups", {})).logGroups?.[0]?.metricFilterCount).toBe(1);
    await aws.call("DeleteMetricFilter", { ...group, filterName: "errors" });
    aws.logs.sink.append(group.logGroupName, "s", [{ timestamp: 3000, message: "ERROR b" }]);
    await aws.call("DescribeLogStreams", group);
    expect(aws.metrics).toHaveLength(2);
  });

  test("values and dimensions come from the event", async () => {
    await aws.call("CreateLogGroup", group);
    await aws.call("PutMetricFilter", {
      ...group,
      filterName: "latency",
      filterPattern: "{ $.latency = * }",
      metricTransformations: [{ ...transformation, metricValue: "$.latency", dimensions: { Route: "$.route" } }],
    });
    aws.logs.sink.append(group.logGroupName, "s", [
      { timestamp: 1, message: '{"latency": 12.5, "route": "/items"}' },
      { timestamp: 2, message: '{"latency": 1}' },
      { timestamp: 3, message: '{"latency": "n/a", "route": "/items"}' },
    ]);
    await aws.call("DescribeLogStreams", group);
    expect(aws.metrics).toEqual([expect.objectContaining({ value: 12.5, dimensions: { Route: "/items" } })]);
  });

  test.each([
    [{ metricNamespace: "AWS/Lambda" }, "reserved"],
    [{ metricValue: "$.x" }, "does not refer to a field"],
    [{ metricValue: "many" }, "does not refer to a field"],
    [{ defaultValue: 0, dimensions: { a: "$.a" } }, "mutually exclusive"],
  ])("PutMetricFilter refuses %o", async (given, message) => {
    await aws.call("CreateLogGroup", group);
    const metricTransformations = [{ ...transformation, ...given }];
    await expect(
      aws.call("PutMetricFilter", { ...group, filterName: "f", filterPattern: "ERROR", metricTransformations }),
    ).rejects.toThrow(message);
  });

  test("TestMetricFilter shows what a pattern extracts", async () => {
    const { matches } = await aws.call("TestMetricFilter", {
      filterPattern: "[ip, ..., status=5*]",
      logEventMessages: ["1.1.1.1 GET 200", "2.2.2.2 GET 503"],
    });
    expect(matches).toEqual([
      {
        eventNumber: 2,
        eventMessage: "2.2.2.2 GET 503",
        extractedValues: { $ip: "2.2.2.2", $2: "GET", $status: "503" },
      },
    ]);
  });

  test("lines in the embedded metric format become metrics", async () => {
    const line = {
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: "Items",
            Dimensions: [["service"], ["service", "version"], ["service", "missing"]],
            Metrics: [{ Name: "latency", Unit: "Milliseconds", StorageResolution: 1 }, { Name: "text" }],
          },
          { Namespace: "AWS/Lambda", Dimensions: [[]], Metrics: [{ Name: "latency" }] },
        ],
      },
      service: "api",
      version: "7",
      latency: [5, 7, 5],
      text: "no number",
    };
    aws.logs.sink.append("/g", "s", [{ timestamp: 1, message: JSON.stringify(line) }], { createGroup: true });
    await aws.call("DescribeLogGroups", {});
    expect(aws.metrics.map(({ dimensions, value, count }) => [dimensions, value, count])).toEqual([
      [{ service: "api" }, 5, 2],
      [{ service: "api" }, 7, 1],
      [{ service: "api", version: "7" }, 5, 2],
      [{ service: "api", version: "7" }, 7, 1],
    ]);
    expect(aws.metrics[0]).toMatchObject({
      namespace: "Items",
      name: "latency",
      unit: "Milliseconds",
      timestamp: 1_700_000_000_000,
      storageResolution: 1,
    });
  });

  test("their times are those of a function's process, which does not know that the clock was moved", async () => {
    const line = {
      _aws: { Timestamp: 1_000, CloudWatchMetrics: [{ Namespace: "N", Dimensions: [[]], Metrics: [{ Name: "m" }] }] },
      m: 3,
    };
    const lines = [{ timestamp: 1, message: JSON.stringify(line) }];
    aws.logs.sink.append("/g", "s", lines, { createGroup: true, aheadMs: 86_400_000 });
    await aws.call("DescribeLogGroups", {});
    expect(aws.metrics.map(({ timestamp }) => timestamp)).toEqual([86_401_000]);
  });

  test("a line in the embedded metric format may have what Lambda puts before it, and nothing else", async () => {
    const document = JSON.stringify({
      _aws: { Timestamp: 1, CloudWatchMetrics: [{ Namespace: "N", Dimensions: [[]], Metrics: [{ Name: "m" }] }] },
      m: 3,
    });
    const messages = [
      `2026-11-28T08:00:00.000Z\t8c2f0a6e-0000-4000-8000-000000000000\tINFO\t${document}`,
      `2026-11-28T08:00:00.000Z\tundefined\tINFO\t${document}`,
      `note: ${document}`,
      `2026-11-28T08:00:00.000Z\tid\tINFO\t${document} and more`,
    ];
    aws.logs.sink.append(
      "/g",
      "s",
      messages.map((message) => ({ timestamp: 1, message })),
      { createGroup: true },
    );
    await aws.call("DescribeLogGroups", {});
    expect(aws.metrics.map(({ name, value }) => [name, value])).toEqual([
      ["m", 3],
      ["m", 3],
    ]);
  });
});
