import type { IndexShape, KeyElement, TableShape } from "./dynalite.ts";
import { ItemStore } from "./item-store.ts";

/** Provisioned capacity of a table or an index; zero when it is on demand. */
export interface Throughput {
  readonly read: number;
  readonly write: number;
  /** Milliseconds since the epoch. */
  readonly increasedAt?: number;
  /** All times at which it was decreased, in milliseconds since the epoch. */
  readonly decreases?: readonly number[];
}

/** A secondary index, as it is kept. */
export interface IndexRecord {
  readonly name: string;
  /** Tells an index from an earlier one of the same name. */
  readonly id: string;
  readonly keySchema: readonly KeyElement[];
  readonly projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
  readonly throughput: Throughput;
  readonly onDemandThroughput?: OnDemandLimits;
  readonly warmThroughput?: WarmUnits;
  /** True while the items that were there before the index are being added to it. */
  readonly creating?: boolean;
}

/** Most request units per second; -1 takes a limit away. */
export interface OnDemandLimits {
  readonly MaxReadRequestUnits?: number;
  readonly MaxWriteRequestUnits?: number;
}

/** Units per second that a table is prepared for. */
export interface WarmUnits {
  readonly ReadUnitsPerSecond?: number;
  readonly WriteUnitsPerSecond?: number;
}

/** Where the items of a restored table come from. */
export type RestoreSource =
  /** A backup: the id under which the store keeps it. */
  | { readonly kind: "backup"; readonly storeId: string }
  /** A table with point-in-time recovery, as it was when the restore began, and the moment. */
  | { readonly kind: "table"; readonly record: TableRecord; readonly at: number };

/** A table, as it is kept: the truth for the control plane. All times are milliseconds since the epoch. */
export interface TableRecord {
  readonly name: string;
  /** `TableId`: tells a table from an earlier one of the same name. */
  readonly id: string;
  readonly createdAt: number;
  readonly attributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: "S" | "N" | "B" }[];
  readonly keySchema: readonly KeyElement[];
  readonly billingMode: "PROVISIONED" | "PAY_PER_REQUEST";
  /** When it was last made on-demand; kept when it is switched back. */
  readonly onDemandSince?: number;
  readonly throughput: Throughput;
  readonly onDemandThroughput?: OnDemandLimits;
  readonly warmThroughput?: WarmUnits;
  readonly tableClass?: { readonly name: "STANDARD" | "STANDARD_INFREQUENT_ACCESS"; readonly updatedAt?: number };
  readonly deletionProtection: boolean;
  /** ARN of the KMS key, when it is not DynamoDB's own. */
  readonly encryptionKeyArn?: string;
  readonly globalIndexes: readonly IndexRecord[];
  readonly localIndexes: readonly IndexRecord[];
  readonly tags: Readonly<Record<string, string>>;
  readonly timeToLive?: {
    readonly attribute: string;
    readonly enabled: boolean;
    readonly changedAt: number;
    /** True while the items that were there before are being looked through. */
    readonly indexing?: boolean;
  };
  readonly pointInTimeRecovery?: {
    readonly since: number;
    readonly periodDays: number;
    /** The journal that has been kept since then. */
    readonly journal: string;
  };
  /** Who else may do what with it, and who may not. */
  readonly resourcePolicy?: { readonly document: string; readonly revision: string };
  /** How it came to be, when it was restored. */
  readonly restore?: {
    readonly sourceTableArn: string;
    readonly sourceBackupArn?: string;
    /** The moment whose items it has; of a backup, when that was made. */
    readonly at: number;
    /** There until it has all its items: until then it is `CREATING`. */
    readonly pending?: RestoreSource;
  };
}

/** An index of a {@link Table}, ready for the data plane. */
export interface Index {
  readonly name: string;
  readonly id: string;
  readonly kind: "local" | "global";
  readonly shape: IndexShape;
  readonly prefix: string;
  readonly creating: boolean;
  /** The attributes that it holds; all when absent. */
  readonly projected: readonly string[] | undefined;
}

/** A table, ready for the data plane. */
export interface Table {
  readonly record: TableRecord;
  readonly name: string;
  readonly shape: TableShape;
  /** The id under which the store keeps it: short, because every key carries it. */
  readonly storeId: string;
  /** Prefix of its items in the store. */
  readonly itemPrefix: string;
  /** Prefix of the list of its items by their time of expiry. */
  readonly expiryPrefix: string;
  /** The attribute that says when an item expires, when that is enabled. */
  readonly expiryAttribute: string | undefined;
  /** Prefix of the journal of its items' changes, by time; absent without point-in-time recovery. */
  readonly changesPrefix: string | undefined;
  /** Prefix of the list of changed items, by their place. */
  readonly changedPrefix: string | undefined;
  readonly indexes: readonly Index[];
}

/** The id under which the store keeps a table: the random last part of its `TableId`. */
export function storeIdOf(tableId: string): string {
  return tableId.slice(-12);
}

/** The id under which the store keeps what a restore reads. */
export function sourceStoreId(source: RestoreSource): string {
  return source.kind === "backup" ? source.storeId : storeIdOf(source.record.id);
}

/** Whether a restore reads the journal that a table has now. */
export function readsJournalOf(
  source: RestoreSource,
  { record: { id, pointInTimeRecovery } }: Table,
): source is Extract<RestoreSource, { kind: "table" }> {
  return (
    source.kind === "table" &&
    source.record.id === id &&
    pointInTimeRecovery !== undefined &&
    source.record.pointInTimeRecovery?.journal === pointInTimeRecovery.journal
  );
}

/** Makes a record ready for the data plane. */
export function tableOf(record: TableRecord): Table {
  const storeId = storeIdOf(record.id);
  const prefix = ItemStore.tablePrefix(storeId);
  const keys = record.keySchema.map((key) => key.AttributeName);
  const indexes = [
    ...record.localIndexes.map((index) => indexOf(index, "local", prefix, keys)),
    ...record.globalIndexes.map((index) => indexOf(index, "global", prefix, keys)),
  ];
  const journal = record.pointInTimeRecovery?.journal;
  const shapes = (kind: "local" | "global") => indexes.filter((index) => index.kind === kind).map(({ shape }) => shape);
  return {
    record,
    name: record.name,
    shape: {
      TableName: record.name,
      TableStatus: "ACTIVE",
      KeySchema: record.keySchema,
      AttributeDefinitions: record.attributeDefinitions,
      GlobalSecondaryIndexes: shapes("global"),
      LocalSecondaryIndexes: shapes("local"),
    },
    storeId,
    itemPrefix: `${prefix}i/`,
    expiryPrefix: `${prefix}t/`,
    changesPrefix: journal === undefined ? undefined : `${prefix}j/${journal}/`,
    changedPrefix: journal === undefined ? undefined : `${prefix}k/${journal}/`,
    expiryAttribute: record.timeToLive?.enabled ? record.timeToLive.attribute : undefined,
    indexes,
  };
}

function indexOf(record: IndexRecord, kind: "local" | "global", prefix: string, tableKeys: readonly string[]): Index {
  const own = record.keySchema.map((key) => key.AttributeName);
  return {
    name: record.name,
    id: record.id,
    kind,
    shape: { IndexName: record.name, KeySchema: record.keySchema, Projection: record.projection },
    prefix: `${prefix}x/${record.id}/`,
    creating: record.creating ?? false,
    projected:
      record.projection.ProjectionType === "ALL"
        ? undefined
        : [...new Set([...own, ...tableKeys, ...(record.projection.NonKeyAttributes ?? [])])],
  };
}
