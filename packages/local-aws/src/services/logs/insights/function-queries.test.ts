import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCESS_GROUP, FIRST_STREAM, FUNCTION_GROUP, IDS, PLAIN_GROUP } from "./test/log-lines.ts";
import { type QueryFixture, queryFixture, type ResultObject } from "./test/query-fixture.ts";

let fixture: QueryFixture;

beforeAll(() => {
  fixture = queryFixture();
});

afterAll(() => fixture.dispose());

/** Expressions and what they are for the line `user=bob, method:PUT, latency := 80` of 08:00:01. */
describe("an expression has its value", () => {
  test.each<readonly [expression: string, value: string | undefined]>([
    ["1 + 2 * 3", "7"],
    ["(1 + 2) * 3", "9"],
    ["2 ^ 3", "8"],
    ["2 ^ 3 ^ 2", "512"],
    ["-2 ^ 2", "-4"],
    ["10 % 3", "1"],
    ["7 / 2", "3.5"],
    ["10 - 4 - 3", "3"],
    ["1 / 3", "0.3333"],
    ["2 / 3", "0.6667"],
    ["1 / 0", undefined],
    ["1 + 'x'", undefined],
    ["'2' + '3'", "5"],
    ["1e3 + 0.5", "1000.5"],
    ["abs(-3.5)", "3.5"],
    ["ceil(1.2)", "2"],
    ["floor(-1.2)", "-2"],
    ["greatest(1, 5, 3)", "5"],
    ["least(4, 2, 3)", "2"],
    ["greatest(missing, 2)", "2"],
    ["log(1)", "0"],
    ["log(0)", undefined],
    ["sqrt(16)", "4"],
    ["sqrt(-1)", undefined],
    ["round(2.5)", "3"],
    ["toNumber('12')", "12"],
    ["1 < 2", "1"],
    ["1 = 2", "0"],
    ["'a' < 'b' and not 2 < 1", "1"],
    ["true or false", "1"],
    ["missing = 1", "0"],
    ["missing != 1", "1"],
    ["ispresent(@message)", "1"],
    ["isPresent(missing)", "0"],
    ["coalesce(missing, 'x', 'y')", "x"],
    ["coalesce(missing, gone)", undefined],
    ["if(1 < 2, 'yes', 'no')", "yes"],
    ["isempty('')", "1"],
    ["isempty(missing)", "1"],
    ["isempty(' ')", "0"],
    ["isblank(' ')", "1"],
    ["isblank('x')", "0"],
    ["concat('a', 1 + 1, 'b')", "a2b"],
    ["concat('a', missing, 'b')", "ab"],
    ["ltrim('  x ')", "x "],
    ["rtrim('  x ')", "  x"],
    ["trim('  x ')", "x"],
    ["ltrim('xyZxyfooxyZ', 'xyZ')", "fooxyZ"],
    ["rtrim('xyZfooxyxyZ', 'xyZ')", "xyZfoo"],
    ["trim('xyZxyfooxyxyZ', 'xyZ')", "foo"],
    ["strlen('naïve ☕ 𝒳')", "9"],
    ["toupper('aé')", "AÉ"],
    ["tolower('AÉ')", "aé"],
    ["substr('xyZfooxyZ', 3)", "fooxyZ"],
    ["substr('xyZfooxyZ', 3, 3)", "foo"],
    ["replace('foo', 'o', '0')", "f00"],
    ["replace('a$b', '$', '$&')", "a$&b"],
    ["strcontains('foobar', 'oba')", "1"],
    ["strcontains('foobar', 'OBA')", "0"],
    ["startsWith('foobar', 'foo')", "1"],
    ["endsWith('foobar', 'foo')", "0"],
    ["md5('a')", "0cc175b9c0f1b6a831c399e269772661"],
    ["base64decode(base64encode('☕'))", "☕"],
    ["jsonStringify(jsonParse('{\"a\": [1, 2]}'))", '{"a":[1,2]}'],
    ["jsonParse('no json')", undefined],
    ["isValidIp('10.0.0.1')", "1"],
    ["isValidIpV6('10.0.0.1')", "0"],
    ["isValidIpv4('10.0.0.256')", "0"],
    ["isValidIpV6('2001:db8::1')", "1"],
    ["isIpInSubnet('10.1.2.3', '10.0.0.0/8')", "1"],
    ["isIpv4InSubnet('11.1.2.3', '10.0.0.0/8')", "0"],
    ["isIpv6InSubnet('2001:db8::1', '2001:db8::/32')", "1"],
    ["@timestamp", "2026-11-28 08:00:01.000"],
    ["toMillis(@timestamp)", "1795852801000"],
    ["@timestamp + 0", "1795852801000"],
    ["fromMillis(1795852800000)", "2026-11-28 08:00:00.000"],
    ["fromMillis(toMillis(@timestamp) - 86400000)", "2026-11-27 08:00:01.000"],
    ["concat('at ', @timestamp)", "at 2026-11-28 08:00:01.000"],
    ["coalesce(@timestamp, @ingestionTime)", "2026-11-28 08:00:01.000"],
    ["bin(5m)", "2026-11-28 08:00:00.000"],
    ["bin(1s)", "2026-11-28 08:00:01.000"],
    ["bin(7ms)", "2026-11-28 08:00:00.994"],
    ["datefloor(@timestamp, 1h)", "2026-11-28 08:00:00.000"],
    ["dateceil(@timestamp, 1h)", "2026-11-28 09:00:00.000"],
    ["dateceil(bin(1h), 1h)", "2026-11-28 08:00:00.000"],
    ["datefloor(@timestamp, 1d)", "2026-11-28 00:00:00.000"],
    ["datefloor(@timestamp, 1week)", "2026-11-23 00:00:00.000"],
    ["datefloor(@timestamp, 1mo)", "2026-11-01 00:00:00.000"],
    ["datefloor(@timestamp, 2qtrs)", "2026-07-01 00:00:00.000"],
    ["dateceil(@timestamp, 1y)", "2027-01-01 00:00:00.000"],
    ["now()", "1795856400"],
  ])("%s", (expression, value) => {
    const { rows } = fixture.run(`filter @message like 'bob' | fields ${expression} as it | display it`, PLAIN_GROUP);
    expect(rows).toEqual([value === undefined ? {} : { it: value }]);
  });
});

describe("fields are found", () => {
  test.each<readonly [group: string, query: string, row: ResultObject]>([
    [
      FUNCTION_GROUP,
      "filter level = 'WARN' | display operation, error.name, error.retryable, error.cause, error, tags.0, tags.1, tags, `retry-after`, @requestId",
      {
        operation: "listItems",
        "error.name": "ThrottlingException",
        "error.retryable": "1",
        "tags.0": "read",
        "tags.1": "hot",
        "retry-after": "2",
      },
    ],
    [
      FUNCTION_GROUP,
      `filter @requestId = '${IDS.create}' and @type = 'REPORT' | display @duration, @billedDuration, @initDuration, @memorySize, @maxMemoryUsed, @xrayTraceId, @xraySegmentId, @logStream, @log`,
      {
        "@duration": "52.1",
        "@billedDuration": "53.0",
        "@initDuration": "210.55",
        "@memorySize": "2.56E8",
        "@maxMemoryUsed": "8.0E7",
        "@xrayTraceId": "1-674821a0-aaaaaaaaaaaaaaaaaaaaaaaa",
        "@xraySegmentId": "bbbbbbbbbbbbbbbb",
        "@logStream": FIRST_STREAM,
        "@log": `000000000000:${FUNCTION_GROUP}`,
      },
    ],
    [
      FUNCTION_GROUP,
      "filter @message like 'Invoke Error' | display @requestId, errorType, errorMessage, second, @type",
      { "@requestId": IDS.timeout, errorType: "Runtime.ExitError", errorMessage: "left } behind" },
    ],
    [FUNCTION_GROUP, "filter @message like 'timed out' | display @requestId, @duration", { "@requestId": IDS.timeout }],
    [
      FUNCTION_GROUP,
      "filter operation = 'createItem' | display _aws.CloudWatchMetrics.0.Dimensions.1.1, _aws.CloudWatchMetrics.0.Namespace, coldStart",
      {
        "_aws.CloudWatchMetrics.0.Dimensions.1.1": "operation",
        "_aws.CloudWatchMetrics.0.Namespace": "ItemsApi",
        coldStart: "1",
      },
    ],
    [
      PLAIN_GROUP,
      "filter ispresent(exact) | display v, big, exact",
      { v: "9.5", big: "12345678901", exact: "0.123456789" },
    ],
    [
      ACCESS_GROUP,
      "filter status = 504 | display identity.sourceIp, responseLatency, @duration",
      { "identity.sourceIp": "not-an-ip", responseLatency: "-" },
    ],
  ])("%s: %s", (group, query, row) => {
    expect(fixture.run(query, group).rows).toEqual([row]);
  });

  test("a name that begins with @ has one more in front, and names with dots of their own are found", () => {
    const one = queryFixture({ isEmpty: true });
    one.add("/g", [[0, "s", '{"@v":1,"a.b":{"c":2},"a":{"d":3},"list":[[4],{"x":5}],"":6}']]);
    const { rows } = one.run("display @@v, a.b.c, a.d, list.0.0, list.1.x, @v", "/g");
    one.dispose();
    expect(rows).toEqual([{ "@@v": "1", "a.b.c": "2", "a.d": "3", "list.0.0": "4", "list.1.x": "5" }]);
  });

  test("no more than 200 fields of an event are discovered", () => {
    const one = queryFixture({ isEmpty: true });
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index + 1}`, index + 1]));
    one.add("/g", [[0, "s", JSON.stringify(wide)]]);
    const { rows } = one.run("display f1, f200, f201", "/g");
    one.dispose();
    expect(rows).toEqual([{ f1: "1", f200: "200" }]);
  });

  test("outside of Lambda only whole events are JSON", () => {
    const one = queryFixture({ isEmpty: true });
    one.add("/g", [[0, "s", 'text {"v":1}']]);
    one.add("/aws/lambda/g", [[0, "s", 'text {"v":1}']]);
    const found = ["/g", "/aws/lambda/g"].map((group) => one.run("display v", group).rows);
    one.dispose();
    expect(found).toEqual([[{}], [{ v: "1" }]]);
  });
});

test("without fields and display, results have the time and the message, and what parse has found", () => {
  const time = "2026-11-28 08:00:01.000";
  const message = "user=bob, method:PUT, latency := 80";
  const only = "filter @message like 'bob'";
  expect(fixture.run(only, PLAIN_GROUP).rows).toEqual([{ "@timestamp": time, "@message": message }]);
  expect(fixture.run(`${only} | parse 'user=*,' as user`, PLAIN_GROUP).rows).toEqual([
    { "@timestamp": time, "@message": message, user: "bob" },
  ]);
  expect(
    fixture.run(`${only} | fields @timestamp | fields 1 + 1, strlen(@message) as length`, PLAIN_GROUP).rows,
  ).toEqual([{ "@timestamp": time, "1 + 1": "2", length: "35" }]);
  expect(fixture.run(`${only} | display @message | fields @log | display @timestamp`, PLAIN_GROUP).rows).toEqual([
    { "@timestamp": time },
  ]);
});
