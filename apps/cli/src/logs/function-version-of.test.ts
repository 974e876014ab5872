import { expect, test } from "vitest";
import { functionVersionOf } from "./function-version-of.ts";
import { parseLogLine } from "./parse-log-line.ts";

test.each([
  ["2026/11/28/[7]4f1c2b", "text", "7"],
  ["2026/11/28/[$LATEST]4f1c2b", "text", "$LATEST"],
  ["2026/11/28/api-handler-prod[12]4f1c2b", "text", "12"],
  ["da9c417fd1d0d6925a5496bd", "text", undefined],
  ["collected-by-an-extension", '{"level":"INFO","message":"x","functionVersion":"3"}', "3"],
  ["a[1]/not-at-the-end", "START RequestId: 1 Version: 4", "4"],
])("%s with %s is of version %s", (stream, message, version) => {
  expect(functionVersionOf(stream, parseLogLine(message))).toBe(version);
});
