const formats = new Map<string, Intl.DateTimeFormat>();

const DAY_MS = 86_400_000;

/** Whether there is such a time zone in the IANA database: `Europe/Berlin`, `UTC`. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What clocks in a zone show at a moment, as milliseconds since the epoch of a clock that stands at UTC. */
export function localTime(moment: number, zone: string): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(zone).formatToParts(moment)) {
    parts[type] = Number(value);
  }
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * When clocks in a zone show a time: the first time, where they show it twice as summer ends.
 *
 * @param local - as {@link localTime} gives it
 * @returns `undefined` where they skip it as summer begins
 */
export function momentOf(local: number, zone: string): number | undefined {
  // No zone is more than a day off, and none changes twice within two.
  const offsets = [local - DAY_MS, local + DAY_MS].map((near) => localTime(near, zone) - near);
  const moments = offsets.map((offset) => local - offset).filter((moment) => localTime(moment, zone) === local);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
      ...{ hour: "numeric", minute: "numeric", second: "numeric" },
    });
    formats.set(zone, format);
  }
  return format;
}
