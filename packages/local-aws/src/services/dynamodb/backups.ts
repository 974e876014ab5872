import type { Core } from "../../core/core.ts";
import type { Collection } from "../../store/store.ts";
import type { TableRecord } from "./table.ts";

/** An on-demand backup: a table's record, and a copy of its items in the item store. */
export interface BackupRecord {
  readonly arn: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly table: TableRecord;
  /** The id under which the item store keeps the copy. */
  readonly storeId: string;
  readonly items: number;
  readonly bytes: number;
}

/** The on-demand backups of all tables, those that are gone included. */
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
