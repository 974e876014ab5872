import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LogsHarness, logsHarness } from "../../logs-harness.ts";

const DAY_MS = 86_400_000;

// One service for all tests, since its threads take a while to start; each test has groups of its own.
let aws: LogsHarness;
let tests = 0;
let group = "";

beforeAll(() => {
  aws = logsHarness();
});

beforeEach(async () => {
  group = `/aws/lambda/test-${tests++}`;
  await newGroup(group);
});

afterAll(() => aws.dispose());

async function newGroup(logGroupName: string): Promise<void> {
  await aws.call("CreateLogGroup", { logGroupName });
  await aws.call("CreateLogStream", { logGroupName, logStreamName: "s" });
}

async function put(...messages: string[]): Promise<number> {
  const timestamp = Math.floor(aws.core.clock.now());
  await aws.call("PutLogEvents", {
    logGroupName: group,
    logStreamName: "s",
    logEvents: messages.map((message) => ({ timestamp, message })),
  });
  return timestamp;
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

function lastHour(): { startTime: number; endTime: number } {
  const endTime = seconds(aws.core.clock.now());
  return { startTime: endTime - 3600, endTime };
}

async function start(queryString: string, more: object = { logGroupName: group }): Promise<string> {
  const { queryId = "" } = await aws.call("StartQuery", { queryString, ...lastHour(), ...more });
  return queryId;
}

async function ended(queryId: string) {
  for (;;) {
    const answer = await aws.call("GetQueryResults", { queryId });
    if (answer.status !== "Scheduled" && answer.status !== "Running") {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const run = async (queryString: string, more?: object) => ended(await start(queryString, more));

/** Rows of results as objects. */
const rowsOf = ({ results = [] }: { results?: { field?: string; value?: string }[][] }) =>
  results.map((row) => Object.fromEntries(row.map(({ field, value }) => [field, value])));

describe("a query", () => {
  test("is scheduled, runs in the background, and gives its rows with pointers to their records", async () => {
    await put("ERROR one", "two");
    const queryId = await start("fields @message | filter @message like /ERROR/");
    expect(await aws.call("GetQueryResults", { queryId })).toMatchObject({ status: "Running", results: [] });
    const answer = await ended(queryId);
    expect(answer).toMatchObject({
      queryLanguage: "CWLI",
      status: "Complete",
      results: [[{ field: "@message", value: "ERROR one" }, { field: "@ptr" }]],
      statistics: { recordsMatched: 1, recordsScanned: 2, bytesScanned: 12, logGroupsScanned: 1, resultCount: 1 },
    });
    expect(answer.nextToken).toBeUndefined();
    const logRecordPointer = rowsOf(answer)[0]?.["@ptr"] ?? "";
    const { logRecord } = await aws.call("GetLogRecord", { logRecordPointer });
    expect(logRecord).toMatchObject({ "@message": "ERROR one", "@logStream": "s", "@log": `000000000000:${group}` });
    expect(Number(logRecord?.["@timestamp"])).toBeGreaterThan(0);
  });

  test("sees what is still on its way into the store", async () => {
    aws.logs.sink.append(group, "s", [{ timestamp: aws.core.clock.now(), message: "buffered" }]);
    expect(rowsOf(await run("fields @message"))).toMatchObject([{ "@message": "buffered" }]);
  });

  test("looks at its range of seconds, both ends included", async () => {
    const now = await put("now");
    const at = (startTime: number, endTime: number) =>
      run("stats count(*) as n", { logGroupName: group, startTime, endTime });
    expect(rowsOf(await at(seconds(now), seconds(now)))).toEqual([{ n: "1" }]);
    expect(rowsOf(await at(seconds(now) + 1, seconds(now) + 9))).toEqual([]);
  });

  test("does not see what retention has ended, or other groups", async () => {
    await newGroup("/other");
    await aws.call("PutRetentionPolicy", { logGroupName: group, retentionInDays: 1 });
    await put("old");
    await aws.core.clock.advance(DAY_MS);
    await put("new");
    const range = { startTime: 0, endTime: seconds(aws.core.clock.now()) };
    expect(rowsOf(await run("fields @message", { logGroupName: group, ...range }))).toMatchObject([
      { "@message": "new" },
    ]);
    expect(rowsOf(await run("fields @message", { logGroupName: "/other", ...range }))).toEqual([]);
  });

  test("names its groups in one of four ways", async () => {
    const other = `${group}/other`;
    await newGroup(other);
    await put("x");
    const arn = `arn:aws:logs:us-east-1:000000000000:log-group:${group}`;
    const count = "stats count(*) as n by @log";
    for (const [queryString, more] of [
      [count, { logGroupNames: [group, other] }],
      [count, { logGroupIdentifiers: [arn, arn, other] }],
      [`SOURCE '${group}' | SOURCE '${other}' | ${count}`, {}],
      [`SOURCE logGroups(namePrefix: ['${group}']) | ${count}`, {}],
      [
        `SOURCE logGroups(accountIdentifiers: ['000000000000'], namePrefix: ['${group}'], class: ['STANDARD']) | ${count}`,
        {},
      ],
    ] as const) {
      const answer = await run(queryString, more);
      expect(rowsOf(answer)).toEqual([{ "@log": `000000000000:${group}`, n: "1" }]);
      expect(answer.statistics?.logGroupsScanned).toBe(2);
    }
  });

  test("gives at most its limit of rows, page by page", async () => {
    const messages = Array.from({ length: 2500 }, (_, index) => String(index));
    await put(...messages);
    const queryId = await start("fields @message | limit 2300");
    await ended(queryId);
    const rows: string[] = [];
    let nextToken: string | undefined;
    const sizes: number[] = [];
    do {
      const page = await aws.call("GetQueryResults", { queryId, maxItems: 1100, nextToken });
      sizes.push(page.results?.length ?? 0);
      rows.push(...rowsOf(page).map((row) => row["@message"] ?? ""));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(sizes).toEqual([1100, 1100, 100]);
    expect(rows).toEqual(messages.slice(200).reverse());
    expect((await run("fields @message", { logGroupName: group, limit: 7 })).results).toHaveLength(7);
    expect((await run("fields @message | limit 9", { logGroupName: group, limit: 7 })).results).toHaveLength(7);
    expect((await run("fields @message | limit 5", { logGroupName: group, limit: 7 })).results).toHaveLength(5);
  });

  test("is listed, and kept for seven days of the clock and over a restart", async () => {
    await put("x");
    const first = await start("fields @message");
    await ended(first);
    await aws.core.clock.advance(1000);
    const second = await start("stats count(*)");
    await ended(second);
    const { queries } = await aws.call("DescribeQueries", { logGroupName: group, status: "Complete" });
    expect(queries).toMatchObject([
      {
        queryId: second,
        queryString: "stats count(*)",
        status: "Complete",
        logGroupName: group,
        queryLanguage: "CWLI",
      },
      { queryId: first, bytesScanned: 1, userIdentity: "arn:aws:iam::000000000000:root" },
    ]);
    expect((await aws.call("DescribeQueries", { maxResults: 1 })).nextToken).toBeDefined();
    expect((await aws.call("DescribeQueries", { logGroupName: group, status: "Failed" })).queries).toEqual([]);
    expect((await aws.call("DescribeQueries", { logGroupName: "/nobody" })).queries).toEqual([]);
    await aws.reopen();
    expect((await aws.call("GetQueryResults", { queryId: first })).results).toHaveLength(1);
    await aws.core.clock.advance(7 * DAY_MS);
    await expect(aws.call("GetQueryResults", { queryId: first })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    const { rows } = aws.core.store.database.prepare("SELECT COUNT(*) AS rows FROM logs_query_rows").get() as {
      rows: number;
    };
    expect(rows).toBe(0);
  });

  test("that was under way when local AWS stopped is run again", async () => {
    await put("x");
    const queryId = await start("fields @message");
    await aws.reopen();
    expect(rowsOf(await ended(queryId))).toMatchObject([{ "@message": "x" }]);
  });
});

test("a query that never ends is not begun for ever", async () => {
  await put("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-");
  const queryId = await start("filter @message like /^(a+)+$/");
  for (const status of ["Running", "Running", "Failed"]) {
    await aws.reopen();
    expect((await aws.call("GetQueryResults", { queryId })).status).toBe(status);
  }
});

describe("what cannot be is refused", () => {
  test("a malformed query, with its place", async () => {
    await expect(start("fields @message | sorted x")).rejects.toMatchObject({
      code: "MalformedQueryException",
      message: "unexpected symbol found sorted at line 1 and position 19, expected a command",
      options: { fields: { queryCompileError: { location: { startCharOffset: 18, endCharOffset: 24 } } } },
    });
  });

  test.each<readonly [code: string, message: string, input: object | (() => object)]>([
    ["NotImplemented", "not SQL", { queryLanguage: "SQL" }],
    ["NotImplemented", "not PPL", { queryLanguage: "PPL" }],
    ["InvalidParameterException", "End time should not be less", { startTime: 2, endTime: 1 }],
    ["InvalidParameterException", "startTime is a time in seconds", { startTime: 1_795_852_800_000 }],
    ["InvalidParameterException", "endTime is a time in seconds", { endTime: undefined }],
    ["InvalidParameterException", "'limit' failed", { limit: 0 }],
    ["InvalidParameterException", "'limit' failed", { limit: 100_001 }],
    ["InvalidParameterException", "Exactly one of", () => ({ logGroupNames: [group] })],
    ["InvalidParameterException", "Exactly one of", { logGroupName: undefined }],
    ["InvalidParameterException", "Exactly one of", { queryString: "SOURCE 'x' | fields a" }],
    ["InvalidParameterException", "at most 10000 characters", { queryString: `fields ${"a".repeat(10_000)}` }],
    [
      "InvalidParameterException",
      "1 to 50 log groups",
      () => ({ logGroupName: undefined, logGroupNames: Array(51).fill(group) }),
    ],
    ["ResourceNotFoundException", "does not exist", { logGroupName: "/missing" }],
    [
      "ResourceNotFoundException",
      "selects no log group",
      { logGroupName: undefined, queryString: "SOURCE logGroups(namePrefix: ['/no']) | fields a" },
    ],
    ["MalformedQueryException", "before the log groups creation time", { startTime: 1, endTime: 2 }],
  ])("%s: %s", async (code, message, input) => {
    const more = typeof input === "function" ? input() : input;
    const given = { queryString: "fields @message", logGroupName: group, ...lastHour(), ...more };
    await expect(aws.call("StartQuery", given)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test("queries, records and tokens that do not exist", async () => {
    await expect(aws.call("GetQueryResults", { queryId: "x" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    await expect(aws.call("StopQuery", { queryId: "x" })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
    await expect(aws.call("GetLogRecord", { logRecordPointer: "x" })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
    await put("x");
    const answer = await run("fields @message");
    const logRecordPointer = rowsOf(answer)[0]?.["@ptr"] ?? "";
    await expect(aws.call("GetLogRecord", { logRecordPointer, unmask: true })).rejects.toMatchObject({
      code: "NotImplemented",
    });
    await aws.call("DeleteLogGroup", { logGroupName: group });
    await expect(aws.call("GetLogRecord", { logRecordPointer })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
  });
});

test("StopQuery cancels a query, and refuses one that has ended", async () => {
  await put("x");
  const queryId = await start("fields @message");
  expect(await aws.call("StopQuery", { queryId })).toEqual({ success: true });
  expect(await aws.call("GetQueryResults", { queryId })).toMatchObject({ status: "Cancelled", results: [] });
  await expect(aws.call("StopQuery", { queryId })).rejects.toMatchObject({ code: "InvalidParameterException" });
  // The next one gets a thread of its own.
  expect(await run("fields @message")).toMatchObject({ status: "Complete" });
});

test("at most 100 queries are under way", async () => {
  const ids = await Promise.all(Array.from({ length: 100 }, () => start("fields @message")));
  await expect(start("fields @message")).rejects.toMatchObject({ code: "LimitExceededException" });
  // Those that wait first: in place of one that runs, another would start.
  for (const queryId of ids.reverse()) {
    await aws.call("StopQuery", { queryId });
  }
  expect(await aws.call("DescribeQueries", { logGroupName: group, status: "Cancelled" })).toMatchObject({
    queries: { length: 100 },
  });
});

test("GetLogGroupFields says how many of the last events have which fields", async () => {
  await put('{"a":1,"b":{"c":2}}', '{"a":1}', "text");
  const { logGroupFields } = await aws.call("GetLogGroupFields", { logGroupName: group });
  expect(logGroupFields).toEqual([
    ...["@ingestionTime", "@log", "@logStream", "@message", "@timestamp"].map((name) => ({ name, percent: 100 })),
    { name: "a", percent: 67 },
    { name: "b.c", percent: 33 },
  ]);
  const time = seconds(aws.core.clock.now());
  expect((await aws.call("GetLogGroupFields", { logGroupIdentifier: group, time })).logGroupFields).toHaveLength(7);
  expect((await aws.call("GetLogGroupFields", { logGroupName: group, time: time - 3600 })).logGroupFields).toEqual([]);
});

test("GetLogGroupFields looks at no more than some megabytes", async () => {
  await put('{"first":1}');
  for (let count = 0; count < 6; count++) {
    await put(JSON.stringify({ large: "x".repeat(1_000_000) }));
  }
  const { logGroupFields = [] } = await aws.call("GetLogGroupFields", { logGroupName: group });
  expect(logGroupFields.map(({ name }) => name)).toContain("large");
  expect(logGroupFields.map(({ name }) => name)).not.toContain("first");
});
