import type { Holder } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { BackupRemover, TableBackup } from "../ports/table-recovery.ts";

export interface PruneBackupsOptions {
  readonly holder: Holder;
  /** Those that were shown. */
  readonly backups: readonly TableBackup[];
  onLine(text: string): void;
  readonly signal?: AbortSignal;
}

/**
 * Deletes backups, under the environment's lease: nobody is to lose one that a rollback is about to restore.
 *
 * @returns ARNs of those that are gone now
 * @throws {ReleaseError} `busy` when somebody has the lease; what AWS refuses, after those before it were deleted and written down
 */
export async function pruneBackups(
  { remover, ledger }: { readonly remover: BackupRemover; readonly ledger: Ledger },
  { holder, backups, onLine, signal }: PruneBackupsOptions,
): Promise<readonly string[]> {
  const held = await ledger.take(holder);
  const gone: string[] = [];
  const write = (type: "backup.pruning" | "backup.pruned", arns: readonly string[]) =>
    held.append({ by: holder.actor, release: null, body: { type, arns: [...arns] } });
  try {
    await write(
      "backup.pruning",
      backups.map(({ arn }) => arn),
    );
    try {
      for (const { arn, name } of backups) {
        assertNotInterrupted(signal, `before ${name} was deleted`);
        held.assertHeld();
        onLine(`${name}: ${await remover.remove(arn)}`);
        gone.push(arn);
      }
    } finally {
      await write("backup.pruned", gone);
    }
    return gone;
  } finally {
    await held.release();
  }
}
