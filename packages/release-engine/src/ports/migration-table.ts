import type { DocumentRecord, MigrationRecord, RecordFilter } from "@slipway/contracts";

/** What is known of a table before anything is read from it. */
export interface TableShape {
  /** As AWS calls it. */
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** Up to six hours old: good for an estimate, and for nothing else. */
  readonly estimatedRecords: number;
}

/** Which page of which segment is read. */
export interface ScanRequest {
  readonly segment: number;
  readonly segments: number;
  /** Key that the page begins after. */
  readonly after?: DocumentRecord;
  /** Records to look at, at most. */
  readonly limit: number;
  /** What does not match is not sent. */
  readonly filter?: RecordFilter;
  /** Sees every write that was acknowledged before; costs twice as much. */
  readonly consistent: boolean;
}

export interface ScannedPage {
  readonly records: readonly DocumentRecord[];
  /** Records that DynamoDB looked at, those that the filter left out too. */
  readonly scanned: number;
  /** Where the next page begins; none at the end of the segment. */
  readonly next?: DocumentRecord;
  readonly readUnits: number;
}

/** A change of one record, and what must still be so for it to be made. */
export interface RecordChange {
  /** The record as it was read: each of its attributes must still have this value. */
  readonly before: DocumentRecord;
  /** Attributes that were found missing when the change was decided: they must still be. */
  readonly absent: readonly string[];
  readonly set: DocumentRecord;
  readonly remove: readonly string[];
}

export interface WriteAnswer {
  /** `conflict`: the record is not as it was read, or is gone; nothing was written. */
  readonly outcome: "written" | "conflict";
  readonly writeUnits: number;
}

/** The records of a table, as a migration reads and writes them. */
export interface MigrationTable {
  /** @throws ReleaseError when there is no such table, or it cannot hold what a migration remembers */
  describe(signal?: AbortSignal): Promise<TableShape>;
  scan(request: ScanRequest, signal?: AbortSignal): Promise<ScannedPage>;
  /** Reads one record, consistently. */
  read(key: DocumentRecord, signal?: AbortSignal): Promise<{ record: DocumentRecord | undefined; readUnits: number }>;
  /** Never makes a record that is not there. Cannot be given up once it is sent: only its answer says whether the change was made. */
  write(change: RecordChange): Promise<WriteAnswer>;
}

/** What a table remembers of its migrations. */
export interface MigrationLedger {
  load(id: string, signal?: AbortSignal): Promise<MigrationRecord | undefined>;
  /** Writes a record whose `revision` is one more than that in the table, 1 for the first; otherwise it is a `conflict`. */
  save(record: MigrationRecord, signal?: AbortSignal): Promise<{ outcome: "saved" | "conflict"; writeUnits: number }>;
}

/** Puts records that are not there yet. */
export interface SeedTable {
  describe(signal?: AbortSignal): Promise<TableShape>;
  /** @returns `there` when a record with this key exists, whatever is in it */
  putIfMissing(record: DocumentRecord, signal?: AbortSignal): Promise<{ outcome: "put" | "there"; writeUnits: number }>;
}
