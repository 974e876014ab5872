import { describe, expect, it } from "vitest";
import { parseZone, utcTime, zonedTime } from "./zoned-time.ts";

const at = (iso: string) => Date.parse(iso);

describe("zonedTime", () => {
  it.each([
    ["UTC", "2026-11-28 12:05:09 +00:00"],
    ["Europe/Berlin", "2026-11-28 13:05:09 +01:00"],
    ["America/New_York", "2026-11-28 07:05:09 -05:00"],
    ["Asia/Kathmandu", "2026-11-28 17:50:09 +05:45"],
    ["Pacific/Kiritimati", "2026-11-29 02:05:09 +14:00"],
  ])("is that of %s", (zone, shown) => {
    expect(zonedTime(at("2026-11-28T12:05:09Z"), zone)).toBe(shown);
  });

  it("tells the two hours apart that are called the same when clocks are put back", () => {
    const shown = ["2026-10-24T23:59:59Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"].map((iso) =>
      zonedTime(at(iso), "Europe/Berlin"),
    );
    expect(shown).toEqual(["2026-10-25 01:59:59 +02:00", "2026-10-25 02:30:00 +02:00", "2026-10-25 02:30:00 +01:00"]);
  });

  it("leaves out the hour that clocks leave out when they are put forward", () => {
    expect(zonedTime(at("2026-03-29T00:59:59Z"), "Europe/Berlin")).toBe("2026-03-29 01:59:59 +01:00");
    expect(zonedTime(at("2026-03-29T01:00:00Z"), "Europe/Berlin")).toBe("2026-03-29 03:00:00 +02:00");
  });

  it("calls midnight 00", () => {
    expect(zonedTime(at("2026-11-28T00:00:00Z"), "UTC")).toBe("2026-11-28 00:00:00 +00:00");
    expect(utcTime(at("2026-11-28T00:00:00Z"))).toBe("2026-11-28 00:00:00");
  });
});

describe("parseZone", () => {
  it("is the one that was said, and refuses what is none", () => {
    expect(parseZone("--zone", "Europe/Berlin")).toBe("Europe/Berlin");
    expect(() => parseZone("--zone", "Europe/Atlantis")).toThrow("--zone: 'Europe/Atlantis' is no time zone");
  });
});
