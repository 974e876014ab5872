import { expect, it } from "vitest";
import { inZone, readerZone } from "./reader-zone.ts";

it.each([
  ["2026-11-28T09:15:00.000Z", "UTC", ""],
  ["2026-11-28T09:15:00.000Z", "Europe/Berlin", " (10:15)"],
  ["2026-07-28T09:15:00.000Z", "Europe/Berlin", " (11:15)"],
  ["2026-11-28T23:15:00.000Z", "Europe/Berlin", " (11-29 00:15)"],
  ["2026-11-28T03:15:00.000Z", "America/New_York", " (11-27 22:15)"],
  ["2026-11-28T09:15:00.000Z", "Asia/Kolkata", " (14:45)"],
  ["2026-11-28T23:59:00.000Z", "Etc/UTC", ""],
])("%s in %s is%s", (at, zone, expected) => {
  expect(inZone(Date.parse(at), zone)).toBe(expected);
});

it("is that of TZ, where that names one, or of the machine", () => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(readerZone({ TZ: "Asia/Kolkata" })).toBe("Asia/Kolkata");
  expect(readerZone({ TZ: "nowhere/else" })).toBe(own);
  expect(readerZone({})).toBe(own);
});
