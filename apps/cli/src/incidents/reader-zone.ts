const DAY = 10;

/** The time zone of whoever reads: that of the variable TZ, or of the machine. */
export function readerZone(env: NodeJS.ProcessEnv): string {
  const { TZ } = env;
  return TZ !== undefined && isZone(TZ) ? TZ : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** ` (10:15)`: a time of day in a zone, with its date where that is another than in UTC; empty where the zone is UTC. */
export function inZone(moment: number, zone: string): string {
  const local = localTime(moment, zone);
  const utc = new Date(moment).toISOString().slice(0, 16).replace("T", " ");
  if (isUtc(zone)) {
    return "";
  }
  return ` (${local.slice(0, DAY) === utc.slice(0, DAY) ? local.slice(DAY + 1) : local.slice("2026-".length)})`;
}

export function isUtc(zone: string): boolean {
  return /^(UTC|Etc\/UTC|Etc\/GMT|GMT|Etc\/Universal|Etc\/Zulu|Zulu|UCT|Etc\/UCT)$/.test(zone);
}

/** `2026-11-28 10:15`. */
function localTime(moment: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit" },
  }).formatToParts(moment);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}`;
}

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
