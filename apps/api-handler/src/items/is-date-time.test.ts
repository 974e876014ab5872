import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDateTime } from "./is-date-time.ts";

describe("isDateTime", () => {
  it("takes what JavaScript writes", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }),
        (date) => isDateTime(date.toISOString()),
      ),
    );
  });

  it("knows exactly the days that there are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1900, max: 2100 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const text = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
          const date = new Date(Date.UTC(year, month - 1, day));
          expect(isDateTime(`${text}T00:00:00Z`)).toBe(date.toISOString().startsWith(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    "2026-01-01T00:00:00+14:00",
    "2026-01-01T23:59:59.123456789-00:30",
    "2024-02-29T00:00:00Z",
    "0000-02-29T00:00:00Z",
  ])("takes %s", (text) => {
    expect(isDateTime(text)).toBe(true);
    expect(Date.parse(text)).not.toBeNaN();
  });

  it.each([
    "2026-01-01",
    "2026-01-01 00:00:00Z",
    "2026-01-01T00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01T00:00:00",
    "2026-01-01t00:00:00z",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+24:00",
    "9999-12-31T23:00:00-01:00",
    "0000-01-01T00:00:00+00:01",
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "+02026-01-01T00:00:00Z",
    "2026-01-01T00:00:00Z\n",
    "yesterday",
    "",
  ])("refuses '%s'", (text) => {
    expect(isDateTime(text)).toBe(false);
  });
});
