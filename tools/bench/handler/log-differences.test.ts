import { describe, expect, test } from "vitest";
import { logDifferences } from "./log-differences.ts";

const about = {
  message: "request",
  requestId: "1",
  operation: "getItem",
  status: 200,
  durationMs: 1,
  functionVersion: "7",
};
const metrics = { _aws: {}, requests: 1 };
const log = (...lines: object[]) => lines.map((line) => JSON.stringify(line)).join("\n");

describe("logDifferences", () => {
  test("is content with one line that is both, and with two that are one each, even of two requests", () => {
    expect(logDifferences(log({ ...about, ...metrics }, { message: "other" }), 1)).toEqual([]);
    expect(logDifferences(`${log(about, about, { ...metrics, requests: [1, 1] })}\nno JSON\n`, 2)).toEqual([]);
  });

  test("names what is missing", () => {
    expect(logDifferences("", 1)).toEqual(["log: has 0 lines of 1 requests", "metrics: count 0 of 1 requests"]);
    expect(logDifferences(log({ ...about, ...metrics, status: undefined }), 1)).toEqual([
      "log: has lines without status",
    ]);
  });
});
