import type { LedgerBodyOf, LedgerEntry } from "@slipway/contracts";

/** What the ledger knows of a backup. */
export interface BackupRecord {
  readonly arn: string;
  readonly createdBy?: string;
  readonly items?: number;
  /** The last time that it was verified to the end. */
  readonly verified?: Pick<LedgerBodyOf<"backup.verified">, "verdict" | "items" | "digest"> & {
    readonly at: string;
    readonly by: string;
  };
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
      records.set(arn, { ...records.get(arn), arn, verified: { verdict, items, digest, at, by: by.name } });
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
