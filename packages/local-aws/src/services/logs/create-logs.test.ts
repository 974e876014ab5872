import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LogsHarness, logsHarness } from "./logs-harness.ts";

let aws: LogsHarness;

beforeEach(() => {
  aws = logsHarness();
});

afterEach(() => aws.dispose());

const group = { logGroupName: "/aws/lambda/f" };
const stream = { ...group, logStreamName: "2026/11/23/[$LATEST]abc" };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function newStream(): Promise<void> {
  await aws.call("CreateLogGroup", group);
  await aws.call("CreateLogStream", stream);
}

const messages = (events: { message?: string }[] | undefined) => events?.map(({ message }) => message);

describe("groups", () => {
  test("a group is described with both of its ARNs", async () => {
    await aws.call("CreateLogGroup", { ...group, tags: { a: "b" } });
    await aws.call("PutRetentionPolicy", { ...group, retentionInDays: 14 });
    const { logGroups } = await aws.call("DescribeLogGroups", { logGroupNamePrefix: "/aws/lambda/" });
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
    expect(await aws.call("ListTagsForResource", { resourceArn })).toEqual({ tags: { a: "b" } });
    await aws.call("TagResource", { resourceArn, tags: { c: "d" } });
    await aws.call("UntagResource", { resourceArn, tagKeys: ["a"] });
    expect(await aws.call("ListTagsLogGroup", group)).toEqual({ tags: { c: "d" } });
  });

  test("DescribeLogGroups pages in the order of names", async () => {
    for (const logGroupName of ["c", "a", "b"]) {
      await aws.call("CreateLogGroup", { logGroupName });
    }
    const first = await aws.call("DescribeLogGroups", { limit: 2 });
    const second = await aws.call("DescribeLogGroups", { limit: 2, nextToken: first.nextToken });
    expect([...(first.logGroups ?? []), ...(second.logGroups ?? [])].map((each) => each.logGroupName)).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect(second.nextToken).toBeUndefined();
  });

  test("what AWS refuses is refused", async () => {
    await aws.call("CreateLogGroup", group);
    await expect(aws.call("CreateLogGroup", group)).rejects.toMatchObject({ code: "ResourceAlreadyExistsException" });
    await expect(aws.call("CreateLogGroup", { logGroupName: "no spaces" })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
    await expect(aws.call("PutRetentionPolicy", { ...group, retentionInDays: 2 })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
    await expect(aws.call("DeleteLogGroup", { logGroupName: "other" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    await expect(aws.call("CreateLogGroup", { logGroupName: "k", kmsKeyId: "alias/x" })).rejects.toThrow(
      "The specified KMS key does not exist",
    );
  });

  test("deleting a group deletes its streams, events and filters", async () => {
    await newStream();
    await aws.call("PutLogEvents", { ...stream, logEvents: [{ timestamp: aws.core.clock.now(), message: "m" }] });
    await aws.call("DeleteLogGroup", group);
    expect(await aws.logs.service.inventory?.()).toEqual([]);
    await aws.call("CreateLogGroup", group);
    expect((await aws.call("FilterLogEvents", group)).events).toEqual([]);
    expect((await aws.call("DescribeLogStreams", group)).logStreams).toEqual([]);
  });
});

describe("events", () => {
  test("PutLogEvents reports which ends of a batch it did not take", async () => {
    await newStream();
    await aws.call("PutRetentionPolicy", { ...group, retentionInDays: 3 });
    const now = aws.core.clock.now();
    const put = (...times: number[]) =>
      aws.call("PutLogEvents", {
        ...stream,
        logEvents: times.map((timestamp) => ({ timestamp, message: `at ${timestamp - now}` })),
      });
    expect((await put(now - 15 * DAY_MS)).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    expect((await put(now - 3.5 * DAY_MS, now - 2.9 * DAY_MS)).rejectedLogEventsInfo).toEqual({
      expiredLogEventEndIndex: 1,
    });
    expect((await put(now, now + 3 * 3600 * 1000)).rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect((await put(now)).rejectedLogEventsInfo).toBeUndefined();
    const { events } = await aws.call("GetLogEvents", { ...stream, startFromHead: true });
    expect(messages(events)).toEqual([`at ${-2.9 * DAY_MS}`, "at 0", "at 0"]);
  });

  test.each([
    [[], "Member must have length greater than or equal to 1"],
    [[2, 1], "must be in chronological order"],
    [[0, DAY_MS + 1], "cannot span more than 24 hours"],
  ])("PutLogEvents refuses events at %j", async (offsets, message) => {
    await newStream();
    const now = aws.core.clock.now() - 2 * DAY_MS;
    const logEvents = offsets.map((offset) => ({ timestamp: now + offset, message: "m" }));
    await expect(aws.call("PutLogEvents", { ...stream, logEvents })).rejects.toThrow(message);
  });

  test("what PutLogEvents does not take does not count for the span of a batch", async () => {
    await newStream();
    const now = aws.core.clock.now();
    const logEvents = [now - 20 * DAY_MS, now - DAY_MS / 2, now, now + DAY_MS].map((timestamp) => ({
      timestamp: Math.floor(timestamp),
      message: "m",
    }));
    expect((await aws.call("PutLogEvents", { ...stream, logEvents })).rejectedLogEventsInfo).toEqual({
      tooOldLogEventEndIndex: 1,
      tooNewLogEventStartIndex: 3,
    });
    expect((await aws.call("FilterLogEvents", group)).events).toHaveLength(2);
  });

  test("a batch of more than 1 MiB is refused, counting 26 bytes for each event", async () => {
    await newStream();
    const event = (length: number) => ({ timestamp: aws.core.clock.now(), message: "x".repeat(length) });
    await expect(aws.call("PutLogEvents", { ...stream, logEvents: [event(1_048_551)] })).rejects.toThrow(
      "Upload too large: 1048577 bytes exceeds limit of 1048576",
    );
    await aws.call("PutLogEvents", { ...stream, logEvents: [event(1_048_550)] });
  });

  test("PutLogEvents has written before it answers: another connection sees it", async () => {
    await newStream();
    await aws.call("PutLogEvents", { ...stream, logEvents: [{ timestamp: aws.core.clock.now(), message: "kept" }] });
    const other = new DatabaseSync(join(aws.core.store.directory, "records.sqlite"), { readOnly: true });
    expect(other.prepare("SELECT message FROM logs_events").all()).toEqual([{ message: "kept" }]);
    other.close();
  });

  test("GetLogEvents turns pages both ways and comes to rest at the ends", async () => {
    await newStream();
    const now = aws.core.clock.now();
    await aws.call("PutLogEvents", {
      ...stream,
      logEvents: [1, 2, 3, 4, 5].map((n) => ({ timestamp: now + Math.floor(n / 2), message: `m${n}` })),
    });
    const latest = await aws.call("GetLogEvents", { ...stream, limit: 2 });
    expect(messages(latest.events)).toEqual(["m4", "m5"]);
    const earlier = await aws.call("GetLogEvents", { ...stream, limit: 2, nextToken: latest.nextBackwardToken });
    expect(messages(earlier.events)).toEqual(["m2", "m3"]);
    const forward = await aws.call("GetLogEvents", { ...stream, limit: 2, nextToken: earlier.nextForwardToken });
    expect(messages(forward.events)).toEqual(["m4", "m5"]);
    const end = await aws.call("GetLogEvents", { ...stream, limit: 2, nextToken: forward.nextForwardToken });
    expect(end.events).toEqual([]);
    expect(end.nextForwardToken).toBe(forward.nextForwardToken);

    await aws.call("PutLogEvents", { ...stream, logEvents: [{ timestamp: now + 9, message: "m6" }] });
    const later = await aws.call("GetLogEvents", { ...stream, nextToken: end.nextForwardToken });
    expect(messages(later.events)).toEqual(["m6"]);
    const range = await aws.call("GetLogEvents", { ...stream, startTime: now + 1, endTime: now + 2 });
    expect(messages(range.events)).toEqual(["m2", "m3"]);
    await expect(aws.call("GetLogEvents", { ...stream, nextToken: "nonsense" })).rejects.toThrow(
      "The specified nextToken is invalid.",
    );
  });

  test("FilterLogEvents searches the streams in the order of time, by pattern, time and page", async () => {
    await newStream();
    const other = { ...group, logStreamName: "other" };
    await aws.call("CreateLogStream", other);
    const now = aws.core.clock.now();
    const put = (target: typeof other, ...events: [number, string][]) =>
      aws.call("PutLogEvents", {
        ...target,
        logEvents: events.map(([at, message]) => ({ timestamp: now + at, message })),
      });
    await put(stream, [0, "ERROR one"], [2, "INFO three"], [4, '{"level":"ERROR","status":503}']);
    await put(other, [1, "ERROR two"], [3, "ERROR four"]);

    const all = await aws.call("FilterLogEvents", group);
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

    const json = await aws.call("FilterLogEvents", {
      ...group,
      filterPattern: '{ $.level = "ERROR" && $.status >= 500 }',
    });
    expect(json.events).toHaveLength(1);
    const inRange = await aws.call("FilterLogEvents", {
      ...group,
      startTime: now + 1,
      endTime: now + 3,
      filterPattern: "ERROR",
    });
    expect(messages(inRange.events)).toEqual(["ERROR two", "ERROR four"]);
    const named = await aws.call("FilterLogEvents", {
      logGroupIdentifier: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f",
      logStreamNamePrefix: "oth",
    });
    expect(messages(named.events)).toEqual(["ERROR two", "ERROR four"]);

    const pages: (string | undefined)[][] = [];
    let nextToken: string | undefined;
    do {
      const page = await aws.call("FilterLogEvents", { ...group, limit: 2, filterPattern: "ERROR", nextToken });
      pages.push(messages(page.events) ?? []);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages.flat()).toHaveLength(4);
    const newest = await aws.call("FilterLogEvents", { ...group, limit: 1, startFromHead: false });
    expect(messages(newest.events)).toEqual(['{"level":"ERROR","status":503}']);

    await expect(aws.call("FilterLogEvents", { ...group, logStreamNames: ["none"] })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    await expect(aws.call("FilterLogEvents", { ...group, filterPattern: "{ broken" })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
  });

  test("events past their retention are not seen, and deleted on the clock", async () => {
    await newStream();
    await aws.call("PutLogEvents", { ...stream, logEvents: [{ timestamp: aws.core.clock.now(), message: "old" }] });
    await aws.call("PutRetentionPolicy", { ...group, retentionInDays: 1 });
    expect((await aws.call("FilterLogEvents", group)).events).toHaveLength(1);
    await aws.core.clock.advance(DAY_MS + 10);
    expect((await aws.call("FilterLogEvents", group)).events).toEqual([]);
    await aws.core.clock.advance(3600 * 1000);
    const { count } = aws.core.store.database.prepare("SELECT COUNT(*) AS count FROM logs_events").get() as {
      count: number;
    };
    expect(count).toBe(0);
  });

  test("retention takes events from all reads and from storedBytes at once, and from the tables within the hour", async () => {
    await newStream();
    const now = Math.floor(aws.core.clock.now());
    await aws.call("PutLogEvents", {
      ...stream,
      logEvents: [
        { timestamp: now - 2 * HOUR_MS, message: "old" },
        { timestamp: now, message: "ünd neü" },
      ],
    });
    const only = { ...group, logStreamName: "only-old" };
    await aws.call("CreateLogStream", only);
    await aws.call("PutLogEvents", { ...only, logEvents: [{ timestamp: now - 2 * HOUR_MS, message: "old too" }] });
    await aws.call("PutRetentionPolicy", { ...group, retentionInDays: 1 });
    const storedBytes = async () => (await aws.call("DescribeLogGroups", {})).logGroups?.[0]?.storedBytes;
    const streams = async () =>
      (await aws.call("DescribeLogStreams", group)).logStreams?.map((each) => [
        ...[each.logStreamName, (each.firstEventTimestamp ?? now) - now],
        each.lastEventTimestamp === undefined ? undefined : each.lastEventTimestamp - now,
      ]);
    expect(await storedBytes()).toBe(3 + 26 + 9 + 26 + 7 + 26);

    await aws.core.clock.advance(22.5 * HOUR_MS);
    expect(messages((await aws.call("FilterLogEvents", group)).events)).toEqual(["ünd neü"]);
    expect(messages((await aws.call("GetLogEvents", { ...stream, startFromHead: true })).events)).toEqual(["ünd neü"]);
    expect((await aws.call("GetLogEvents", only)).events).toEqual([]);
    expect(await storedBytes()).toBe(9 + 26);

    const { store } = aws.core;
    const count = () => Number(store.database.prepare("SELECT COUNT(*) AS n FROM logs_events").get()?.n);
    await aws.core.clock.advance(HOUR_MS);
    expect(count()).toBe(1);
    expect(await storedBytes()).toBe(9 + 26);
    expect(await streams()).toEqual([
      [stream.logStreamName, 0, 0],
      ["only-old", 0, undefined],
    ]);
    // Longer retention brings nothing back.
    await aws.call("PutRetentionPolicy", { ...group, retentionInDays: 7 });
    expect(messages((await aws.call("FilterLogEvents", group)).events)).toEqual(["ünd neü"]);
  });

  test("streams are listed by name or by their last event", async () => {
    await aws.call("CreateLogGroup", group);
    const now = aws.core.clock.now();
    for (const [name, at] of [
      ["a", 1],
      ["b", 3],
      ["c", 2],
    ] as const) {
      aws.logs.sink.append(group.logGroupName, name, [{ timestamp: now + at, message: name }]);
    }
    const byName = await aws.call("DescribeLogStreams", { ...group, descending: true, limit: 2 });
    expect(byName.logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(["c", "b"]);
    const rest = await aws.call("DescribeLogStreams", {
      ...group,
      descending: true,
      limit: 2,
      nextToken: byName.nextToken,
    });
    expect(rest.logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(["a"]);
    const byTime = await aws.call("DescribeLogStreams", { ...group, orderBy: "LastEventTime", descending: true });
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
    aws.logs.sink.append("missing", "s", [{ timestamp: aws.core.clock.now(), message: "dropped" }]);
    aws.logs.sink.append("/made", "s", [{ timestamp: aws.core.clock.now(), message: "kept" }], { createGroup: true });
    expect(messages((await aws.call("FilterLogEvents", { logGroupName: "/made" })).events)).toEqual(["kept"]);
    await expect(aws.call("FilterLogEvents", { logGroupName: "missing" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
  });

  test("writes by itself at the next turn of the event loop", async () => {
    aws.logs.sink.append("/made", "s", [{ timestamp: aws.core.clock.now(), message: "kept" }], { createGroup: true });
    await new Promise((resolve) => setImmediate(resolve));
    const { count } = aws.core.store.database.prepare("SELECT COUNT(*) AS count FROM logs_events").get() as {
      count: number;
    };
    expect(count).toBe(1);
  });

  test("another instance on the same store reads what was written, and goes on counting", async () => {
    aws.logs.sink.append("/made", "s", [{ timestamp: 1, message: "one" }], { createGroup: true });
    await aws.reopen();
    aws.logs.sink.append("/made", "s", [{ timestamp: 1, message: "two" }]);
    const { events } = await aws.call("FilterLogEvents", { logGroupName: "/made" });
    expect(messages(events)).toEqual(["one", "two"]);
  });
});

test("query definitions and resource policies are kept", async () => {
  const { queryDefinitionId } = await aws.call("PutQueryDefinition", {
    name: "errors",
    queryString: "fields @message",
    logGroupNames: ["/g"],
  });
  await aws.call("PutQueryDefinition", { queryDefinitionId, name: "all errors", queryString: "fields @message" });
  expect((await aws.call("DescribeQueryDefinitions", { queryDefinitionNamePrefix: "all" })).queryDefinitions).toEqual([
    expect.objectContaining({ queryDefinitionId, name: "all errors", queryString: "fields @message" }),
  ]);
  expect(await aws.call("DeleteQueryDefinition", { queryDefinitionId })).toEqual({ success: true });
  await expect(aws.call("DeleteQueryDefinition", { queryDefinitionId })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });

  await aws.call("PutResourcePolicy", { policyName: "p", policyDocument: '{"Statement":[]}' });
  expect((await aws.call("DescribeResourcePolicies", {})).resourcePolicies).toEqual([
    expect.objectContaining({ policyName: "p", policyDocument: '{"Statement":[]}' }),
  ]);
  await aws.call("DeleteResourcePolicy", { policyName: "p" });
  expect(await aws.logs.service.inventory?.()).toEqual([]);
});
