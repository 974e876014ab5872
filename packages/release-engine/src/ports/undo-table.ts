import type { DocumentRecord } from "@slipway/contracts";
import type { TableShape, WriteAnswer } from "./migration-table.ts";

/** One image of an item in the place of another; absent is an item that is not there. At least one of them is there, and they differ. */
export interface ItemSwap {
  readonly key: DocumentRecord;
  readonly from?: DocumentRecord;
  readonly to?: DocumentRecord;
}

/** The items of a table, as bad writes are taken back. */
export interface UndoTable {
  /** @throws ReleaseError when there is no such table */
  describe(signal?: AbortSignal): Promise<Pick<TableShape, "name" | "partitionKey" | "sortKey">>;
  /** Reads one item, consistently. */
  read(key: DocumentRecord, signal?: AbortSignal): Promise<{ record: DocumentRecord | undefined; readUnits: number }>;
  /**
   * Writes `to` where each attribute of the item is still as in `from`, and none is there that `to` would add; where `from` is absent, if there
   * is no such item. Only what differs is written: an attribute that somebody adds meanwhile stays.
   *
   * Cannot be given up once it is sent: only its answer says whether it was made.
   */
  swap(swap: ItemSwap): Promise<WriteAnswer>;
}
