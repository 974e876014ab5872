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

  test("each matching event emits the metric", async () => {
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
    expect(aws.metrics).toEqual([
      { namespace: "App", name: "Errors", dimensions: {}, unit: "Count", value: 1, timestamp: 1000 },
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
    expect(aws.metrics).toHaveLength(1);
  });

  describe("of a filter with a default value", () => {
    const MINUTE_MS = 60_000;
    let start: number;
    /** Values with their minutes, from 0 for the first. */
    const emitted = () =>
      aws.metrics.map(({ value, timestamp = 0 }) => [value, Math.floor((timestamp - start) / MINUTE_MS)]);
    const append = async (minute: number, ...messages: string[]): Promise<void> => {
      const lines = messages.map((message, index) => ({ timestamp: start + minute * MINUTE_MS + index, message }));
      aws.logs.sink.append(group.logGroupName, "s", lines);
      // Whoever reads has all lines written first.
      await aws.call("DescribeLogStreams", group);
    };
    const put = (defaultValue: number, filterPattern = "ERROR") =>
      aws.call("PutMetricFilter", {
        ...{ ...group, filterName: "errors", filterPattern },
        metricTransformations: [{ ...transformation, defaultValue }],
      });

    beforeEach(async () => {
      await aws.call("CreateLogGroup", group);
      await put(0);
      await aws.core.clock.advance(MINUTE_MS - (aws.core.clock.now() % MINUTE_MS));
      start = Math.floor(aws.core.clock.now() / MINUTE_MS) * MINUTE_MS;
    });

    test("a minute of events without a match has it once, when it is over, and a minute without events never", async () => {
      await append(0, "fine", "fine", "fine");
      expect(emitted()).toEqual([]);
      await aws.core.clock.advance(3 * MINUTE_MS);
      expect(emitted()).toEqual([[0, 0]]);
      await append(3, "fine");
      await aws.core.clock.advance(MINUTE_MS);
      expect(emitted()).toEqual([
        [0, 0],
        [0, 3],
      ]);
      expect(aws.metrics[1]).toEqual({
        ...{ namespace: "App", name: "Errors", dimensions: {}, unit: "None" },
        ...{ value: 0, timestamp: start + 3 * MINUTE_MS },
      });
    });

    test("a minute with a match has none, whenever the others come", async () => {
      await append(0, "fine", "ERROR", "fine");
      await aws.core.clock.advance(MINUTE_MS);
      await append(0, "late and fine");
      await aws.core.clock.advance(MINUTE_MS);
      expect(emitted()).toEqual([[1, 0]]);
    });

    test("events that come late, or ahead of their time, count for the minutes that they name", async () => {
      await append(-5, "fine");
      await append(1, "ahead");
      await aws.core.clock.advance(MINUTE_MS);
      expect(emitted()).toEqual([[0, -5]]);
      await append(1, "ERROR");
      await aws.core.clock.advance(MINUTE_MS);
      expect(emitted()).toEqual([
        [0, -5],
        [1, 1],
      ]);
    });

    test("two weeks of events that come in at once count minute by minute", async () => {
      const minutes = Array.from({ length: 14 * 1440 }, (_, minute) => minute - 14 * 1440);
      const lines = minutes.map((minute) => ({ timestamp: start + minute * MINUTE_MS, message: "fine" }));
      aws.logs.sink.append(group.logGroupName, "s", lines);
      await aws.call("DescribeLogStreams", group);
      await aws.core.clock.advance(MINUTE_MS);
      expect(emitted()).toEqual(minutes.map((minute) => [0, minute]));
    });

    test("a filter that was replaced or deleted reports nothing of before", async () => {
      await append(0, "fine");
      await put(7, "WARN");
      await aws.core.clock.advance(MINUTE_MS);
      expect(emitted()).toEqual([]);
      await append(1, "fine");
      await aws.call("DeleteMetricFilter", { ...group, filterName: "errors" });
      await aws.core.clock.advance(MINUTE_MS);
      expect(emitted()).toEqual([]);
    });

    test("what is known when local AWS stops is reported then, and once", async () => {
      await append(0, "fine");
      await aws.reopen();
      expect(emitted()).toEqual([[0, 0]]);
      await aws.core.clock.advance(MINUTE_MS);
      expect(emitted()).toEqual([[0, 0]]);
    });
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
      { timestamp: 4, message: '{"latency": "", "route": "/items"}' },
    ]);
    await aws.call("DescribeLogStreams", group);
    expect(aws.metrics).toEqual([expect.objectContaining({ value: 12.5, dimensions: { Route: "/items" } })]);
  });

  test("a value that is no number gives none: neither null, nor truth, nor a list is 0 or 1", async () => {
    await aws.call("CreateLogGroup", group);
    const metricTransformations = [{ ...transformation, metricValue: "$.size" }];
    await aws.call("PutMetricFilter", {
      ...group,
      filterName: "f",
      filterPattern: "{ $.id = * }",
      metricTransformations,
    });
    const sizes = ["null", "true", "[]", "[5]", '" "', "3", '"4"'];
    const lines = sizes.map((size) => ({ timestamp: 1, message: `{"id": 1, "size": ${size}}` }));
    aws.logs.sink.append(group.logGroupName, "s", lines);
    await aws.call("DescribeLogStreams", group);
    expect(aws.metrics.map(({ value }) => value)).toEqual([3, 4]);
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
