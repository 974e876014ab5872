import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextOccurrence, parseScheduleExpression } from "./schedule-expression.ts";

/** The next times of an expression, as a person writes them. */
function times(text: string, after: string, { zone = "UTC", count = 3, start = "", end = "" } = {}): string[] {
  const expression = parseScheduleExpression(text);
  if (expression === undefined) {
    throw new Error(`cannot be read: ${text}`);
  }
  const [startDate, endDate] = [start, end].map((date) => (date === "" ? undefined : Date.parse(date)));
  const anchor = startDate ?? Date.parse(after);
  const found: string[] = [];
  let at: number | undefined = Date.parse(after);
  for (let index = 0; index < count; index += 1) {
    at = nextOccurrence({ expression, timeZone: zone, anchor, startDate, endDate }, at);
    if (at === undefined) {
      break;
    }
    found.push(new Date(at).toISOString().replace(":00.000Z", "Z"));
  }
  return found;
}

describe("cron", () => {
  test.each<[string, string, string[]]>([
    ["cron(0 3 * * ? *)", "daily", ["2026-11-29T03:00Z", "2026-11-30T03:00Z", "2026-12-01T03:00Z"]],
    ["cron(0/20 12 29 NOV ? 2026)", "in steps", ["2026-11-29T12:00Z", "2026-11-29T12:20Z", "2026-11-29T12:40Z"]],
    ["cron(15 10 ? * MON-WED *)", "on weekdays", ["2026-11-30T10:15Z", "2026-12-01T10:15Z", "2026-12-02T10:15Z"]],
    ["cron(0 10 ? * 6L *)", "on the last Friday", ["2026-12-25T10:00Z", "2027-01-29T10:00Z", "2027-02-26T10:00Z"]],
    ["cron(0 0 ? * 3#1 *)", "on the first Tuesday", ["2026-12-01T00:00Z", "2027-01-05T00:00Z", "2027-02-02T00:00Z"]],
    ["cron(0 0 L * ? *)", "on the last day", ["2026-11-30T00:00Z", "2026-12-31T00:00Z", "2027-01-31T00:00Z"]],
    ["cron(0 0 1W * ? *)", "on the first workday", ["2026-12-01T00:00Z", "2027-01-01T00:00Z", "2027-02-01T00:00Z"]],
    ["cron(0 0 31W 1,8 ? 2027)", "near a Sunday at the end", ["2027-01-29T00:00Z", "2027-08-31T00:00Z"]],
    ["cron(0 0 29 2 ? *)", "in leap years", ["2028-02-29T00:00Z", "2032-02-29T00:00Z", "2036-02-29T00:00Z"]],
    ["cron(0 0 30 2 ? *)", "never", []],
    ["cron(0 0 * * ? 2025)", "not any more", []],
    ["cron(59 23 31 12 ? 2199)", "at the very end", ["2199-12-31T23:59Z"]],
  ])("%s runs %s", (text, _, expected) => {
    expect(times(text, "2026-11-28T22:30:00Z")).toEqual(expected);
  });

  test("counts in its zone, and follows its clocks", () => {
    expect(times("cron(0 3 * * ? *)", "2026-10-24T12:00:00Z", { zone: "Europe/Berlin", count: 2 })).toEqual([
      "2026-10-25T02:00Z",
      "2026-10-26T02:00Z",
    ]);
    expect(times("cron(0 3 * * ? *)", "2026-10-23T12:00:00Z", { zone: "Europe/Berlin", count: 1 })).toEqual([
      "2026-10-24T01:00Z",
    ]);
    expect(times("cron(30 0 * * ? *)", "2026-11-28T22:30:00Z", { zone: "Pacific/Kiritimati", count: 1 })).toEqual([
      "2026-11-29T10:30Z",
    ]);
    expect(times("cron(30 23 * * ? *)", "2026-11-28T22:30:00Z", { zone: "Pacific/Pago_Pago", count: 1 })).toEqual([
      "2026-11-29T10:30Z",
    ]);
  });

  test("leaves out what clocks skip, and runs once at what they show twice", () => {
    const zone = "America/New_York";
    expect(times("cron(30 2 * * ? *)", "2026-03-07T12:00:00Z", { zone, count: 2 })).toEqual([
      "2026-03-09T06:30Z",
      "2026-03-10T06:30Z",
    ]);
    expect(times("cron(30 1 * * ? *)", "2026-10-31T12:00:00Z", { zone, count: 2 })).toEqual([
      "2026-11-01T05:30Z",
      "2026-11-02T06:30Z",
    ]);
    // Over midnight, where the day before comes back.
    expect(times("cron(30 23 * * ? *)", "2026-04-05T02:45:00Z", { zone: "America/Asuncion", count: 1 })).toHaveLength(
      1,
    );
  });

  test("is never missed between two of its times, and never comes late", () => {
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");
    const minutes = fc.integer({ min: 0, max: 2 * 365 * 1440 });
    fc.assert(
      fc.property(zones, minutes, fc.integer({ min: 0, max: 59 }), (zone, offset, minute) => {
        const expression = parseScheduleExpression(`cron(${minute} * * * ? *)`);
        const after = Date.UTC(2026, 0, 1) + offset * 60_000;
        const next = expression && nextOccurrence({ expression, timeZone: zone, anchor: 0 }, after);
        // Two hours: where clocks show an hour twice, its second time is left out.
        return next !== undefined && next > after && next - after <= 2 * 3_600_000;
      }),
      { numRuns: 60 },
    );
  });
});

test("a rate runs from its beginning on, and a day of it has 24 hours", () => {
  const beginning = { start: "2026-10-24T10:00:00Z", zone: "Europe/Berlin" };
  expect(times("rate(1 day)", "2026-10-24T09:00:00Z", beginning)).toEqual([
    "2026-10-24T10:00Z",
    "2026-10-25T10:00Z",
    "2026-10-26T10:00Z",
  ]);
  expect(times("rate(90 minutes)", "2026-11-28T10:00:00Z", { count: 2 })).toEqual([
    "2026-11-28T11:30Z",
    "2026-11-28T13:00Z",
  ]);
});

test("at runs once, at a time of its zone", () => {
  const text = "at(2026-11-29T03:00:00)";
  expect(times(text, "2026-11-28T22:30:00Z", { zone: "Asia/Tokyo" })).toEqual([]);
  expect(times(text, "2026-11-28T22:30:00Z", { zone: "America/New_York" })).toEqual(["2026-11-29T08:00Z"]);
});

test("start and end bound it, both included", () => {
  const bounds = { start: "2026-11-30T03:00:00Z", end: "2026-12-01T03:00:00Z" };
  expect(times("cron(0 3 * * ? *)", "2026-11-28T22:30:00Z", bounds)).toEqual([
    "2026-11-30T03:00Z",
    "2026-12-01T03:00Z",
  ]);
});

test.each([
  ...["", "daily", "cron()", "cron(0 3 * * *)", "cron(0 3 * * * *)", "cron(0 3 ? * ? *)", "cron(60 3 * * ? *)"],
  ...["cron(0 24 * * ? *)", "cron(0 3 0 * ? *)", "cron(0 3 * 13 ? *)", "cron(0 3 ? * 0 *)", "cron(0 3 ? * MON#6 *)"],
  ...["cron(0/0 3 * * ? *)", "cron(5-3 3 * * ? *)", "cron(0 3 32W * ? *)", "cron(0 3 * * ? 2200)", "cron(x 3 * * ? *)"],
  ...["rate(0 days)", "rate(1)", "rate(1 week)", "rate(-1 hour)", "rate(1.5 hours)", "at(2026-02-30T03:00:00)"],
  ...["at(2026-11-29)", "at(2026-11-29T03:00:00Z)", "at(2026-11-29T25:00:00)", "CRON(0 3 * * ? *)"],
])("'%s' cannot be read", (text) => {
  expect(parseScheduleExpression(text)).toBeUndefined();
});
