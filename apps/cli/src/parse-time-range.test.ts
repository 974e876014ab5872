import { describe, expect, test } from "vitest";
import { checkTimeRange, parseMoment, parseSpan, parseTimeRange } from "./parse-time-range.ts";
import { UserError } from "./user-error.ts";

const now = Date.parse("2026-11-28T09:15:30.500Z");
const at = (iso: string) => Date.parse(iso);

describe("parseMoment", () => {
  test.each([
    ["now", "2026-11-28T09:15:30.500Z"],
    ["5m", "2026-11-28T09:10:30.500Z"],
    ["90s", "2026-11-28T09:14:00.500Z"],
    ["1h30m", "2026-11-28T07:45:30.500Z"],
    ["1.5h", "2026-11-28T07:45:30.500Z"],
    ["2d", "2026-11-26T09:15:30.500Z"],
    ["1w", "2026-11-21T09:15:30.500Z"],
    ["0m", "2026-11-28T09:15:30.500Z"],
    ["2026-11-28", "2026-11-28T00:00:00Z"],
    ["2026-11-28T08:00", "2026-11-28T08:00:00Z"],
    ["2026-11-28 08:00:01", "2026-11-28T08:00:01Z"],
    ["2026-11-28 08:00:01.250", "2026-11-28T08:00:01.250Z"],
    ["2026-11-28T08:00:00Z", "2026-11-28T08:00:00Z"],
    ["2026-11-28T09:00:00+01:00", "2026-11-28T08:00:00Z"],
    ["2026-11-28T03:00:00-0500", "2026-11-28T08:00:00Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
    ["08:30", "2026-11-28T08:30:00Z"],
    ["08:30:15Z", "2026-11-28T08:30:15Z"],
    // Not reached yet today: yesterday's.
    ["23:59", "2026-11-27T23:59:00Z"],
    ["1795852800", "2026-11-28T08:00:00Z"],
    ["1795852800123", "2026-11-28T08:00:00.123Z"],
    [" 5m ", "2026-11-28T09:10:30.500Z"],
  ])("%s", (text, expected) => {
    expect(new Date(parseMoment("--since", text, now)).toISOString()).toBe(new Date(at(expected)).toISOString());
  });

  test.each([
    ...[
      "",
      "5",
      "m",
      "5 m",
      "-5m",
      "5mm",
      "200ms",
      "soon",
      "yesterday",
      "12",
      "24:00",
      "8:30",
      "2026-11",
      "28.11.2026",
    ],
    ...["2026-02-30", "2026-13-01", "2026-11-28T25:00", "2026-11-28T08", "2026-11-28T08:00 CET", "2026-11-28Z"],
  ])("'%s' is refused, naming the flag", (text) => {
    expect(() => parseMoment("--since", text, now)).toThrow(UserError);
    expect(() => parseMoment("--since", text, now)).toThrow(`--since: '${text}' is no time. Write it like 5m, `);
  });
});

describe("parseSpan", () => {
  test.each([
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["7d", 604_800_000],
    ["2w", 1_209_600_000],
  ])("%s is %i milliseconds", (text, milliseconds) => {
    expect(parseSpan("--window", text)).toBe(milliseconds);
  });

  test.each(["", "0m", "5", "-5m", "now", "2026-11-28", "forever"])("'%s' is refused, naming the flag", (text) => {
    expect(() => parseSpan("--window", text)).toThrow(`--window: '${text}' is no length of time. Write it like 30s, `);
  });
});

describe("parseTimeRange", () => {
  const hour = 3_600_000;

  test("ends now, and is as long as it is by default, or as --window says", () => {
    expect(parseTimeRange({}, hour, now)).toEqual({ from: now - hour, to: now });
    expect(parseTimeRange({ window: "2h" }, hour, now)).toEqual({ from: now - 2 * hour, to: now });
  });

  test("--since says when it begins, --until when it ends, with --window before that", () => {
    const to = at("2026-11-28T08:00Z");
    expect(parseTimeRange({ since: "3h" }, hour, now)).toEqual({ from: now - 3 * hour, to: now });
    expect(parseTimeRange({ until: "08:00" }, hour, now)).toEqual({ from: to - hour, to });
    expect(parseTimeRange({ until: "08:00", window: "30m" }, hour, now)).toEqual({ from: to - hour / 2, to });
    expect(parseTimeRange({ since: "06:00", until: "08:00" }, hour, now)).toEqual({ from: to - 2 * hour, to });
  });

  test.each([
    [{ since: "1h", window: "2h" }, "--since and --window: both say when it begins. Give one of them."],
    [{ since: "2027-01-01" }, "--since: 2027-01-01T00:00:00Z is not before now, 2026-11-28T09:15:30.500Z."],
    [{ since: "08:00", until: "08:00" }, "--since: 2026-11-28T08:00:00Z is not before --until, 2026-11-28T08:00:00Z."],
    [{ window: "long" }, "--window: 'long' is no length of time."],
    [{ window: "99999999999d" }, "--window: '99999999999d' reaches back to before 1970."],
    [{ since: "99999999999d" }, "--since: '99999999999d' reaches back to before 1970."],
    [{ since: "1969-12-31" }, "--since: '1969-12-31' reaches back to before 1970."],
    [{ until: "later" }, "--until: 'later' is no time."],
  ])("refuses %j", (options, message) => {
    expect(() => parseTimeRange(options, hour, now)).toThrow(message);
  });

  test("what cannot be read is refused before the time on the target is known; what it does not reach to is not", () => {
    expect(() => checkTimeRange({ since: "soon" })).toThrow("--since: 'soon' is no time.");
    expect(() => checkTimeRange({ until: "later" })).toThrow("--until: 'later' is no time.");
    expect(() => checkTimeRange({ window: "long" })).toThrow("--window: 'long' is no length of time.");
    expect(() => checkTimeRange({ since: "1h", window: "2h" })).toThrow("--since and --window");
    checkTimeRange({ since: "2999-01-01", until: "1h" });
    expect(() => checkTimeRange({ since: "99999999999d" })).toThrow("--since: '99999999999d' reaches back");
    checkTimeRange({ since: "12000d" });
  });
});
