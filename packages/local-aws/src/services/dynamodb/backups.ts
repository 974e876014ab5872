import { randomBytes } from "node:crypto";
import type { Core } from "../../core/core.ts";
import type { Collection } from "../../store/store.ts";
import type { Table, TableRecord } from "./table.ts";

/** A backup: a table's record, and its items in the item store. */
export interface BackupRecord {
  readonly arn: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly table: TableRecord;
  /** The id under which the item store keeps the items. */
  readonly storeId: string;
  /** Of a backup of a deleted table, the store's own counts say it. */
  readonly items: number;
  readonly bytes: number;
  /** When it goes, in milliseconds since the epoch: only AWS's own, of deleted tables, do. */
  readonly expiresAt?: number;
}

const KEPT_AFTER_DELETION_MS = 35 * 24 * 60 * 60 * 1000;

/** The backups of all tables, those that are gone included. */
export class Backups {
  readonly #records: Collection<BackupRecord>;

  constructor(core: Core) {
    this.#records = core.store.collection<BackupRecord>("dynamodb/backups");
  }

  /** All backups, oldest first. */
  all(): BackupRecord[] {
    return [...this.#records.values()].sort(
      (left, right) => left.createdAt - right.createdAt || (left.arn < right.arn ? -1 : 1),
    );
  }

  find(arn: string): BackupRecord | undefined {
    return this.#records.get(arn);
  }

  put(record: BackupRecord): void {
    this.#records.put(record.arn, record);
  }

  delete(arn: string): void {
    this.#records.delete(arn);
  }
}

/** `USER` for a backup that somebody made, `SYSTEM` for the one that AWS makes of a deleted table. */
export function backupType({ expiresAt }: BackupRecord): "USER" | "SYSTEM" {
  return expiresAt === undefined ? "USER" : "SYSTEM";
}

/** A name for a backup that is made now. */
export function newBackupArn(tableArn: string, createdAt: number): string {
  return `${tableArn}/backup/${String(createdAt).padStart(14, "0")}-${randomBytes(4).toString("hex")}`;
}

/**
 * The backup that AWS makes of a table with point-in-time recovery when it is deleted, and keeps for 35 days. It takes over the
 * table's items where they are.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
 */
export function backupOfDeleted({ name, record, storeId }: Table, tableArn: string, now: number): BackupRecord {
  return {
    arn: newBackupArn(tableArn, now),
    name: `${name}$DeletedTableBackup`,
    createdAt: now,
    table: record,
    ...{ storeId, items: 0, bytes: 0 },
    expiresAt: now + KEPT_AFTER_DELETION_MS,
  };
}
