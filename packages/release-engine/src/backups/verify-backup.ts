import { type BackupFacts, backupVerdict, judgeBackup } from "@slipway/analysis";
import type { Actor, Evidence, LedgerBodyOf } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Clock } from "../ports/clock.ts";
import type { BackupCatalog, BackupRestorer, TableBackup, TableContents } from "../ports/table-recovery.ts";
import { ReleaseError } from "../release-error.ts";
import { waitUntil } from "../wait-until.ts";
import { temporaryTableName } from "./backup-names.ts";
import { backupRecords } from "./backup-records.ts";

export interface VerifyBackupPorts {
  readonly backups: BackupRestorer & Pick<BackupCatalog, "describe">;
  readonly contents: TableContents;
  readonly ledger: Ledger;
  /** The target's time, which names and evidence have. */
  readonly clock: Clock;
  /** The machine's time, which waits go by. */
  readonly systemClock: Clock;
}

export interface VerifyBackupOptions {
  readonly backup: TableBackup;
  readonly by: Actor;
  /** A few letters, for a table's name of its own. */
  readonly random: string;
  /** Keys that are chosen by chance in each table, and looked for in the other. */
  readonly sample: number;
  /** How long the restore may take. */
  readonly timeoutMs: number;
  onLine(text: string): void;
  readonly signal?: AbortSignal;
}

type TableState = Awaited<ReturnType<BackupRestorer["state"]>>;

export type BackupVerification = Omit<LedgerBodyOf<"backup.verified">, "type">;

/** How long a table may take to be gone, and one that is being restored to become one that can be deleted. */
const REMOVAL_TIMEOUT_MS = 4 * 3_600_000;

/** For how long DynamoDB may say of a table whose restore was sent that there is none: it may not know of it yet. */
const UNSEEN_MS = 30_000;

/**
 * Proves a backup: restores it to a table of its own, compares that with what was backed up and with the table, and deletes it again.
 *
 * ```
 * backup.verifying ── restore ── wait ── read all, compare ── judge ──┐
 *        └── anything that goes wrong, or a Ctrl-C ───────────────────┴── wait until it can be deleted ── delete ── backup.verified
 * ```
 *
 * It needs no lease: nothing of the environment is changed. Killed in the middle it leaves the table behind, whose name is in the ledger.
 *
 * @throws {ReleaseError} when it cannot be judged; that is written down, too
 */
export async function verifyBackup(
  ports: VerifyBackupPorts,
  options: VerifyBackupOptions,
): Promise<BackupVerification> {
  const { ledger, clock } = ports;
  const { backup, by, random, signal } = options;
  assertNotInterrupted(signal, `before ${backup.name} was restored`);
  const temporaryTable = temporaryTableName(backup.table, clock.now(), random);
  const place = { arn: backup.arn, table: backup.table, temporaryTable };
  const earlier = backupRecords(await ledger.read(signal)).get(backup.arn)?.digest;
  const write = (body: Omit<LedgerBodyOf<"backup.verified">, "type" | keyof typeof place>) =>
    ledger.append({ by, release: null, body: { type: "backup.verified", ...place, ...body } });
  await ledger.append({ by, release: null, body: { type: "backup.verifying", ...place } });
  const sent = { isRestore: false };
  let facts: BackupFacts;
  try {
    facts = await restoreAndCompare(ports, options, { temporaryTable, sent, earlierDigest: earlier });
  } catch (error) {
    const evidence = [notJudged(backup, error, clock.now())];
    await removeTable(ports, options, { table: temporaryTable, wasAskedFor: sent.isRestore });
    await write({ verdict: "unknown", items: null, digest: null, evidence });
    throw error;
  }
  await removeTable(ports, options, { table: temporaryTable, wasAskedFor: true });
  const evidence = judgeBackup(facts, clock.now());
  const { items, digest } = facts.restored;
  const judged = { verdict: backupVerdict(evidence), items, digest, evidence: [...evidence] };
  await write(judged);
  return { ...place, ...judged };
}

async function restoreAndCompare(
  { backups, contents, systemClock }: VerifyBackupPorts,
  { backup, sample, timeoutMs, onLine, signal }: VerifyBackupOptions,
  {
    temporaryTable,
    sent,
    earlierDigest,
  }: {
    readonly temporaryTable: string;
    /** Told as soon as the restore may be there, whatever the answer is. */
    readonly sent: { isRestore: boolean };
    readonly earlierDigest: string | undefined;
  },
): Promise<BackupFacts> {
  const { arn, table } = backup;
  const described = await backups.describe(arn, signal);
  onLine(`restoring ${backup.name} to ${temporaryTable}`);
  sent.isRestore = true;
  await backups.restore(arn, temporaryTable);
  await waitUntil(systemClock, {
    ...{ what: `the restore of ${backup.name}`, timeoutMs },
    look: () => backups.state(temporaryTable),
    isOver: (state) => state === "ready",
    ...(signal === undefined ? {} : { signal }),
  });
  onLine("restored; reading all of it");
  const look = { sample, onCount: (items: number) => onLine(`${items.toLocaleString("en-US")} items read`) };
  const { items, digest, keys } = await contents.readAll(temporaryTable, { ...look, ...(signal && { signal }) });
  const restored = await contents.structure(temporaryTable, signal);
  if (restored === undefined) {
    throw new ReleaseError({
      kind: "failed",
      what: `The table ${temporaryTable} is gone`,
      why: "somebody deleted it while it was compared",
      next: "type the same command again",
    });
  }
  const live = await contents.structure(table, signal);
  const facts = {
    ...{ table, backup: arn, described },
    restored: { items, digest, structure: restored },
    ...(earlierDigest === undefined ? {} : { earlierDigest }),
  };
  if (live === undefined) {
    return facts;
  }
  onLine(`comparing with ${table}`);
  const liveKeys = await contents.sampleKeys(table, sample, signal);
  return {
    ...facts,
    live: {
      structure: live,
      restoredInLive: { asked: keys.length, found: await contents.countPresent(table, keys, signal) },
      liveInRestored: {
        asked: liveKeys.length,
        found: await contents.countPresent(temporaryTable, liveKeys, signal),
      },
    },
  };
}

/**
 * Deletes the table of a verification, whoever asks for a stop: it costs money, and holds everybody's data. A table that is being
 * restored cannot be deleted before the restore has ended; one that was asked for a moment ago may not be seen yet.
 *
 * @throws {ReleaseError} when it is still there, naming it
 */
async function removeTable(
  { backups, systemClock }: Pick<VerifyBackupPorts, "backups" | "systemClock">,
  { onLine }: Pick<VerifyBackupOptions, "onLine">,
  { table, wasAskedFor }: { readonly table: string; readonly wasAskedFor: boolean },
): Promise<void> {
  try {
    const wait = { what: `the removal of ${table}`, timeoutMs: REMOVAL_TIMEOUT_MS, look: () => backups.state(table) };
    const said = new Set<string>();
    const sayOnce = (text: string) => {
      if (!said.has(text)) {
        said.add(text);
        onLine(text);
      }
    };
    let seenAt = systemClock.now();
    const canBeDeleted = (state: TableState): boolean => {
      if (state === "none") {
        const isBelieved = !wasAskedFor || systemClock.now() - seenAt >= UNSEEN_MS;
        if (!isBelieved) {
          sayOnce(`looking for ${UNSEEN_MS / 1_000} s whether ${table} is there after all`);
        }
        return isBelieved;
      }
      seenAt = systemClock.now();
      if (state === "restoring") {
        sayOnce(`waiting until ${table} can be deleted; its restore cannot be broken off`);
      }
      return state !== "restoring";
    };
    if ((await waitUntil(systemClock, { ...wait, isOver: canBeDeleted })) === "ready") {
      await backups.removeTable(table);
      onLine(`deleting ${table}`);
    }
    await waitUntil(systemClock, { ...wait, isOver: (state) => state === "none" });
  } catch (cause) {
    throw new ReleaseError(
      {
        kind: "failed",
        what: `The table ${table} of a verification is left behind`,
        why: cause instanceof ReleaseError ? `${cause.what}: ${cause.why}` : String(cause),
        next: `delete it: aws dynamodb delete-table --table-name ${table}`,
      },
      { cause },
    );
  }
}

function notJudged({ table }: TableBackup, error: unknown, now: number): Evidence {
  const found = error instanceof ReleaseError ? `${error.what}: ${error.why}` : "an unexpected error";
  return {
    ...{ check: "backup.restored", title: "The backup can be restored and compared", status: "unknown", found },
    ...{ subject: table, at: new Date(now).toISOString() },
    ...(error instanceof ReleaseError ? { next: error.next } : {}),
  };
}
