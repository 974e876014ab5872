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

  test("five filters of a group may have regular expressions, and one of them may be replaced", async () => {
    await aws.call("CreateLogGroup", group);
    const put = (filterName: string, filterPattern: string) =>
      aws.call("PutMetricFilter", { ...group, filterName, filterPattern, metricTransformations: [transformation] });
    for (const name of ["1", "2", "3", "4", "5"]) {
      await put(name, `%${name}%`);
    }
    await expect(put("6", "{ $.a = %6% }")).rejects.toMatchObject({ code: "LimitExceededException" });
    await put("5", "{ $.a = %5% }");
    await put("6", "plain");
  });

  test("space-delimited fields give values and dimensions, in the unit that is asked for", async () => {
    await aws.call("CreateLogGroup", group);
    await aws.call("PutMetricFilter", {
      ...group,
      filterName: "bytes",
      filterPattern: "[ip, server, ..., status = 4*, bytes]",
      metricTransformations: [
        { ...transformation, metricValue: "$bytes", unit: "Bytes", dimensions: { Server: "$server", Ip: "$ip" } },
      ],
    });
    const line = (status: number, bytes: number) =>
      `127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" ${status} ${bytes}`;
    const messages = [line(404, 1534), line(200, 7), line(410, 20)];
    const events = messages.map((message, index) => ({ timestamp: index, message }));
    aws.logs.sink.append(group.logGroupName, "s", events);
    await aws.call("DescribeLogStreams", group);
    const common = { namespace: "App", name: "Errors", dimensions: { Server: "Prod", Ip: "127.0.0.1" }, unit: "Bytes" };
    expect(aws.metrics).toEqual([
      { ...common, value: 1534, timestamp: 0 },
      { ...common, value: 20, timestamp: 2 },
    ]);
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
