import type { TableStructure } from "@slipway/analysis";

/** An on-demand backup, or one of AWS's own. */
export interface TableBackup {
  readonly arn: string;
  readonly name: string;
  readonly table: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly bytes: number;
  /** `system` is what DynamoDB keeps of a table that was deleted. */
  readonly kind: "on-demand" | "aws-backup" | "system";
  /** Whether it can be restored from. */
  readonly isUsable: boolean;
}

/** To which seconds a table can be restored; null where nobody says. */
export interface RecoveryWindow {
  readonly since: number | null;
  readonly until: number | null;
  readonly days: number | null;
}

/** What a table can be brought back from. All of it throws ReleaseError where it cannot be looked at. */
export interface BackupCatalog {
  /** Newest first. */
  list(tableName: string, signal?: AbortSignal): Promise<readonly TableBackup[]>;
  /** Undefined where point-in-time recovery is off, or the table is gone. */
  pointInTime(tableName: string, signal?: AbortSignal): Promise<RecoveryWindow | undefined>;
  /** What DynamoDB wrote down when the backup was made; its count of items is up to six hours old. */
  describe(arn: string, signal?: AbortSignal): Promise<BackupDescription>;
}

export interface BackupDescription {
  readonly items: number | null;
  readonly bytes: number;
  readonly structure: TableStructure;
}

/** Deletes backups. */
export interface BackupRemover {
  /** @returns `gone` when there is none any more */
  remove(arn: string): Promise<"removed" | "gone">;
}

/** Restores backups to tables that are there for a while. */
export interface BackupRestorer {
  /** Begins a restore; `ready` of {@link state} is its end. One that was begun already is left to go on. */
  restore(arn: string, tableName: string): Promise<void>;
  state(tableName: string): Promise<"restoring" | "ready" | "deleting" | "none">;
  /** Deletes the table, items and all. Only for one that a restore made. */
  removeTable(tableName: string): Promise<void>;
}

/** A key of an item, as one of the port's own made it. */
export interface ItemKey {
  /** What it is told apart by. It may be somebody's data: it goes into no log. */
  readonly text: string;
}

/** Reads tables to compare them. */
export interface TableContents {
  /** Undefined where there is no such table. */
  structure(tableName: string, signal?: AbortSignal): Promise<TableStructure | undefined>;
  /** Reads all of a table. */
  readAll(
    tableName: string,
    options: {
      /** Keys to choose by chance. */
      readonly sample: number;
      onCount(items: number): void;
      readonly signal?: AbortSignal;
    },
  ): Promise<{ readonly items: number; readonly digest: string; readonly keys: readonly ItemKey[] }>;
  /** Chooses keys by chance, without reading all of the table. */
  sampleKeys(tableName: string, count: number, signal?: AbortSignal): Promise<readonly ItemKey[]>;
  /** How many of the keys the table has. */
  countPresent(tableName: string, keys: readonly ItemKey[], signal?: AbortSignal): Promise<number>;
}
