import { expect, test } from "vitest";
import { compileFilterPattern } from "./compile-filter-pattern.ts";
import { LogText } from "./filter-pattern.ts";

const matches = (pattern: string, message: string): boolean =>
  compileFilterPattern(pattern).match(new LogText(message)) !== undefined;

// The events and verdicts of these tables are the examples of AWS's user guide, "Filter pattern syntax".

test.each([
  ["", "anything", true],
  ["ERROR", "[ERROR] A fatal exception has occurred", true],
  ["ERROR", "Exiting with ERRORCODE: -1", true],
  ["ERROR", "error in lower case", false],
  ['"ERROR" - "Exiting"', "Exiting with ERRORCODE: -1", false],
  ["ERROR Exception", "[ERROR] Caught IllegalArgumentException", true],
  ["ERROR Exception", "[ERROR] only", false],
  ['"Failed to process the request"', "[WARN] Failed to process the request", true],
  ['"INTERNAL SERVER ERROR"', "[ERROR 500] INTERNAL SERVER ERROR", true],
  ['"INTERNAL SERVER ERROR"', "INTERNAL ERROR SERVER", false],
  ["?ERROR ?WARN", "WARN message", true],
  ["?ERROR ?WARN", "INFO message", false],
  ["ERROR -WARN", "ERROR WARN message", false],
  ["ERROR -WARN", "ERROR message", true],
  ['"say \\"hi\\""', 'they say "hi"', true],
  ["%AUTHORIZED|FORBIDDEN%", "[ERROR 401] UNAUTHORIZED REQUEST", true],
  ["%^5[0-9]{2} %", "503 busy", true],
  ["%^5[0-9]{2} %", "got 503 busy", false],
])("terms: %s on %s is %s", (pattern, message, expected) => {
  expect(matches(pattern, message)).toBe(expected);
});

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
  "cluster.name": "c",
});

test.each([
  ['{ $.eventType = "UpdateTrail" }', true],
  ["{ $.eventType = UpdateTrail }", true],
  ["{ $.eventType = Update* }", true],
  ["{ $.eventType = *Trail }", true],
  ["{ $.eventType = Up*Trail }", false],
  ["{ $.sourceIPAddress != 123.123.* }", true],
  ["{ $.sourceIPAddress != 111.111.* }", false],
  ['{ $.arrayKey[0] = "value" }', true],
  ["{ $.arrayKey = value }", false],
  ["{ $.arrayKey != value }", false],
  ['{ $.arrayKey[*] = "another value" }', true],
  ["{ $.objectList[1].id = 2 }", true],
  ["{ $.objectList[2].id = 2 }", false],
  ["{ $.SomeObject IS NULL }", true],
  ["{ $.eventType IS NULL }", false],
  ["{ $.SomeOtherObject NOT EXISTS }", true],
  ["{ $.SomeObject NOT EXISTS }", false],
  ["{ $.nothing != 1 }", false],
  ["{ $.ThisFlag IS TRUE }", true],
  ["{ $.ThisFlag IS FALSE }", false],
  ["{ $.latency >= 500 }", true],
  ["{ $.latency > +500 }", false],
  ["{ $.latency < 10e3 }", true],
  ["{ $.latency = * }", true],
  ["{ $.missing = * }", false],
  ["{ $.['cluster.name'] = c }", true],
  ["{ $.eventType = %Update[A-Z]% }", true],
  ['{ ($.latency = 1) || ($.latency = 500 && $.eventType = "UpdateTrail") }', true],
  ['{ $.latency = 500 || $.eventType = "x" && $.ThisFlag IS FALSE }', true],
  ['{ ($.latency = 500 || $.eventType = "x") && $.ThisFlag IS FALSE }', false],
])("JSON: %s is %s", (pattern, expected) => {
  expect(matches(pattern, trail)).toBe(expected);
});

test("a JSON pattern matches no text that is not JSON", () => {
  expect(matches("{ $.a NOT EXISTS }", "not json")).toBe(false);
});

const access = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

test.each([
  ["[ip, user, username, timestamp, request, status_code, bytes]", true],
  ["[ip, user, username, timestamp, request, status_code]", false],
  ["[..., status_code, bytes]", true],
  ["[ip, user, ...]", true],
  ["[ip, user, username, timestamp, request, status_code, bytes > 1000]", true],
  ["[ip, user, username, timestamp, request, status_code = 4*, bytes]", true],
  ["[ip, user, username, timestamp, request = *html*, status_code = 4*, bytes]", true],
  ["[ip, user, username, timestamp, request, status_code = 4* && status_code != 404, bytes]", false],
  ["[..., status_code = 5* || status_code = 404, bytes]", true],
  ["[ip != 127.0.0.1, ...]", false],
  ["[..., status_code = %4[0-9]{2}%, bytes]", true],
])("space-delimited: %s is %s", (pattern, expected) => {
  expect(matches(pattern, access)).toBe(expected);
});

test("fields are extracted by name, and by number where they have none", () => {
  const match = compileFilterPattern("[..., request=*.html*, status_code=4*,]").match(new LogText(access));
  expect(match?.extracted()).toEqual({
    $1: "127.0.0.1",
    $2: "-",
    $3: "frank",
    $4: "10/Oct/2000:13:25:15 -0700",
    $request: "GET /index.html HTTP/1.0",
    $status_code: "404",
    $7: "1534",
  });
  const json = compileFilterPattern("{ $.latency = * }").match(new LogText(trail));
  expect(json?.value("$.latency")).toBe(500);
  expect(json?.extracted()).toEqual({ "$.latency": "500" });
});

test.each([
  "foo:bar",
  '"open',
  "{ $.a = 1",
  "{ $.a }",
  "{ a = 1 }",
  "{ $.a > x }",
  '{ $.a < "1" }',
  "{ $.a = 1 && }",
  "{ ($.a = 1 }",
  "{ $.a IS MAYBE }",
  "[a, b",
  "[..., a, ...]",
  "[a = 1 && b = 2]",
  "%(group)%",
  "%[%",
  "x".repeat(1025),
])("%s is refused", (pattern) => {
  expect(() => compileFilterPattern(pattern)).toThrow(expect.objectContaining({ code: "InvalidParameterException" }));
});
