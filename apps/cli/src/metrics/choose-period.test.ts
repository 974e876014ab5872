import { describe, expect, test } from "vitest";
import {
  beginningsOf,
  choosePeriod,
  forgottenAfter,
  keptPeriod,
  periodInWords,
  wholePeriods,
} from "./choose-period.ts";

const now = Date.parse("2026-11-28T09:15:00Z");
const HOUR_MS = 3_600_000;
const last = (hours: number) => ({ from: now - hours * HOUR_MS, to: now });

describe("choosePeriod", () => {
  test.each([
    [1, 60],
    [4, 60],
    [6, 300],
    [24, 900],
    [24 * 10, 3_600],
    [24 * 60, 21_600],
    [24 * 400, 86_400],
  ])("of the last %i hours is %i s", (hours, seconds) => {
    expect(choosePeriod(last(hours), now)).toBe(seconds);
  });

  test("is not finer than what CloudWatch has kept", () => {
    const hourAgo = (days: number) => ({ from: now - days * 24 * HOUR_MS, to: now - days * 24 * HOUR_MS + HOUR_MS });
    expect(choosePeriod(hourAgo(14), now)).toBe(60);
    expect(choosePeriod(hourAgo(16), now)).toBe(300);
    expect(choosePeriod(hourAgo(64), now)).toBe(3_600);
  });
});

describe("keptPeriod", () => {
  test.each([
    ["60", 60],
    ["1m", 60],
    ["10s", 10],
    ["1h", 3_600],
  ])("%s is %i s", (text, seconds) => {
    expect(keptPeriod("--period", text, last(1), now)).toBe(seconds);
  });

  test.each([
    ["90", last(1), "--period: CloudWatch has no periods of 90 s."],
    ["0", last(1), "--period: CloudWatch has no periods of 0 s."],
    ["often", last(1), "--period: 'often' is no length of time."],
    ["10s", last(4), "--period: CloudWatch keeps values of 10 s for 3 hours"],
    ["1m", last(24 * 16), "--period: CloudWatch keeps values of 60 s for 15 days"],
    ["1m", { from: now - 14 * 24 * HOUR_MS, to: now + 365 * 24 * HOUR_MS }, "more than 100,000 periods of 60 s"],
  ])("refuses %s", (text, window, message) => {
    expect(() => keptPeriod("--period", text, window, now)).toThrow(message);
  });
});

test("a window that begins before all that CloudWatch keeps is known", () => {
  expect(forgottenAfter(last(455 * 24), now)).toBeUndefined();
  expect(forgottenAfter(last(456 * 24), now)).toBe(455);
});

describe("a window of whole periods", () => {
  const at = (time: string) => Date.parse(`2026-11-28T${time}Z`);

  test.each([
    // What is asked for now ends now; its first value is of a minute that began before it.
    ["until now", at("08:54:08"), at("09:54:08"), 60, at("08:54:00"), at("09:54:08")],
    ["that is over", at("06:20:00"), at("07:30:30"), 3_600, at("06:00:00"), at("08:00:00")],
    ["whose last period goes on", at("08:20:00"), at("09:30:00"), 3_600, at("08:00:00"), at("09:54:08")],
    ["that is whole", at("08:00:00"), at("09:00:00"), 60, at("08:00:00"), at("09:00:00")],
    ["that goes on", at("09:00:00"), at("10:30:10"), 60, at("09:00:00"), at("10:30:10")],
  ])("%s", (_what, from, to, periodSeconds, wholeFrom, wholeTo) => {
    expect(wholePeriods({ from, to }, periodSeconds, at("09:54:08"))).toEqual({ from: wholeFrom, to: wholeTo });
  });

  test("has all periods that have some of it", () => {
    expect(beginningsOf({ from: at("08:54:08"), to: at("08:56:01") }, 60)).toEqual(
      ["08:54:00", "08:55:00", "08:56:00"].map(at),
    );
    expect(beginningsOf({ from: at("08:54:00"), to: at("08:56:00") }, 60)).toHaveLength(2);
  });
});

test.each([
  [10, "by 10 seconds"],
  [60, "by the minute"],
  [300, "by 5 minutes"],
  [3_600, "by the hour"],
  [86_400, "by the day"],
])("%i s is %s", (seconds, words) => {
  expect(periodInWords(seconds)).toBe(words);
});
