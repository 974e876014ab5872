import { UserError } from "../../user-error.ts";

/** `2026-11-28 12:05:00`: a time in UTC, for columns whose heading says so. */
export function utcTime(moment: number): string {
  return new Date(moment).toISOString().slice(0, 19).replace("T", " ");
}

/**
 * `2026-11-28 13:05:00 +01:00`: the same in a zone. The offset is there each time, because it changes with the clocks, and where they are put
 * back the same hour comes twice.
 */
export function zonedTime(moment: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, hourCycle: "h23", timeZoneName: "longOffset" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  }).formatToParts(moment);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
  // Without an offset it is called GMT.
  const offset = of("timeZoneName").replace("GMT", "") || "+00:00";
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}:${of("second")} ${offset}`;
}

/**
 * A time zone that somebody has typed, by the name that they know it by.
 *
 * @throws UserError when there is none of that name
 */
export function parseZone(flag: string, zone: string): string {
  if (!isZone(zone)) {
    throw new UserError(`${flag}: '${zone}' is no time zone. Write it like Europe/Berlin, America/New_York or UTC.`);
  }
  return zone;
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
