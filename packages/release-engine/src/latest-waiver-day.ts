/**
 * The last day (UTC) that a waiver may hold until: a year ahead. What nobody looks at for longer is no exception any more.
 *
 * @param now milliseconds since the epoch
 * @returns as `2027-11-28`
 */
export function latestWaiverDay(now: number): string {
  const day = new Date(now);
  day.setUTCFullYear(day.getUTCFullYear() + 1);
  return day.toISOString().slice(0, 10);
}
