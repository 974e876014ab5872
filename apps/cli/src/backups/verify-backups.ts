import { randomBytes } from "node:crypto";
import { DynamoTableContents } from "@slipway/aws";
import type { Actor } from "@slipway/contracts";
import {
  type BackupVerification,
  isOwnBackup,
  runPhase,
  systemClock,
  type TableBackup,
  verifyBackup,
} from "@slipway/release-engine";
import { UserError } from "../user-error.ts";
import type { OpenedBackups } from "./open-backups.ts";

export interface VerifyRequest {
  readonly by: Actor;
  /** Name or ARN; unless given, the newest of Slipway's own of each table. */
  readonly backup: string | undefined;
  readonly sample: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Verifies backups, one after the other.
 *
 * @throws UserError when there is none that is meant
 * @throws ReleaseError when one cannot be judged
 */
export async function verifyBackups(
  { backups, clients, opened, progress, tables, environment, target }: OpenedBackups,
  { by, backup: asked, sample, timeoutMs, signal }: VerifyRequest,
): Promise<readonly BackupVerification[]> {
  const meant: TableBackup[] = [];
  for (const table of tables) {
    const usable = (await backups.list(table, signal)).filter(({ isUsable }) => isUsable);
    const found =
      asked === undefined
        ? usable.find(({ name }) => isOwnBackup(environment, name))
        : usable.find(({ name, arn }) => name === asked || arn === asked);
    if (found === undefined && asked === undefined) {
      throw new UserError(
        `${table} has no backup of Slipway's. Make one: slipway backup ${environment} create${target.flags}; another's is verified with --backup NAME.`,
      );
    }
    meant.push(...(found === undefined ? [] : [found]));
  }
  if (meant.length === 0) {
    throw new UserError(
      `--backup: there is no '${asked}' that could be restored. What there is shows \`slipway backup ${environment} list${target.flags}\`.`,
    );
  }
  const { ledger, clock } = opened;
  const contents = new DynamoTableContents(clients.dynamodb);
  const verified: BackupVerification[] = [];
  for (const backup of meant) {
    const phase = { phase: `${environment}.verify`, title: `verify ${backup.name} of ${backup.table}` };
    const { value } = await runPhase({ clock: systemClock, progress }, phase, async (onLine) => {
      const random = randomBytes(3).toString("hex");
      const value = await verifyBackup(
        { backups, contents, ledger, clock, systemClock },
        { backup, by, random, sample, timeoutMs, onLine, signal },
      );
      return { value, summary: value.verdict };
    });
    verified.push(value);
  }
  return verified;
}
