/** Small letters: so no backup of an environment that is called `prod-scheduled` is taken for one of `prod`. */
const EXECUTION_ID = /^[0-9a-z-]{8,64}$/;
const STAMP = /^\d{8}T\d{6}Z(-[A-Za-z0-9_.-]+)?$/;

/** `20261128T160501Z`: in order of time where they are in order of letters. */
export function stampOf(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** What a backup of Slipway's is called: `slipway-prod-20261128T160501Z`, with a word of whoever made it after that. */
export function backupName(environment: string, now: number, label?: string): string {
  return `slipway-${environment}-${stampOf(now)}${label === undefined ? "" : `-${label}`}`;
}

/** Whether a backup is one of Slipway's own, made by hand or by a schedule: nothing else is ever deleted. */
export function isOwnBackup(environment: string, name: string): boolean {
  const prefix = `slipway-${environment}-`;
  return (name.startsWith(prefix) && STAMP.test(name.slice(prefix.length))) || isScheduledBackup(environment, name);
}

/**
 * Whether a backup was made by the schedule of an environment (infrastructure/modules/backup_schedule): `slipway-prod-scheduled-` and the id
 * that EventBridge Scheduler gives a call, such as `d32c5kddcf5bb8c3`. The time that it gives has colons, which no backup's name may have.
 */
export function isScheduledBackup(environment: string, name: string): boolean {
  const prefix = `slipway-${environment}-scheduled-`;
  return name.startsWith(prefix) && EXECUTION_ID.test(name.slice(prefix.length));
}

/** DynamoDB's names of tables have at most 255 characters. */
const MOST_CHARACTERS = 255;

/**
 * What the table of a verification is called: after the table, so that `slipway orphans` sees whose it is where it was left behind, and
 * the role `operate` may touch it and no other.
 *
 * @param random a few letters, so that two verifications of one second have tables of their own
 */
export function temporaryTableName(table: string, now: number, random: string): string {
  const end = `-slipway-verify-${stampOf(now)}-${random}`;
  return `${table.slice(0, MOST_CHARACTERS - end.length)}${end}`;
}
