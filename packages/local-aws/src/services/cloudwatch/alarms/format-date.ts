/** AWS's form of dates in the messages and data of alarms: `2026-11-23T01:24:00.000+0000`. */
export function formatDate(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}
