import { expect, it } from "vitest";
import { latestWaiverDay } from "./latest-waiver-day.ts";

it.each([
  ["2026-11-28T00:00:00Z", "2027-11-28"],
  ["2026-11-28T23:59:59Z", "2027-11-28"],
  ["2028-02-29T12:00:00Z", "2029-03-01"],
])("at %s it is %s", (now, day) => {
  expect(latestWaiverDay(Date.parse(now))).toBe(day);
});
