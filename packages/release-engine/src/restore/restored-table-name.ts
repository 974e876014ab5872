/** DynamoDB's names of tables have at most 255 characters. */
const MOST_CHARACTERS = 255;
const SUFFIX = /-restored-\d{8}-\d{6}$/;

/** Whether a table was restored once itself, as its name tells. */
export function isRestoredTable(table: string): boolean {
  return SUFFIX.test(table);
}

/**
 * What a table is called that is restored now: `items-prod-restored-20261128-161500`. Of one that was restored before, the name that it
 * had at first is kept, so that roles and people know whose it is.
 */
export function restoredTableName(table: string, now: number): string {
  const [day = "", time = ""] = new Date(now)
    .toISOString()
    .replace(/[-:]|\.\d+Z/g, "")
    .split("T");
  const end = `-restored-${day}-${time}`;
  return `${table.replace(SUFFIX, "").slice(0, MOST_CHARACTERS - end.length)}${end}`;
}
