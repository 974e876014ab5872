import type { Actor, LedgerBodyOf } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Clock } from "../ports/clock.ts";
import type { BackupCatalog } from "../ports/table-recovery.ts";
import type { TableBackups } from "../ports/tables.ts";
import { backupName } from "./backup-names.ts";

export interface CreateBackupsPorts {
  readonly backups: TableBackups & Pick<BackupCatalog, "describe">;
  readonly ledger: Ledger;
  /** The target's time, which names are made of. */
  readonly clock: Clock;
}

export interface CreateBackupsOptions {
  readonly tables: readonly string[];
  readonly by: Actor;
  /** A word in the names. */
  readonly label?: string;
  onLine(text: string): void;
  readonly signal?: AbortSignal;
}

export type CreatedBackup = Omit<LedgerBodyOf<"backup.created">, "type">;

/**
 * Makes a backup of each table, one after the other, and writes each down. It needs no lease: nothing of the environment is changed.
 *
 * @throws {ReleaseError} when one cannot be made; those before it are there, and written down
 */
export async function createBackups(
  { backups, ledger, clock }: CreateBackupsPorts,
  { tables, by, label, onLine, signal }: CreateBackupsOptions,
): Promise<readonly CreatedBackup[]> {
  const created: CreatedBackup[] = [];
  for (const table of tables) {
    assertNotInterrupted(signal, `before ${table} was backed up`, "type the same command again; it makes new ones");
    const name = backupName(ledger.environment, clock.now(), label);
    const arn = await backups.create(table, name, signal);
    const { items, bytes } = await backups.describe(arn);
    const backup = { arn, table, name, items, bytes };
    await ledger.append({ by, release: null, body: { type: "backup.created", ...backup } });
    onLine(`${table}: ${arn}`);
    created.push(backup);
  }
  return created;
}
