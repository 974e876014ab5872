import { isZone, utcTime, zonedTime } from "./postmortem/zoned-time.ts";

const DAY = 10;
const MINUTE = 16;

/** The time zone of whoever reads: that of the variable TZ, or of the machine. */
export function readerZone(env: NodeJS.ProcessEnv): string {
  const { TZ } = env;
  return TZ !== undefined && isZone(TZ) ? TZ : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** ` (10:15)`: a time of day in a zone, with its date where that is another than in UTC; empty where the zone is UTC. */
export function inZone(moment: number, zone: string): string {
  if (isUtc(zone)) {
    return "";
  }
  const local = zonedTime(moment, zone).slice(0, MINUTE);
  return ` (${local.slice(0, DAY) === utcTime(moment).slice(0, DAY) ? local.slice(DAY + 1) : local.slice("2026-".length)})`;
}

export function isUtc(zone: string): boolean {
  return /^(UTC|Etc\/UTC|Etc\/GMT|GMT|Etc\/Universal|Etc\/Zulu|Zulu|UCT|Etc\/UCT)$/.test(zone);
}
