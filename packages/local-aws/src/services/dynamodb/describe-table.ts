import type {
  GlobalSecondaryIndexDescription,
  LocalSecondaryIndexDescription,
  ProvisionedThroughputDescription,
  TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../core/clock.ts";
import type { ItemStore } from "./item-store.ts";
import type { IndexRecord, Table, TableRecord, Throughput, WarmUnits } from "./table.ts";

/** Units per second that AWS keeps a new on-demand table ready for. */
const ON_DEMAND_WARM = { ReadUnitsPerSecond: 12000, WriteUnitsPerSecond: 4000 } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What {@link describeTable} looks at beside the record. */
export interface TableObserver {
  readonly store: ItemStore;
  readonly clock: Clock;
  readonly arnOf: (name: string) => string;
}

/** `CREATING` while it is being restored, `UPDATING` while an index is being created. */
export function statusOf({ restore, globalIndexes }: TableRecord): "CREATING" | "UPDATING" | "ACTIVE" {
  if (restore?.pending !== undefined) {
    return "CREATING";
  }
  return globalIndexes.some(({ creating }) => creating) ? "UPDATING" : "ACTIVE";
}

/** A table as `DescribeTable` shows it. Counts are exact, where AWS's are up to six hours old. */
export function describeTable(table: Table, observer: TableObserver): TableDescription {
  const { record } = table;
  const arn = observer.arnOf(record.name);
  const { items, bytes } = observer.store.count(table.storeId);
  const description: TableDescription = {
    AttributeDefinitions: [...record.attributeDefinitions],
    TableName: record.name,
    KeySchema: [...record.keySchema],
    TableStatus: statusOf(record),
    CreationDateTime: new Date(record.createdAt),
    ProvisionedThroughput: describeThroughput(record.throughput, observer.clock),
    TableSizeBytes: bytes,
    ItemCount: items,
    TableArn: arn,
    TableId: record.id,
    DeletionProtectionEnabled: record.deletionProtection,
    OnDemandThroughput: record.onDemandThroughput,
    WarmThroughput: { ...warmUnits(record, record.throughput, record.warmThroughput), Status: "ACTIVE" },
  };
  if (record.onDemandSince !== undefined) {
    description.BillingModeSummary = {
      BillingMode: record.billingMode,
      LastUpdateToPayPerRequestDateTime: new Date(record.onDemandSince),
    };
  }
  if (record.tableClass !== undefined) {
    description.TableClassSummary = {
      TableClass: record.tableClass.name,
      LastUpdateDateTime: record.tableClass.updatedAt === undefined ? undefined : new Date(record.tableClass.updatedAt),
    };
  }
  if (record.encryptionKeyArn !== undefined) {
    description.SSEDescription = { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: record.encryptionKeyArn };
  }
  if (record.restore !== undefined) {
    const { sourceTableArn, sourceBackupArn, at, pending } = record.restore;
    description.RestoreSummary = {
      SourceBackupArn: sourceBackupArn,
      SourceTableArn: sourceTableArn,
      RestoreDateTime: new Date(at),
      RestoreInProgress: pending !== undefined,
    };
  }
  if (record.localIndexes.length > 0) {
    description.LocalSecondaryIndexes = record.localIndexes.map((index) => describeIndex(table, index, arn, observer));
  }
  if (record.globalIndexes.length > 0) {
    description.GlobalSecondaryIndexes = record.globalIndexes.map((index) => ({
      ...describeIndex(table, index, arn, observer),
      IndexStatus: index.creating || statusOf(record) === "CREATING" ? "CREATING" : "ACTIVE",
      ...(index.creating ? { Backfilling: true } : {}),
      ProvisionedThroughput: describeThroughput(index.throughput, observer.clock),
      OnDemandThroughput: index.onDemandThroughput,
      WarmThroughput: { ...warmUnits(record, index.throughput, index.warmThroughput), Status: "ACTIVE" },
    })) satisfies GlobalSecondaryIndexDescription[];
  }
  return description;
}

function describeIndex(
  table: Table,
  index: IndexRecord,
  tableArn: string,
  { store }: TableObserver,
): LocalSecondaryIndexDescription {
  const { items, bytes } = store.count(table.storeId, index.id);
  const { ProjectionType, NonKeyAttributes } = index.projection;
  return {
    IndexName: index.name,
    KeySchema: [...index.keySchema],
    Projection: {
      ProjectionType: ProjectionType as "ALL" | "KEYS_ONLY" | "INCLUDE",
      ...(NonKeyAttributes === undefined ? {} : { NonKeyAttributes: [...NonKeyAttributes] }),
    },
    IndexSizeBytes: bytes,
    ItemCount: items,
    IndexArn: `${tableArn}/index/${index.name}`,
  };
}

function describeThroughput(throughput: Throughput, clock: Clock): ProvisionedThroughputDescription {
  const midnight = clock.now() - (clock.now() % DAY_MS);
  const decreases = throughput.decreases ?? [];
  const last = decreases.at(-1);
  return {
    ReadCapacityUnits: throughput.read,
    WriteCapacityUnits: throughput.write,
    NumberOfDecreasesToday: decreases.filter((at) => at >= midnight).length,
    ...(throughput.increasedAt === undefined ? {} : { LastIncreaseDateTime: new Date(throughput.increasedAt) }),
    ...(last === undefined ? {} : { LastDecreaseDateTime: new Date(last) }),
  };
}

function warmUnits(record: TableRecord, throughput: Throughput, asked: WarmUnits | undefined): WarmUnits {
  const least =
    record.billingMode === "PAY_PER_REQUEST"
      ? ON_DEMAND_WARM
      : { ReadUnitsPerSecond: throughput.read, WriteUnitsPerSecond: throughput.write };
  return { ...least, ...asked };
}
