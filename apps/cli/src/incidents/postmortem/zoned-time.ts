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
 * The zone that somebody reads times in: the machine's, unless they say another.
 *
 * @throws UserError when there is no such zone
 */
export function readersZone(zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat("en-US", zone === undefined ? {} : { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new UserError(`--zone: '${zone}' is no time zone. Write it like Europe/Berlin, America/New_York or UTC.`);
  }
}

/** Whether a zone is UTC by whatever name: then no second column says the same. */
export function isUtc(zone: string): boolean {
  return /^(?:Etc\/)?(?:UTC|UCT|GMT|Universal|Zulu|Greenwich|GMT[+-]?0)$/.test(zone);
}
