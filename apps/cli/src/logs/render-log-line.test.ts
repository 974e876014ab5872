import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLogLine } from "./parse-log-line.ts";
import { renderLogLine } from "./render-log-line.ts";

const at = Date.UTC(2026, 10, 28, 3, 4, 5, 678);
const ID = "174ed07d-d638-4e50-a973-1f3e5dccf1e5";
const FILE = { hasColour: false };
const terminal = (columns: number) => ({ columns, hasColour: false });

const render = (message: string | object, style: { columns?: number; hasColour: boolean }, version?: string) =>
  renderLogLine(
    { line: parseLogLine(typeof message === "string" ? message : JSON.stringify(message)), at, version },
    style,
  );

const request = {
  ...{ level: "INFO", message: "request", requestId: ID, operation: "getItem", method: "GET", path: "/items/{id}" },
  ...{ status: 200, durationMs: 7.97, coldStart: true },
};
const report = `REPORT RequestId: ${ID}\tDuration: 8.80 ms\tBilled Duration: 151 ms\tMemory Size: 512 MB\tMax Memory Used: 60 MB\tInit Duration: 141.21 ms\t`;
const failure = {
  ...{ level: "WARN", message: "Temporarily unavailable", requestId: ID, operation: "getItem" },
  error: { name: "Oops", message: "no\nway", stack: "Oops: no\nway\n    at one (index.cjs:1:2)\n    at two" },
};

describe("in a file or a pipe", () => {
  test("a request is one line with all that is known", () => {
    expect(render(request, FILE, "2")).toEqual([
      `2026-11-28T03:04:05.678Z  v2   INFO   getItem      200  7.97 ms  ${ID}  GET /items/{id}  cold`,
    ]);
  });

  test("an error has its cause and its frames below it", () => {
    expect(render(failure, FILE, "2")).toEqual([
      `2026-11-28T03:04:05.678Z  v2   WARN   getItem      Temporarily unavailable  ${ID}`,
      "    Oops: no",
      "    way",
      "      at one (index.cjs:1:2)",
      "      at two",
    ]);
  });

  test("a report is one line", () => {
    expect(render(report, FILE, "2")).toEqual([
      `2026-11-28T03:04:05.678Z  v2   REPORT 8.80 ms, billed 151 ms, 60 of 512 MB, init 141 ms  ${ID}`,
    ]);
  });

  test("what the gateway answers by itself says why", () => {
    const line = { httpMethod: "GET", resourcePath: "/items", status: "504", responseLatency: "29000" };

    expect(render({ ...line, integrationErrorMessage: "Endpoint request timed out" }, FILE)).toEqual([
      "2026-11-28T03:04:05.678Z              GET /items         504   29.0 s  Endpoint request timed out",
    ]);
  });

  test("fields that have no place stand behind the message", () => {
    expect(render({ level: "INFO", message: "table slow", table: "items", why: "two words", n: 3 }, FILE)).toEqual([
      '2026-11-28T03:04:05.678Z       INFO   table slow  table=items  why="two words"  n=3',
    ]);
  });

  test("a text stays as it is", () => {
    expect(render("  two   spaces\nsecond line", FILE)).toEqual([
      "2026-11-28T03:04:05.678Z                two   spaces",
      "    second line",
    ]);
  });

  test("the beginning and the end of an invocation are left out", () => {
    expect(render(`START RequestId: ${ID} Version: 7`, FILE)).toEqual([]);
  });
});

describe("in a terminal", () => {
  test("of 80 columns, a request is cut, a message is broken, and an id is short", () => {
    expect([...render(request, terminal(80), "2"), ...render(failure, terminal(80), "2")]).toEqual([
      "03:04:05.678  v2   INFO   getItem      200  7.97 ms  174ed07d  GET /items/{id} …",
      "03:04:05.678  v2   WARN   getItem      Temporarily unavailable  174ed07d",
      "    Oops: no",
      "    way",
      "      at one (index.cjs:1:2)",
      "      at two",
    ]);
    expect(render({ level: "ERROR", message: "a ".repeat(40), requestId: ID }, terminal(60))).toEqual([
      "03:04:05.678       ERROR  a a a a a a a a a a a a a a a a a",
      `    ${"a ".repeat(23)} 174ed07d`,
    ]);
  });

  test("of 120 columns, an id can be copied", () => {
    expect(render(request, terminal(120), "2")).toEqual([
      `03:04:05.678  v2   INFO   getItem      200  7.97 ms  ${ID}  GET /items/{id}  cold`,
    ]);
  });

  test("colours say what is bad, what is a warning, and what matters less", () => {
    const painted = render({ ...request, status: 503 }, { columns: 200, hasColour: true })[0] ?? "";

    expect(painted).toContain("\u001b[31m503\u001b[0m");
    expect(painted.startsWith("\u001b[2m03:04:05.678  \u001b[0m")).toBe(true);
    expect(stripVTControlCharacters(painted)).toBe(render({ ...request, status: 503 }, terminal(200))[0]);
  });

  test("whatever was written, no line is wider, and nothing reaches it that it would obey", () => {
    const texts = fc.string({ unit: "binary", maxLength: 300 });
    const messages = fc.oneof(
      texts,
      texts.map((message) => JSON.stringify({ level: "ERROR", message, requestId: message, error: { message } })),
      texts.map((path) => JSON.stringify({ operation: path, path, method: path, status: 200, requestId: path })),
      texts.map((text) => `REPORT RequestId: ${text}\tDuration: 1 ms\tStatus: ${text}`),
    );
    fc.assert(
      fc.property(messages, fc.integer({ min: 60, max: 140 }), (message, columns) => {
        for (const line of render(message, terminal(columns))) {
          expect(line.length).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        }
      }),
    );
  });
});
