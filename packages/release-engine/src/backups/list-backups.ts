import type { LedgerEntry } from "@slipway/contracts";
import type { BackupCatalog, BackupRestorer, RecoveryWindow, TableBackup } from "../ports/table-recovery.ts";
import { isOwnBackup, isScheduledBackup } from "./backup-names.ts";
import { type BackupRecord, backupRecords, unfinishedVerifications } from "./backup-records.ts";

export interface ListedTableBackup extends TableBackup {
  /** Whether its name says that Slipway made it. */
  readonly isOwn: boolean;
  /** Whether its name says that a schedule made it. */
  readonly isScheduled: boolean;
  /** What the ledger knows of it. */
  readonly record?: Omit<BackupRecord, "arn">;
}

export interface TableRecovery {
  readonly table: string;
  /** To which seconds it can be restored; null where point-in-time recovery is off. */
  readonly pointInTime: RecoveryWindow | null;
  /** Newest first. */
  readonly backups: readonly ListedTableBackup[];
}

/**
 * Lists what the tables of an environment can be brought back from: on-demand backups and point-in-time windows, which
 * `aws dynamodb list-backups` does not show.
 *
 * @returns also tables of verifications that were left behind
 * @throws {ReleaseError} when it cannot be looked at
 */
export async function listBackups(
  ports: BackupCatalog & Pick<BackupRestorer, "state">,
  { environment, tables, entries, signal }: ListBackupsOptions,
): Promise<{ readonly tables: readonly TableRecovery[]; readonly leftBehind: readonly string[] }> {
  const records = backupRecords(entries);
  const recoveries: TableRecovery[] = [];
  for (const table of tables) {
    const backups = await ports.list(table, signal);
    recoveries.push({
      table,
      pointInTime: (await ports.pointInTime(table, signal)) ?? null,
      backups: backups.map((backup) => {
        const { arn: _, ...record } = records.get(backup.arn) ?? { arn: "" };
        const isKnown = Object.keys(record).length > 0;
        const isScheduled = isScheduledBackup(environment, backup.name);
        return { ...backup, isOwn: isOwnBackup(environment, backup.name), isScheduled, ...(isKnown && { record }) };
      }),
    });
  }
  const leftBehind: string[] = [];
  for (const table of unfinishedVerifications(entries)) {
    if ((await ports.state(table)) !== "none") {
      leftBehind.push(table);
    }
  }
  return { tables: recoveries, leftBehind };
}

export interface ListBackupsOptions {
  readonly environment: string;
  readonly tables: readonly string[];
  /** Of the ledger, as far as it can be read. */
  readonly entries: readonly LedgerEntry[];
  readonly signal?: AbortSignal;
}
