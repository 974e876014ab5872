import { describe, expect, test } from "vitest";
import { compileFilterPattern } from "./compile-filter-pattern.ts";
import { LogText } from "./filter-pattern.ts";

const match = (pattern: string, message: string) => compileFilterPattern(pattern).match(new LogText(message));
const matches = (pattern: string, message: string): boolean => match(pattern, message) !== undefined;

// The patterns, events and verdicts are those of AWS's user guide, "Filter pattern syntax for metric filters, subscription filters,
// filter log events, and Live Tail" (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html) and of the
// pages under it, beside cases that lie next to them.

const BAD_REQUEST = "[ERROR 400] BAD REQUEST";
const UNAUTHORIZED = "[ERROR 401] UNAUTHORIZED REQUEST";
const MISSING = "[ERROR 419] MISSING ARGUMENTS";
const INVALID = "[ERROR 420] INVALID ARGUMENTS";
const INTERNAL = "[ERROR 500] INTERNAL SERVER ERROR";
const ALL = [BAD_REQUEST, UNAUTHORIZED, MISSING, INVALID, INTERNAL, "[INFO 200] OK"];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html */
describe("terms", () => {
  test.each<[string, string[]]>([
    ["ERROR", [BAD_REQUEST, UNAUTHORIZED, MISSING, INVALID, INTERNAL]],
    ["ERROR ARGUMENTS", [MISSING, INVALID]],
    ["?ERROR ?ARGUMENTS", [BAD_REQUEST, UNAUTHORIZED, MISSING, INVALID, INTERNAL]],
    ["?INTERNAL ?ARGUMENTS", [MISSING, INVALID, INTERNAL]],
    ['?"SERVER ERROR" ?"INVALID ARGUMENTS"', [INVALID, INTERNAL]],
    // Optional terms beside others are ignored, whichever stand first.
    ["?ERROR ?ARGUMENTS REQUEST", [BAD_REQUEST, UNAUTHORIZED]],
    ["REQUEST ?ARGUMENTS", [BAD_REQUEST, UNAUTHORIZED]],
    ["?INTERNAL -ARGUMENTS", [BAD_REQUEST, UNAUTHORIZED, INTERNAL, "[INFO 200] OK"]],
    ['"INTERNAL SERVER ERROR"', [INTERNAL]],
    ["ERROR -ARGUMENTS", [BAD_REQUEST, UNAUTHORIZED, INTERNAL]],
    ['ERROR -"BAD REQUEST" -INTERNAL', [UNAUTHORIZED, MISSING, INVALID]],
    ["-ERROR", ["[INFO 200] OK"]],
    ['" "', ALL],
    ["", ALL],
    ["  ", ALL],
    ["error", []],
    ['"[ERROR 400]"', [BAD_REQUEST]],
  ])("%s", (pattern, expected) => {
    expect(ALL.filter((message) => matches(pattern, message))).toEqual(expected);
  });

  test.each([
    ["ERROR", "Exiting with ERRORCODE: -1", true],
    ['"ERROR" - "Exiting"', "Exiting with ERRORCODE: -1", false],
    ["ERROR Exception", "[ERROR] Caught IllegalArgumentException", true],
    ["ERROR Exception", "[ERROR] only", false],
    ['"say \\"hi\\""', 'they say "hi"', true],
    ['"order-item-1"', "thread order-item-1 ended", true],
  ])("%s on %s is %s", (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected);
  });
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html */
test.each([
  ["%AUTHORIZED%", UNAUTHORIZED, true],
  ["%AUTHORIZED%", "[SUCCESS 200] AUTHORIZED REQUEST", true],
  ["%AUTHORIZED%", BAD_REQUEST, false],
  ["%\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}%", "from 10.10.0.1 in", true],
  ["%[Ee]rror|[Ff]ail%", "it will Fail", true],
  ["%[Ee]rror|[Ff]ail%", "ERROR", false],
  ["%^[hc]at%", "hat trick", true],
  ["%^[hc]at%", "a hat", false],
  ["%[hc]at$%", "the cat", true],
  ["%[hc]at$%", "cats", false],
  ["%colou?r%", "color", true],
  ["%colou?r%", "colour", true],
  ["%[abcx-z]%", "y", true],
  ["%[abcx-z]%", "m", false],
  ["%a{3,5}%", "aaaa", true],
  ["%a{3,5}%", "aa", false],
  ["%gra|ey%", "grey", true],
  ["%^starting|^initializing|^shutting down%", "shutting down now", true],
  ["%^starting|^initializing|^shutting down%", "skipping initializing", false],
  ["%10\\.10\\.0\\.1%", "10.10.0.1", true],
  ["%10\\.10\\.0\\.1%", "10010,001", false],
  ["%\\[.\\]%", "seen [7] times", true],
  ["%ab*c%", "ac", true],
  ["%ab*c%", "abbbc", true],
  ["%ab+c%", "ac", false],
  ["%.at%", "4at", true],
  ["%\\D%", "80", false],
  ["%\\s%", "a b", true],
  ["%\\S%", "  ", false],
  ["%\\w%", "_", true],
  ["%\\W%", "word", false],
  ["%\\x3A%", "key:value", true],
  // How one asks for the parentheses that may not be written.
  ["%f\\x28x\\x29%", "f(x)", true],
  ["%^5[0-9]{2} %", "503 busy", true],
])("regular expressions: %s on %s is %s", (pattern, message, expected) => {
  expect(matches(pattern, message)).toBe(expected);
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html */
describe("JSON", () => {
  const trail = JSON.stringify({
    eventType: "UpdateTrail",
    sourceIPAddress: "111.111.111.111",
    arrayKey: ["value", "another value"],
    objectList: [
      { name: "a", id: 1 },
      { name: "b", id: 2 },
    ],
    SomeObject: null,
    ThisFlag: true,
    latency: 500,
    ratio: -0.5,
    text: "503",
    "cluster.name": "c",
  });

  test.each([
    ['{ $.eventType = "UpdateTrail" }', true],
    ["{ $.eventType = UpdateTrail }", true],
    ["{$.eventType=UpdateTrail}", true],
    ["{ $.eventType = Update* }", true],
    ["{ $.eventType = *Trail }", true],
    ['{ $.eventType = "*" }', true],
    ["{ $.eventType = Up*Trail }", false],
    ["{ $.eventType = updatetrail }", false],
    ["{ $.sourceIPAddress != 123.123.* }", true],
    ["{ $.sourceIPAddress != 111.111.* }", false],
    ['{ $.eventType = "*" && $.sourceIPAddress != 123.123.* }', true],
    ['{ $.arrayKey[0] = "value" }', true],
    ['{ $.arrayKey[1] = "value" }', false],
    ['{ $.eventType[0] = "value" }', false],
    ["{ $.arrayKey = value }", false],
    ["{ $.arrayKey != value }", false],
    ['{ $.arrayKey[*] = "another value" }', true],
    ["{ $.arrayKey[*] = %val.{2}% }", true],
    ["{ $.objectList[1].id = 2 }", true],
    ["{ $.objectList[1].number = 2 }", false],
    ["{ $.objectList[2].id = 2 }", false],
    ["{ $.objectList[*].id = 2 }", true],
    ["{ $.objectList[0] != x }", false],
    ["{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }", true],
    ["{ $.SomeObject IS NULL }", true],
    ["{ $.eventType IS NULL }", false],
    ["{ $.Other IS NULL }", false],
    ["{ $.SomeOtherObject NOT EXISTS }", true],
    ["{ $.SomeObject NOT EXISTS }", false],
    ["{ $.nothing != 1 }", false],
    ["{ $.ThisFlag IS TRUE }", true],
    ["{ $.ThisFlag IS FALSE }", false],
    ["{ $.text IS TRUE }", false],
    // A value that is compared is a string or a number.
    ["{ $.ThisFlag = true }", false],
    ["{ $.latency >= 500 }", true],
    ["{ $.latency > +500 }", false],
    ["{ $.latency < 10e3 }", true],
    ["{ $.latency = 5e2 }", true],
    ["{ $.latency != 5e+2 }", false],
    ["{ $.latency = 50* }", true],
    ["{ $.ratio > -1 }", true],
    ["{ $.ratio = -5e-1 }", true],
    ["{ $.text > 500 }", true],
    ["{ $.eventType > 500 }", false],
    ["{ $.latency = * }", true],
    ["{ $.missing = * }", false],
    ["{ $.['cluster.name'] = c }", true],
    ["{ $['cluster.name'] = c }", true],
    ["{ $.cluster.name = c }", false],
    ["{ $.eventType = %Update[A-Z]% }", true],
  ])("%s is %s", (pattern, expected) => {
    expect(matches(pattern, trail)).toBe(expected);
  });

  test.each([
    ["{ $.bandwidth > 75 }", '{"bandwidth":75.1}', '{"bandwidth":75}'],
    ["{ $.latency < 50 }", '{"latency":49}', '{"latency":50}'],
    ["{ $.refreshRate >= 60 }", '{"refreshRate":60}', '{"refreshRate":59}'],
    ["{ $.responseTime <= 5 }", '{"responseTime":5}', '{"responseTime":6}'],
    ["{ $.errorCode = 400}", '{"errorCode":400}', '{"errorCode":401}'],
    ["{ $.errorCode != 500 }", '{"errorCode":400}', '{"errorCode":500}'],
    ["{ $.number[0] = 1e-3 }", '{"number":[0.001]}', '{"number":[1000]}'],
    ["{ $.number[0] != 1e+3 }", '{"number":[1]}', '{"number":[1000]}'],
  ])("numbers: %s on %s, not on %s", (pattern, yes, no) => {
    expect([matches(pattern, yes), matches(pattern, no)]).toEqual([true, false]);
  });

  test.each([
    ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', true],
    [
      '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }',
      true,
    ],
    [
      '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }',
      false,
    ],
    ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', false],
    ["{ $.coordinates[1][2] = 6 }", true],
    ['{ (($.user.id = 1 && ($.actions[0] = "PUT" || $.actions[1] = "PUT"))) }', true],
  ])("compound expressions: %s is %s", (pattern, expected) => {
    const event = {
      user: { id: 1, email: "John.Stiles@example.com" },
      users: [
        { id: 2, email: "John.Doe@example.com" },
        { id: 3, email: "Jane.Doe@example.com" },
      ],
      actions: ["GET", "PUT", "DELETE"],
      coordinates: [
        [0, 1, 2],
        [4, 5, 6],
        [7, 8, 9],
      ],
    };
    expect(matches(pattern, JSON.stringify(event))).toBe(expected);
  });

  test("text that is not JSON is not matched", () => {
    expect(matches("{ $.a NOT EXISTS }", "not json")).toBe(false);
    expect(matches("{ $.a = 1 }", 'INFO {"a": 1}')).toBe(false);
  });
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-space-delimited-log-events.html */
describe("space-delimited", () => {
  const access = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  const fields = {
    $timestamp: "10/Oct/2000:13:25:15 -0700",
    $request: "GET /index.html HTTP/1.0",
    $status_code: "404",
  };

  test.each([
    ["[ip, user, username, timestamp, request, status_code, bytes]", true],
    ["[ip, user, username, timestamp, request, status_code, bytes, more]", false],
    ["[..., status_code, bytes]", true],
    ["[ip, user, ...]", true],
    ["[ip, ..., bytes]", true],
    ["[ip, user, username, timestamp, request, status_code, bytes > 1000]", true],
    ["[ip, user, username, timestamp, request, status_code, bytes > 2000]", false],
    ["[ip=%127\\.0\\.0\\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", true],
    ["[ip=%127\\.0\\.1\\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", false],
    ["[..., request =*.html*, status_code = 4*, bytes]", true],
    ["[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]", true],
    ["[ip, user, username, timestamp, request = *html*, status_code = 4* && status_code != 404, bytes]", false],
    ["[ip, user, username, timestamp, request, (status_code = 4* && status_code != 410), bytes]", true],
    ["[..., status_code = 5* || status_code = 404, bytes]", true],
    ["[ip != 127.0.0.1, ...]", false],
    ["[..., status_code = %4[0-9]{2}%, bytes]", true],
    ['[..., request = "GET /index.html HTTP/1.0", status_code, bytes]', true],
    ["[..., status_code >= 400 && status_code < 500, bytes]", true],
    ["[]", true],
  ])("%s is %s", (pattern, expected) => {
    expect(matches(pattern, access)).toBe(expected);
  });

  test.each(["[ ", '" ', '[ " '])("an event of nothing but beginnings takes no longer than others: %s", (beginning) => {
    const begun = performance.now();
    expect(matches("[first, ...]", beginning.repeat(60_000))).toBe(true);
    // Looking for the end of each took half a minute.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  const INFO = "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200";
  const PART = "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310";
  const WARNING = "WARNING 09/25/2014 12:00:02 Invalid user request";
  const ERROR = "ERROR 09/25/2014 12:00:02 Failed to process request";

  test.each<[string, string[]]>([
    ["[w1=ERROR, w2]", [ERROR]],
    ["[w1=ERROR || w1=WARNING, w2]", [WARNING, ERROR]],
    ["[w1=ERROR || w1=%WARN%, w2]", [WARNING, ERROR]],
    ["[w1!=ERROR && w1!=WARNING, w2]", [INFO, PART]],
    ["[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]", [INFO]],
    ["[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, response_time]", [PART]],
    // Without something to stand for the rest, the one field is the whole event.
    ["[w1=ERROR]", []],
    ["[w1=ERROR, w2, w3, ...]", [ERROR]],
  ])("the order of words: %s", (pattern, expected) => {
    expect([INFO, PART, WARNING, ERROR].filter((message) => matches(pattern, message))).toEqual(expected);
  });

  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html
  test.each([
    [
      "[ip, user, username, timestamp, request, status_code, bytes]",
      { $ip: "127.0.0.1", $user: "Prod", $username: "frank", ...fields, $bytes: "1534" },
    ],
    [
      "[..., request=*.html*, status_code=4*,]",
      {
        ...{ $1: "127.0.0.1", $2: "Prod", $3: "frank", $4: fields.$timestamp },
        ...{ $request: fields.$request, $status_code: "404", $7: "1534" },
      },
    ],
    [
      "[]",
      {
        ...{ $1: "127.0.0.1", $2: "Prod", $3: "frank", $4: fields.$timestamp, $5: fields.$request },
        ...{ $6: "404", $7: "1534" },
      },
    ],
    [
      "[ip, user, rest]",
      {
        ...{ $ip: "127.0.0.1", $user: "Prod" },
        $rest: 'frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534',
      },
    ],
  ])("%s extracts fields by name, and by number where they have none", (pattern, expected) => {
    expect(match(pattern, access)?.extracted()).toEqual(expected);
  });
});

test("a JSON pattern gives the values of its selectors, and of any other", () => {
  const found = match("{ $.latency = * }", '{"latency": 50, "requestType": "GET"}');
  expect(found?.value("$.latency")).toBe(50);
  expect(found?.value("$.requestType")).toBe("GET");
  expect(found?.extracted()).toEqual({ "$.latency": "50" });
});

test.each([
  "foo:bar",
  "ORDER-ITEM-1",
  "email@example.com",
  '"open',
  "{ $.a = 1",
  "{ $.a }",
  "{ a = 1 }",
  "{ $.a == 1 }",
  "{ $.a > x }",
  '{ $.a < "1" }',
  "{ $.a = 1 && }",
  "{ $.a = 1 } more",
  "{ ($.a = 1 }",
  "{ $.a IS MAYBE }",
  // "The variables IS NOT and EXISTS currently aren't supported."
  "{ $.a IS NOT NULL }",
  "{ $.a EXISTS }",
  "{ $.a[x] = 1 }",
  "{ $.a[*].b[*] = 1 }",
  "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.d[*] = 1 }",
  "{ $.a = %a% || $.b = %b% || $.c = %c% }",
  "[a, b",
  "[..., a, ...]",
  "[a = 1 && b = 2]",
  // An example of an older guide that CloudWatch Logs refuses: https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/issues/21
  "[ip, user, username, timestamp, request, status_code = 4* && bytes > 1000]",
  "[a = ]",
  "[1a]",
  "[a=%x%, b=%y%, c=%z%]",
  "%(group)%",
  "%\\(group\\)%",
  "%something!%",
  "%é%",
  "%\\p%",
  "%[%",
  "%%",
  "%open",
  "ERROR %and%",
  "x".repeat(1025),
])("%s is refused", (pattern) => {
  expect(() => compileFilterPattern(pattern)).toThrow(expect.objectContaining({ code: "InvalidParameterException" }));
});
