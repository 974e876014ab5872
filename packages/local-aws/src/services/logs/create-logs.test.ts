import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MetricDatum } from "../../core/ports.ts";
import type { InputOf, OperationName, OutputOf, RequestContext } from "../../core/service.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createLogs, type LogsService } from "./create-logs.ts";
import type { Logs } from "./logs-state.ts";

let core: TestCore;
let logs: LogsService;
let metrics: MetricDatum[];

beforeEach(() => {
  core = testCore();
  metrics = [];
  logs = createLogs(core, { metrics: { record: (data) => metrics.push(...data) } });
});

afterEach(async () => {
  await logs.service.close?.();
  core.dispose();
});

async function call<N extends OperationName<Logs>>(
  name: N,
  input: Partial<InputOf<Logs, N>>,
): Promise<OutputOf<Logs, N>> {
  const operation = logs.service.operations[name] as unknown as (
    input: Partial<InputOf<Logs, N>>,
    context: RequestContext,
  ) => OutputOf<Logs, N>;
  return operation(input, core.context());
}

const group = { logGroupName: "/aws/lambda/f" };
const stream = { ...group, logStreamName: "2026/11/23/[$LATEST]abc" };
const DAY_MS = 86_400_000;

async function newStream(): Promise<void> {
  await call("CreateLogGroup", group);
  await call("CreateLogStream", stream);
}

const messages = (events: { message?: string }[] | undefined) => events?.map(({ message }) => message);

describe("groups", () => {
  test("a group is described with both of its ARNs", async () => {
    await call("CreateLogGroup", { ...group, tags: { a: "b" } });
    await call("PutRetentionPolicy", { ...group, retentionInDays: 14 });
    const { logGroups } = await call("DescribeLogGroups", { logGroupNamePrefix: "/aws/lambda/" });
    expect(logGroups).toEqual([
      expect.objectContaining({
        logGroupName: "/aws/lambda/f",
        arn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:*",
        logGroupArn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f",
        logGroupClass: "STANDARD",
        metricFilterCount: 0,
        retentionInDays: 14,
        storedBytes: 0,
      }),
    ]);
    const resourceArn = logGroups?.[0]?.logGroupArn ?? "";
    expect(await call("ListTagsForResource", { resourceArn })).toEqual({ tags: { a: "b" } });
    await call("TagResource", { resourceArn, tags: { c: "d" } });
    await call("UntagResource", { resourceArn, tagKeys: ["a"] });
    expect(await call("ListTagsLogGroup", group)).toEqual({ tags: { c: "d" } });
  });

  test("DescribeLogGroups pages in the order of names", async () => {
    for (const logGroupName of ["c", "a", "b"]) {
      await call("CreateLogGroup", { logGroupName });
    }
    const first = await call("DescribeLogGroups", { limit: 2 });
    const second = await call("DescribeLogGroups", { limit: 2, nextToken: first.nextToken });
    expect([...(first.logGroups ?? []), ...(second.logGroups ?? [])].map((each) => each.logGroupName)).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect(second.nextToken).toBeUndefined();
  });

  test("what AWS refuses is refused", async () => {
    await call("CreateLogGroup", group);
    await expect(call("CreateLogGroup", group)).rejects.toMatchObject({ code: "ResourceAlreadyExistsException" });
    await expect(call("CreateLogGroup", { logGroupName: "no spaces" })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
    await expect(call("PutRetentionPolicy", { ...group, retentionInDays: 2 })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
    await expect(call("DeleteLogGroup", { logGroupName: "other" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    await expect(call("CreateLogGroup", { logGroupName: "k", kmsKeyId: "alias/x" })).rejects.toThrow(
      "The specified KMS key does not exist",
    );
  });

  test("deleting a group deletes its streams, events and filters", async () => {
    await newStream();
    await call("PutLogEvents", { ...stream, logEvents: [{ timestamp: core.clock.now(), message: "m" }] });
    await call("DeleteLogGroup", group);
    expect(await logs.service.inventory?.()).toEqual([]);
    await call("CreateLogGroup", group);
    expect((await call("FilterLogEvents", group)).events).toEqual([]);
    expect((await call("DescribeLogStreams", group)).logStreams).toEqual([]);
  });
});

describe("events", () => {
  test("PutLogEvents reports which ends of a batch it did not take", async () => {
    await newStream();
    await call("PutRetentionPolicy", { ...group, retentionInDays: 3 });
    const now = core.clock.now();
    const put = (...times: number[]) =>
      call("PutLogEvents", {
        ...stream,
        logEvents: times.map((timestamp) => ({ timestamp, message: `at ${timestamp - now}` })),
      });
    expect((await put(now - 15 * DAY_MS)).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    expect((await put(now - 3.5 * DAY_MS, now - 2.9 * DAY_MS)).rejectedLogEventsInfo).toEqual({
      expiredLogEventEndIndex: 1,
    });
    expect((await put(now, now + 3 * 3600 * 1000)).rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect((await put(now)).rejectedLogEventsInfo).toBeUndefined();
    const { events } = await call("GetLogEvents", { ...stream, startFromHead: true });
    expect(messages(events)).toEqual([`at ${-2.9 * DAY_MS}`, "at 0", "at 0"]);
  });

  test.each([
    [[], "Member must have length greater than or equal to 1"],
    [[2, 1], "must be in chronological order"],
    [[0, DAY_MS + 1], "cannot span more than 24 hours"],
  ])("PutLogEvents refuses events at %j", async (offsets, message) => {
    await newStream();
    const now = core.clock.now() - 2 * DAY_MS;
    const logEvents = offsets.map((offset) => ({ timestamp: now + offset, message: "m" }));
    await expect(call("PutLogEvents", { ...stream, logEvents })).rejects.toThrow(message);
  });

  test("a batch of more than 1 MiB is refused, counting 26 bytes for each event", async () => {
    await newStream();
    const event = (length: number) => ({ timestamp: core.clock.now(), message: "x".repeat(length) });
    await expect(call("PutLogEvents", { ...stream, logEvents: [event(1_048_551)] })).rejects.toThrow(
      "Upload too large: 1048577 bytes exceeds limit of 1048576",
    );
    await call("PutLogEvents", { ...stream, logEvents: [event(1_048_550)] });
  });

  test("GetLogEvents turns pages both ways and comes to rest at the ends", async () => {
    await newStream();
    const now = core.clock.now();
    await call("PutLogEvents", {
      ...stream,
      logEvents: [1, 2, 3, 4, 5].map((n) => ({ timestamp: now + Math.floor(n / 2), message: `m${n}` })),
    });
    const latest = await call("GetLogEvents", { ...stream, limit: 2 });
    expect(messages(latest.events)).toEqual(["m4", "m5"]);
    const earlier = await call("GetLogEvents", { ...stream, limit: 2, nextToken: latest.nextBackwardToken });
    expect(messages(earlier.events)).toEqual(["m2", "m3"]);
    const forward = await call("GetLogEvents", { ...stream, limit: 2, nextToken: earlier.nextForwardToken });
    expect(messages(forward.events)).toEqual(["m4", "m5"]);
    const end = await call("GetLogEvents", { ...stream, limit: 2, nextToken: forward.nextForwardToken });
    expect(end.events).toEqual([]);
    expect(end.nextForwardToken).toBe(forward.nextForwardToken);

    await call("PutLogEvents", { ...stream, logEvents: [{ timestamp: now + 9, message: "m6" }] });
    const later = await call("GetLogEvents", { ...stream, nextToken: end.nextForwardToken });
    expect(messages(later.events)).toEqual(["m6"]);
    const range = await call("GetLogEvents", { ...stream, startTime: now + 1, endTime: now + 2 });
    expect(messages(range.events)).toEqual(["m2", "m3"]);
    await expect(call("GetLogEvents", { ...stream, nextToken: "nonsense" })).rejects.toThrow(
      "The specified nextToken is invalid.",
    );
  });

  test("FilterLogEvents searches the streams in the order of time, by pattern, time and page", async () => {
    await newStream();
    const other = { ...group, logStreamName: "other" };
    await call("CreateLogStream", other);
    const now = core.clock.now();
    const put = (target: typeof other, ...events: [number, string][]) =>
      call("PutLogEvents", { ...target, logEvents: events.map(([at, message]) => ({ timestamp: now + at, message })) });
    await put(stream, [0, "ERROR one"], [2, "INFO three"], [4, '{"level":"ERROR","status":503}']);
    await put(other, [1, "ERROR two"], [3, "ERROR four"]);

    const all = await call("FilterLogEvents", group);
    expect(messages(all.events)).toEqual([
      "ERROR one",
      "ERROR two",
      "INFO three",
      "ERROR four",
      '{"level":"ERROR","status":503}',
    ]);
    expect(new Set(all.events?.map(({ eventId }) => eventId)).size).toBe(5);
    expect(all.events?.[1]).toMatchObject({
      logStreamName: "other",
      timestamp: now + 1,
      ingestionTime: expect.any(Number),
    });

    const json = await call("FilterLogEvents", { ...group, filterPattern: '{ $.level = "ERROR" && $.status >= 500 }' });
    expect(json.events).toHaveLength(1);
    const inRange = await call("FilterLogEvents", {
      ...group,
      startTime: now + 1,
      endTime: now + 3,
      filterPattern: "ERROR",
    });
    expect(messages(inRange.events)).toEqual(["ERROR two", "ERROR four"]);
    const named = await call("FilterLogEvents", {
      logGroupIdentifier: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f",
      logStreamNamePrefix: "oth",
    });
    expect(messages(named.events)).toEqual(["ERROR two", "ERROR four"]);

    const pages: (string | undefined)[][] = [];
    let nextToken: string | undefined;
    do {
      const page = await call("FilterLogEvents", { ...group, limit: 2, filterPattern: "ERROR", nextToken });
      pages.push(messages(page.events) ?? []);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages.flat()).toHaveLength(4);
    const newest = await call("FilterLogEvents", { ...group, limit: 1, startFromHead: false });
    expect(messages(newest.events)).toEqual(['{"level":"ERROR","status":503}']);

    await expect(call("FilterLogEvents", { ...group, logStreamNames: ["none"] })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    await expect(call("FilterLogEvents", { ...group, filterPattern: "{ broken" })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
  });

  test("events past their retention are not seen, and deleted on the clock", async () => {
    await newStream();
    await call("PutLogEvents", { ...stream, logEvents: [{ timestamp: core.clock.now(), message: "old" }] });
    await call("PutRetentionPolicy", { ...group, retentionInDays: 1 });
    expect((await call("FilterLogEvents", group)).events).toHaveLength(1);
    await core.clock.advance(DAY_MS + 10);
    expect((await call("FilterLogEvents", group)).events).toEqual([]);
    await core.clock.advance(3600 * 1000);
    const { count } = core.store.database.prepare("SELECT COUNT(*) AS count FROM logs_events").get() as {
      count: number;
    };
    expect(count).toBe(0);
  });

  test("streams are listed by name or by their last event", async () => {
    await call("CreateLogGroup", group);
    const now = core.clock.now();
    for (const [name, at] of [
      ["a", 1],
      ["b", 3],
      ["c", 2],
    ] as const) {
      logs.sink.append(group.logGroupName, name, [{ timestamp: now + at, message: name }]);
    }
    const byName = await call("DescribeLogStreams", { ...group, descending: true, limit: 2 });
    expect(byName.logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(["c", "b"]);
    const rest = await call("DescribeLogStreams", {
      ...group,
      descending: true,
      limit: 2,
      nextToken: byName.nextToken,
    });
    expect(rest.logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(["a"]);
    const byTime = await call("DescribeLogStreams", { ...group, orderBy: "LastEventTime", descending: true });
    expect(byTime.logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(["b", "c", "a"]);
    expect(byTime.logStreams?.[0]).toMatchObject({
      firstEventTimestamp: now + 3,
      lastEventTimestamp: now + 3,
      arn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:log-stream:b",
    });
  });
});

describe("the sink", () => {
  test("makes streams, makes groups only where asked, and is read at once", async () => {
    logs.sink.append("missing", "s", [{ timestamp: core.clock.now(), message: "dropped" }]);
    logs.sink.append("/made", "s", [{ timestamp: core.clock.now(), message: "kept" }], { createGroup: true });
    expect(messages((await call("FilterLogEvents", { logGroupName: "/made" })).events)).toEqual(["kept"]);
    await expect(call("FilterLogEvents", { logGroupName: "missing" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
  });

  test("writes by itself at the next turn of the event loop", async () => {
    logs.sink.append("/made", "s", [{ timestamp: core.clock.now(), message: "kept" }], { createGroup: true });
    await new Promise((resolve) => setImmediate(resolve));
    const { count } = core.store.database.prepare("SELECT COUNT(*) AS count FROM logs_events").get() as {
      count: number;
    };
    expect(count).toBe(1);
  });

  test("another instance on the same store reads what was written, and goes on counting", async () => {
    logs.sink.append("/made", "s", [{ timestamp: 1, message: "one" }], { createGroup: true });
    await logs.service.close?.();
    logs = createLogs(core, { metrics: { record: () => {} } });
    logs.sink.append("/made", "s", [{ timestamp: 1, message: "two" }]);
    const { events } = await call("FilterLogEvents", { logGroupName: "/made" });
    expect(messages(events)).toEqual(["one", "two"]);
  });
});

describe("metrics from logs", () => {
  const transformation = { metricName: "Errors", metricNamespace: "App", metricValue: "1" };

  test("each matching event emits the metric, others the default value", async () => {
    await newStream();
    await call("PutMetricFilter", {
      ...group,
      filterName: "errors",
      filterPattern: "ERROR",
      metricTransformations: [{ ...transformation, defaultValue: 0, unit: "Count" }],
    });
    logs.sink.append(group.logGroupName, "s", [
      { timestamp: 1000, message: "ERROR a" },
      { timestamp: 2000, message: "fine" },
    ]);
    await call("DescribeLogStreams", group);
    const common = { namespace: "App", name: "Errors", dimensions: {}, unit: "Count" };
    expect(metrics).toEqual([
      { ...common, value: 1, timestamp: 1000 },
      { ...common, value: 0, timestamp: 2000 },
    ]);
    const { metricFilters } = await call("DescribeMetricFilters", { ...group, filterNamePrefix: "err" });
    expect(metricFilters).toEqual([
      expect.objectContaining({
        filterName: "errors",
        filterPattern: "ERROR",
        logGroupName: group.logGroupName,
        metricTransformations: [{ ...transformation, defaultValue: 0, unit: "Count" }],
      }),
    ]);
    expect((await call("DescribeLogGroups", {})).logGroups?.[0]?.metricFilterCount).toBe(1);
    await call("DeleteMetricFilter", { ...group, filterName: "errors" });
    logs.sink.append(group.logGroupName, "s", [{ timestamp: 3000, message: "ERROR b" }]);
    await call("DescribeLogStreams", group);
    expect(metrics).toHaveLength(2);
  });

  test("values and dimensions come from the event", async () => {
    await newStream();
    await call("PutMetricFilter", {
      ...group,
      filterName: "latency",
      filterPattern: "{ $.latency = * }",
      metricTransformations: [{ ...transformation, metricValue: "$.latency", dimensions: { Route: "$.route" } }],
    });
    logs.sink.append(group.logGroupName, "s", [
      { timestamp: 1, message: '{"latency": 12.5, "route": "/items"}' },
      { timestamp: 2, message: '{"latency": 1}' },
      { timestamp: 3, message: '{"latency": "n/a", "route": "/items"}' },
    ]);
    await call("DescribeLogStreams", group);
    expect(metrics).toEqual([expect.objectContaining({ value: 12.5, dimensions: { Route: "/items" } })]);
  });

  test.each([
    [{ metricNamespace: "AWS/Lambda" }, "reserved"],
    [{ metricValue: "$.x" }, "does not refer to a field"],
    [{ metricValue: "many" }, "does not refer to a field"],
    [{ defaultValue: 0, dimensions: { a: "$.a" } }, "mutually exclusive"],
  ])("PutMetricFilter refuses %o", async (given, message) => {
    await call("CreateLogGroup", group);
    const metricTransformations = [{ ...transformation, ...given }];
    await expect(
      call("PutMetricFilter", { ...group, filterName: "f", filterPattern: "ERROR", metricTransformations }),
    ).rejects.toThrow(message);
  });

  test("TestMetricFilter shows what a pattern extracts", async () => {
    const { matches } = await call("TestMetricFilter", {
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
      latency: [5, 7],
      text: "no number",
    };
    logs.sink.append("/g", "s", [{ timestamp: 1, message: JSON.stringify(line) }], { createGroup: true });
    await call("DescribeLogGroups", {});
    expect(metrics.map(({ dimensions, value }) => [dimensions, value])).toEqual([
      [{ service: "api" }, 5],
      [{ service: "api" }, 7],
      [{ service: "api", version: "7" }, 5],
      [{ service: "api", version: "7" }, 7],
    ]);
    expect(metrics[0]).toMatchObject({
      namespace: "Items",
      name: "latency",
      unit: "Milliseconds",
      timestamp: 1_700_000_000_000,
      storageResolution: 1,
    });
  });
});

test("query definitions and resource policies are kept", async () => {
  const { queryDefinitionId } = await call("PutQueryDefinition", {
    name: "errors",
    queryString: "fields @message",
    logGroupNames: ["/g"],
  });
  await call("PutQueryDefinition", { queryDefinitionId, name: "all errors", queryString: "fields @message" });
  expect((await call("DescribeQueryDefinitions", { queryDefinitionNamePrefix: "all" })).queryDefinitions).toEqual([
    expect.objectContaining({ queryDefinitionId, name: "all errors", queryString: "fields @message" }),
  ]);
  expect(await call("DeleteQueryDefinition", { queryDefinitionId })).toEqual({ success: true });
  await expect(call("DeleteQueryDefinition", { queryDefinitionId })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });

  await call("PutResourcePolicy", { policyName: "p", policyDocument: '{"Statement":[]}' });
  expect((await call("DescribeResourcePolicies", {})).resourcePolicies).toEqual([
    expect.objectContaining({ policyName: "p", policyDocument: '{"Statement":[]}' }),
  ]);
  await call("DeleteResourcePolicy", { policyName: "p" });
  expect(await logs.service.inventory?.()).toEqual([]);
});
