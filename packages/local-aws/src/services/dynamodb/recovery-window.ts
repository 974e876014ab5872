import { AwsError } from "../../core/aws-error.ts";
import type { TableRecord } from "./table.ts";

const SECOND_MS = 1000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;
/** AWS can restore up to about five minutes ago. */
const LAG_MS = 5 * 60 * SECOND_MS;

type Recovery = NonNullable<TableRecord["pointInTimeRecovery"]>;

/** The moments that a table can be restored to or exported from: whole seconds, in milliseconds since the epoch. */
export interface RecoveryWindow {
  readonly earliest: number;
  readonly latest: number;
}

/**
 * The window of a table with point-in-time recovery; `undefined` of one without. In the first five minutes it is one moment:
 * the first full second since recovery was enabled.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
 */
export function recoveryWindow({ pointInTimeRecovery }: TableRecord, now: number): RecoveryWindow | undefined {
  if (pointInTimeRecovery === undefined) {
    return undefined;
  }
  const earliest = Math.ceil(recordedSince(pointInTimeRecovery, now) / SECOND_MS) * SECOND_MS;
  return { earliest, latest: Math.max(earliest, wholeSecond(now - LAG_MS)) };
}

/** The window of a table that is to have one. @throws AwsError `PointInTimeRecoveryUnavailableException` */
export function requiredRecoveryWindow(record: TableRecord, now: number): RecoveryWindow {
  const window = recoveryWindow(record, now);
  if (window === undefined) {
    throw new AwsError(
      "PointInTimeRecoveryUnavailableException",
      `Point in time recovery is not enabled for table '${record.name}'`,
    );
  }
  return window;
}

/** From when on the journal must be whole. */
export function recordedSince({ since, periodDays }: Recovery, now: number): number {
  return Math.max(since, now - recoveryPeriod({ periodDays }));
}

/** How long changes are kept, in milliseconds. */
export function recoveryPeriod({ periodDays }: Pick<Recovery, "periodDays">): number {
  return periodDays * DAY_MS;
}

/** The second that a moment lies in: AWS restores and exports to the second. */
export function wholeSecond(at: number): number {
  return Math.floor(at / SECOND_MS) * SECOND_MS;
}
