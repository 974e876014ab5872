import type { LedgerEntry } from "@slipway/contracts";
import type { TableBackup } from "../ports/table-recovery.ts";
import { isOwnBackup } from "./backup-names.ts";
import { backupRecords } from "./backup-records.ts";

export interface PrunePolicy {
  readonly environment: string;
  /** How many of the newest of each table are kept. */
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
 * others made, the last one that was verified, and where none was, the newest.
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
  const lastVerified = usable.find(({ arn }) => records.get(arn)?.verified?.verdict === "pass");
  const reasonToKeep = (backup: TableBackup): string | undefined => {
    if (!own.includes(backup)) {
      return "Slipway did not make it";
    }
    if (backup === lastVerified) {
      return "the last one that was verified";
    }
    if (lastVerified === undefined && backup === usable[0]) {
      return "the newest, and none was verified";
    }
    if (!backup.isUsable) {
      return "it is not ready";
    }
    if (keep !== undefined && usable.indexOf(backup) < keep) {
      return `one of the ${keep} newest`;
    }
    return maxAgeMs !== undefined && now - backup.createdAt < maxAgeMs ? "young enough" : undefined;
  };
  return newestFirst.map((backup) => {
    const because = reasonToKeep(backup);
    return { backup, isKept: because !== undefined, because: because ?? "neither new nor young enough" };
  });
}
