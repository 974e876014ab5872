import type { LedgerEntry } from "@slipway/contracts";
import type { TableBackup } from "../ports/table-recovery.ts";
import { isOwnBackup } from "./backup-names.ts";
import { backupRecords } from "./backup-records.ts";

export interface PrunePolicy {
  readonly environment: string;
  /** How many of the newest of each table are kept, not counting those that failed their verification. */
  readonly keep?: number;
  /** Those that are younger are kept. */
  readonly maxAgeMs?: number;
}

/** What becomes of a backup, and why. */
export interface PruneDecision {
  readonly backup: TableBackup;
  readonly isKept: boolean;
  readonly because: string;
}

/**
 * Decides which backups of a table can go. Kept is what is among the newest or young enough, as far as that was asked for; always what
 * others made, the last one that was verified, and the newest: a backup that failed its verification counts as neither, unless there is
 * no other.
 *
 * @param backups of one table
 * @param now milliseconds since the epoch, on the target's clock
 */
export function choosePrunable(
  backups: readonly TableBackup[],
  entries: readonly LedgerEntry[],
  { environment, keep, maxAgeMs }: PrunePolicy,
  now: number,
): readonly PruneDecision[] {
  const records = backupRecords(entries);
  const newestFirst = [...backups].sort((left, right) => right.createdAt - left.createdAt);
  const own = newestFirst.filter(({ name, kind }) => kind === "on-demand" && isOwnBackup(environment, name));
  const usable = own.filter(({ isUsable }) => isUsable);
  const hasFailed = ({ arn }: TableBackup) => records.get(arn)?.failedAt !== undefined;
  const trusted = usable.filter((backup) => !hasFailed(backup));
  const lastVerified = usable.find(({ arn }) => records.get(arn)?.passedAt !== undefined);
  const reasonToKeep = (backup: TableBackup): string | undefined => {
    if (!own.includes(backup)) {
      return "Slipway did not make it";
    }
    if (backup === lastVerified) {
      return "the last one that was verified";
    }
    if (!backup.isUsable) {
      return "it is not ready";
    }
    if (keep !== undefined && trusted.slice(0, keep).includes(backup)) {
      return `one of the ${keep} newest`;
    }
    if (backup === (trusted[0] ?? usable[0])) {
      return trusted.length === 0 ? "the newest, and all failed their verification" : "the newest that did not fail";
    }
    return maxAgeMs !== undefined && now - backup.createdAt < maxAgeMs ? "young enough" : undefined;
  };
  return newestFirst.map((backup) => {
    const because = reasonToKeep(backup);
    const whyNot = hasFailed(backup) ? "it failed its verification" : "neither new nor young enough";
    return { backup, isKept: because !== undefined, because: because ?? whyNot };
  });
}
