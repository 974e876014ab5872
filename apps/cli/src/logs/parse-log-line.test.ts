import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isProblem } from "./is-problem.ts";
import { parseLogLine } from "./parse-log-line.ts";

const ID = "174ed07d-d638-4e50-a973-1f3e5dccf1e5";

describe("a JSON line", () => {
  test("of a request says what was asked and what came of it", () => {
    const line = {
      ...{ level: "INFO", time: "2026-11-28T08:51:01.082Z", message: "request", service: "items-api", requestId: ID },
      ...{ operation: "getItem", method: "GET", path: "/items/{id}", status: 503, durationMs: 1656.78 },
      ...{ functionVersion: "2", coldStart: true, faults: 1, _aws: { Timestamp: 1 } },
    };

    expect(parseLogLine(`${JSON.stringify(line)}\n`)).toEqual({
      ...{ kind: "request", level: "INFO", requestId: ID, version: "2", operation: "getItem" },
      ...{ method: "GET", path: "/items/{id}", status: 503, durationMs: 1656.78, isColdStart: true },
    });
  });

  test("of an access log has its numbers as texts, and - for what there is not", () => {
    const line = {
      ...{ errorMessage: "Missing Authentication Token", errorType: "MISSING_AUTHENTICATION_TOKEN", httpMethod: "GET" },
      ...{
        integrationErrorMessage: "-",
        path: "/prod/nowhere",
        requestId: ID,
        resourcePath: "-",
        responseLatency: "0",
      },
      ...{ stage: "prod", status: "404", userAgent: "curl" },
    };

    expect(parseLogLine(JSON.stringify(line))).toEqual({
      ...{ kind: "request", requestId: ID, method: "GET", path: "/prod/nowhere", status: 404, durationMs: 0 },
      ...{ isColdStart: false, message: "Missing Authentication Token" },
    });
  });

  test("with an error has its name, its message, and its frames without both", () => {
    const error = { name: "TypeError", message: "a\nb", stack: "TypeError: a\nb\n    at one (x.js:1:2)\n    at two" };
    const line = { level: "WARN", message: "Temporarily unavailable", requestId: ID, operation: "getItem", error };

    expect(parseLogLine(JSON.stringify(line))).toEqual({
      ...{ kind: "message", level: "WARN", message: "Temporarily unavailable", requestId: ID, operation: "getItem" },
      error: { name: "TypeError", message: "a\nb", stack: "    at one (x.js:1:2)\n    at two" },
    });
  });

  test("keeps fields that it does not know", () => {
    expect(parseLogLine('{"level":"warning","message":"slow","table":"items","tries":3}')).toEqual({
      ...{ kind: "message", level: "WARN", message: "slow" },
      details: { table: "items", tries: 3 },
    });
  });

  test("of Lambda's JSON format may have an error for a message", () => {
    const message = { errorType: "Error", errorMessage: "boom", stackTrace: ["Error: boom", "    at x"] };

    expect(parseLogLine(JSON.stringify({ timestamp: "t", level: "ERROR", requestId: ID, message }))).toEqual({
      ...{ kind: "message", level: "ERROR", requestId: ID, message: "" },
      error: { name: "Error", message: "boom", stack: "    at x" },
    });
  });

  test.each(["{}", '{"a":1}', "[1]", '{"level":1', "{nonsense}", "null", '{"status":200}'])("%s is text", (message) => {
    expect(parseLogLine(message)).toEqual({ kind: "text", message });
  });
});

describe("a line that Lambda writes", () => {
  test("as REPORT is read, with and without an initialization and tracing", () => {
    expect(
      parseLogLine(
        `REPORT RequestId: ${ID}\tDuration: 8.80 ms\tBilled Duration: 151 ms\tMemory Size: 512 MB\tMax Memory Used: 60 MB\tInit Duration: 141.21 ms\t\nXRAY TraceId: 1-2-3\tSegmentId: 4\tSampled: true\t\n`,
      ),
    ).toEqual({
      ...{ kind: "report", requestId: ID },
      report: { durationMs: 8.8, billedMs: 151, memorySizeMb: 512, maxMemoryUsedMb: 60, initMs: 141.21 },
    });
    expect(
      parseLogLine(
        `REPORT RequestId: ${ID}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 30 MB\tStatus: timeout`,
      ),
    ).toMatchObject({ kind: "report", level: "ERROR", report: { status: "timeout" } });
  });

  test("about an initialization that failed is a report", () => {
    expect(
      parseLogLine("INIT_REPORT Init Duration: 10003.20 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError"),
    ).toEqual({
      ...{ kind: "report", level: "ERROR" },
      report: { initMs: 10003.2, status: "error", errorType: "Runtime.ExitError" },
    });
  });

  test.each([
    [`START RequestId: ${ID} Version: 7`, { kind: "boundary", requestId: ID, version: "7" }],
    [`END RequestId: ${ID}`, { kind: "boundary", requestId: ID }],
    ["INIT_START Runtime Version: nodejs:22.v1\tRuntime Version ARN: arn", { kind: "boundary" }],
  ])("%s is the end or the beginning of an invocation", (message, line) => {
    expect(parseLogLine(message)).toEqual(line);
  });

  test.each([
    [`2026-11-28T03:00:03.000Z ${ID} Task timed out after 3.00 seconds`, "Task timed out after 3.00 seconds"],
    [
      `RequestId: ${ID} Error: Runtime exited with error: exit status 1\nRuntime.ExitError`,
      "Error: Runtime exited with error: exit status 1, Runtime.ExitError",
    ],
    [`RequestId: ${ID} Process exited before completing request`, "Process exited before completing request"],
  ])("%s is an error", (message, said) => {
    expect(parseLogLine(message)).toEqual({ kind: "message", level: "ERROR", requestId: ID, message: said });
  });

  test("in the JSON format is read like in the text format", () => {
    const platform = (type: string, record: object) => parseLogLine(JSON.stringify({ time: "t", type, record }));
    const metrics = {
      durationMs: 1.5,
      billedDurationMs: 2,
      memorySizeMB: 128,
      maxMemoryUsedMB: 60,
      initDurationMs: 99,
    };

    expect(platform("platform.report", { requestId: ID, metrics, status: "success" })).toEqual({
      ...{ kind: "report", requestId: ID },
      report: { durationMs: 1.5, billedMs: 2, memorySizeMb: 128, maxMemoryUsedMb: 60, initMs: 99 },
    });
    expect(platform("platform.start", { requestId: ID, version: "7" })).toEqual({
      ...{ kind: "boundary", requestId: ID, version: "7" },
    });
    expect(platform("platform.initReport", { status: "success", metrics })).toEqual({ kind: "boundary" });
    expect(platform("platform.initReport", { status: "timeout", metrics: { durationMs: 10_000 } })).toEqual({
      ...{ kind: "report", level: "ERROR", report: { initMs: 10_000, status: "timeout" } },
    });
  });

  test("of console in the text format has level and request", () => {
    expect(parseLogLine(`2026-11-28T03:00:00.000Z\t${ID}\tWARN\tslow\n  very`)).toEqual({
      ...{ kind: "message", level: "WARN", requestId: ID, message: "slow\n  very" },
    });
    const error = { errorType: "TypeError", errorMessage: "x", stack: ["TypeError: x", "    at y"] };
    expect(
      parseLogLine(`2026-11-28T03:00:00.000Z\tundefined\tERROR\tUncaught Exception \t${JSON.stringify(error)}`),
    ).toEqual({
      ...{ kind: "message", level: "ERROR", message: "Uncaught Exception" },
      error: { name: "TypeError", message: "x", stack: "    at y" },
    });
  });
});

test("whatever was written, something is read", () => {
  const messages = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.string().map((text) => `REPORT ${text}`),
  );
  fc.assert(
    fc.property(messages, (message) => {
      expect(["request", "message", "report", "boundary", "text"]).toContain(parseLogLine(message).kind);
    }),
  );
});

test.each([
  ['{"level":"ERROR","message":"x"}', true],
  ['{"level":"WARN","message":"x"}', false],
  ['{"level":"WARN","message":"x","error":{"name":"E"}}', true],
  ['{"level":"INFO","operation":"a","status":503}', true],
  ['{"level":"INFO","operation":"a","status":404}', false],
  ['{"httpMethod":"GET","status":"502"}', true],
  ["REPORT RequestId: 1\tDuration: 1 ms\tStatus: error", true],
  ["REPORT RequestId: 1\tDuration: 1 ms", false],
  ["2026-11-28T03:00:03.000Z 1 Task timed out after 3.00 seconds", true],
  ["START RequestId: 1 Version: 1", false],
  ["ERROR, somebody wrote", false],
])("%s is a problem: %s", (message, expected) => {
  expect(isProblem(parseLogLine(message))).toBe(expected);
});
