import type { LedgerBodyOf, LedgerEntry } from "@slipway/contracts";

/** What the ledger knows of a backup. */
export interface BackupRecord {
  readonly arn: string;
  readonly createdBy?: string;
  readonly items?: number;
  /** The last time that it was verified; also where that was broken off, and the verdict is unknown. */
  readonly verified?: Pick<LedgerBodyOf<"backup.verified">, "verdict" | "items" | "digest"> & {
    readonly at: string;
    readonly by: string;
  };
  /** When it last passed, unless it failed since: a verification that was broken off, or could not tell, takes nothing back. */
  readonly passedAt?: string;
  /** When it last failed, unless it passed since. */
  readonly failedAt?: string;
  /** Of what it restored to the last time that this was read to the end. */
  readonly digest?: string;
}

/** What the ledger knows of backups, by their ARNs. */
export function backupRecords(entries: readonly LedgerEntry[]): ReadonlyMap<string, BackupRecord> {
  const records = new Map<string, BackupRecord>();
  for (const { at, by, body } of entries) {
    if (body.type === "backup.created") {
      const { arn, items } = body;
      records.set(arn, { arn, createdBy: by.name, ...(items === null ? {} : { items }) });
    } else if (body.type === "backup.verified") {
      const { arn, verdict, items, digest } = body;
      const { passedAt, failedAt, ...earlier } = records.get(arn) ?? {};
      records.set(arn, {
        ...{ ...earlier, arn, verified: { verdict, items, digest, at, by: by.name } },
        ...(digest === null ? {} : { digest }),
        ...(verdict === "pass" ? { passedAt: at } : verdict === "fail" ? { failedAt: at } : { passedAt, failedAt }),
      });
    }
  }
  return records;
}

/** Tables of verifications that nobody has written the end of: they may still be there. */
export function unfinishedVerifications(entries: readonly LedgerEntry[]): readonly string[] {
  const tables = new Set<string>();
  for (const { body } of entries) {
    if (body.type === "backup.verifying") {
      tables.add(body.temporaryTable);
    } else if (body.type === "backup.verified") {
      tables.delete(body.temporaryTable);
    }
  }
  return [...tables];
}
