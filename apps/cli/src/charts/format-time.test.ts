import { expect, test } from "vitest";
import { formatSpan, formatTick, formatTime } from "./format-time.ts";

const moment = Date.parse("2026-11-28T09:15:00Z");

test("times are in UTC, and say so", () => {
  expect(formatTime(moment)).toBe("2026-11-28T09:15Z");
  expect(formatTime(moment + 7_000)).toBe("2026-11-28T09:15:07Z");
  expect(formatTick(moment, { from: moment, to: moment + 3_600_000 })).toBe("09:15Z");
  expect(formatTick(moment, { from: moment, to: moment + 172_800_000 })).toBe("11-28T09:15Z");
  // Its two ends would look the same.
  expect(formatTick(moment, { from: moment - 86_400_000, to: moment })).toBe("11-28T09:15Z");
});

test.each([
  [0, "0 s"],
  [12_400, "12 s"],
  [300_000, "5 min"],
  [5_400_000, "1 h 30 min"],
  [183_600_000, "2 d 3 h"],
  [86_400_000 + 60_000, "1 d"],
])("%i milliseconds are %s", (span, text) => {
  expect(formatSpan(span)).toBe(text);
});
