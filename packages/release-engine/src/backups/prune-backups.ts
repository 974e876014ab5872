import type { Holder, LedgerEntry } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { HeldLedger, Ledger } from "../ledger/ledger.ts";
import type { BackupRemover, TableBackup } from "../ports/table-recovery.ts";
import { ReleaseError } from "../release-error.ts";

export interface PruneBackupsOptions {
  readonly holder: Holder;
  /** Those that were shown. */
  readonly backups: readonly TableBackup[];
  /** Lists and chooses again: what would be deleted by what is there, and in the ledger, now. */
  chooseAgain(entries: readonly LedgerEntry[]): Promise<readonly TableBackup[]>;
  onLine(text: string): void;
  readonly signal?: AbortSignal;
}

/**
 * Deletes backups, under the environment's lease: nobody is to lose one that a rollback is about to restore. Between what was shown and
 * the lease others may have pruned or verified, so it is chosen again, and nothing is deleted that is to be kept by now.
 *
 * @returns ARNs of those that are gone now
 * @throws {ReleaseError} `busy` when somebody has the lease, `conflict` when one of those shown is not to be deleted any more: nothing was
 * deleted. What goes wrong after the first was deleted is `failed` or `interrupted`, says which are gone, and that is written down
 */
export async function pruneBackups(
  { remover, ledger }: { readonly remover: BackupRemover; readonly ledger: Ledger },
  { holder, backups, chooseAgain, onLine, signal }: PruneBackupsOptions,
): Promise<readonly string[]> {
  const held = await ledger.take(holder);
  const gone: TableBackup[] = [];
  try {
    assertStillDoomed(backups, await chooseAgain(await held.read(signal)));
    await write(held, "backup.pruning", backups);
    try {
      for (const backup of backups) {
        assertNotInterrupted(signal, `before ${backup.name} was deleted`);
        held.assertHeld();
        onLine(`${backup.name}: ${await remover.remove(backup.arn)}`);
        gone.push(backup);
      }
    } catch (error) {
      // It is told of already that something went wrong; what went wrong first is what people have to know.
      await write(held, "backup.pruned", gone).catch(() => undefined);
      throw error;
    }
    await write(held, "backup.pruned", gone);
    return gone.map(({ arn }) => arn);
  } catch (error) {
    throw gone.length === 0 ? error : stoppedAfter(gone, backups.length, error);
  } finally {
    // What could not be given back expires by itself, and must not hide what went wrong before.
    await held.release().catch(() => undefined);
  }
}

function write(held: HeldLedger, type: "backup.pruning" | "backup.pruned", backups: readonly TableBackup[]) {
  const body = { type, arns: backups.map(({ arn }) => arn) };
  return held.append({ by: held.holder.actor, release: null, body });
}

function assertStillDoomed(shown: readonly TableBackup[], now: readonly TableBackup[]): void {
  const doomed = new Set(now.map(({ arn }) => arn));
  const others = shown.filter(({ arn }) => !doomed.has(arn));
  if (others.length > 0) {
    throw new ReleaseError({
      kind: "conflict",
      what: "What is to be deleted is not any more what was shown, so nothing was deleted",
      why: `meanwhile ${others.map(({ name }) => name).join(", ")} became one to keep, or was deleted`,
      next: "type the same command again, and look at what it shows now",
    });
  }
}

/** Not a refusal: something was changed. */
function stoppedAfter(gone: readonly TableBackup[], count: number, cause: unknown): ReleaseError {
  const isStop = cause instanceof ReleaseError && cause.kind === "interrupted";
  return new ReleaseError(
    {
      kind: isStop ? "interrupted" : "failed",
      what: `${gone.length} of ${count} backups ARE deleted, and then it stopped: ${gone.map(({ name }) => name).join(", ")}`,
      why: cause instanceof ReleaseError ? `${cause.what}: ${cause.why}` : String(cause),
      next: "type the same command again; it shows what is left",
    },
    { cause },
  );
}
