import { randomBytes, randomUUID } from "node:crypto";
import type { BackupDescription, BackupDetails, BackupSummary } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../core/aws-error.ts";
import type { InputOf } from "../../core/service.ts";
import type { Item } from "./attribute-value.ts";
import type { BackupRecord, Backups } from "./backups.ts";
import {
  type ControlOperations,
  type ControlPlane,
  checkNotUpdating,
  type DynamoDbModule,
  encryptionKey,
  invalid,
  refuseMembers,
} from "./control-plane.ts";
import { describeTable } from "./describe-table.ts";
import { changeIndex } from "./index-entries.ts";
import { itemSize } from "./item-size.ts";
import { type CountDelta, ItemStore, type Operation } from "./item-store.ts";
import { storeIdOf, type TableRecord, tableOf } from "./table.ts";

const PAGE = 100;
const MOST_LISTED = 100;

/**
 * CreateBackup, DescribeBackup, ListBackups, DeleteBackup and RestoreTableFromBackup. A backup outlives its table; a restore makes a new
 * table, without the tags, the expiry, the continuous backups and the deletion protection of the old one, as on AWS.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorks.html
 */
export function backupOperations(plane: ControlPlane, backups: Backups): ControlOperations {
  const find = (arn: string | undefined): BackupRecord => {
    const backup = backups.find(required(arn, "backupArn"));
    if (backup === undefined) {
      throw new AwsError("BackupNotFoundException", `Backup not found: ${arn}`);
    }
    return backup;
  };
  return {
    CreateBackup: async ({ TableName, BackupName }) => {
      const name = checkName(BackupName, "backupName");
      const table = forBackup(plane, TableName);
      checkNotUpdating(table.record);
      const createdAt = plane.clock.now();
      const storeId = randomBytes(6).toString("hex");
      // Kept only once the copy is whole: what a kill leaves of it is removed at the next start.
      const { items, bytes } = await copyItems(plane, table.itemPrefix, ItemStore.tablePrefix(storeId));
      const backup: BackupRecord = {
        arn: `${plane.tables.arnOf(table.name)}/backup/${String(createdAt).padStart(14, "0")}-${randomBytes(4).toString("hex")}`,
        ...{ name, createdAt, table: table.record, storeId, items, bytes },
      };
      backups.put(backup);
      return { BackupDetails: detailsOf(backup) };
    },

    DescribeBackup: ({ BackupArn }) => ({ BackupDescription: describe(plane, find(BackupArn)) }),

    ListBackups: (input) => list(plane, backups, input),

    DeleteBackup: async ({ BackupArn }) => {
      const backup = find(BackupArn);
      backups.delete(backup.arn);
      await plane.store.clear(ItemStore.tablePrefix(backup.storeId));
      const description = describe(plane, backup);
      return {
        BackupDescription: {
          ...description,
          BackupDetails: { ...description.BackupDetails, BackupStatus: "DELETED" } as BackupDetails,
        },
      };
    },

    RestoreTableFromBackup: async (input) => {
      refuseMembers("RestoreTableFromBackup", input, [
        "GlobalSecondaryIndexOverride",
        "LocalSecondaryIndexOverride",
        "ProvisionedThroughputOverride",
        "OnDemandThroughputOverride",
      ]);
      const backup = find(input.BackupArn);
      const name = checkName(input.TargetTableName, "targetTableName");
      if (plane.tables.find(name) !== undefined) {
        throw new AwsError("TableAlreadyExistsException", `Table already exists: ${name}`);
      }
      const record = restoredRecord(plane, backup.table, name, input);
      await restoreItems(plane, backup, record);
      const table = plane.tables.put(record);
      const observer = { store: plane.store, clock: plane.clock, arnOf: (each: string) => plane.tables.arnOf(each) };
      return {
        TableDescription: {
          ...describeTable(table, observer),
          RestoreSummary: {
            SourceBackupArn: backup.arn,
            SourceTableArn: plane.tables.arnOf(backup.table.name),
            RestoreDateTime: new Date(plane.clock.now()),
            RestoreInProgress: false,
          },
        },
      };
    },
  };
}

/** Backups have an error of their own for a table that is not there. */
function forBackup(plane: ControlPlane, name: string | undefined) {
  const table = plane.tables.find(plane.tables.nameOf(required(name, "tableName")));
  if (table === undefined) {
    throw new AwsError("TableNotFoundException", `Table not found: ${name}`);
  }
  return table;
}

function required(value: string | undefined, member: string): string {
  if (value === undefined || value === "") {
    throw invalid(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

function checkName(value: string | undefined, member: string): string {
  const name = required(value, member);
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have length between 3 and 255`,
    );
  }
  return name;
}

/** Copies the items of a table as they are at one moment. */
async function copyItems({ store }: ControlPlane, from: string, to: string): Promise<{ items: number; bytes: number }> {
  let items = 0;
  let bytes = 0;
  for await (const page of store.pages(from, `${from}~`, PAGE)) {
    const operations = page.map(([key, text]): Operation => {
      items += 1;
      bytes += itemSize(JSON.parse(text) as Item);
      return { type: "put", key: `${to}i/${key.slice(from.length)}`, value: text };
    });
    await store.commit({ operations, items: new Map(), counts: [] });
  }
  return { items, bytes };
}

function restoredRecord(
  plane: ControlPlane,
  { name: _, tags, timeToLive, pointInTimeRecovery, ...kept }: TableRecord,
  name: string,
  { BillingModeOverride, SSESpecificationOverride }: InputOf<DynamoDbModule, "RestoreTableFromBackup">,
): TableRecord {
  const now = plane.clock.now();
  const billingMode = BillingModeOverride ?? kept.billingMode;
  return {
    ...kept,
    name,
    id: randomUUID(),
    createdAt: now,
    billingMode,
    onDemandSince: billingMode === "PAY_PER_REQUEST" ? now : undefined,
    deletionProtection: false,
    ...(SSESpecificationOverride === undefined
      ? {}
      : { encryptionKeyArn: encryptionKey(plane, SSESpecificationOverride) }),
    globalIndexes: kept.globalIndexes.map((index) => ({ ...index, id: newIndexId() })),
    localIndexes: kept.localIndexes.map((index) => ({ ...index, id: newIndexId() })),
    tags: {},
  };
}

function newIndexId(): string {
  return randomBytes(6).toString("hex");
}

/** Writes the items and the entries of their indexes before the table can be seen, so that it is whole from its first moment. */
async function restoreItems({ store }: ControlPlane, backup: BackupRecord, record: TableRecord): Promise<void> {
  const table = tableOf(record);
  const from = `${ItemStore.tablePrefix(backup.storeId)}i/`;
  const tableId = storeIdOf(record.id);
  for await (const page of store.pages(from, `${from}~`, PAGE)) {
    const operations: Operation[] = [];
    const counts: CountDelta[] = [];
    for (const [fullKey, text] of page) {
      const key = fullKey.slice(from.length);
      const item = JSON.parse(text) as Item;
      operations.push({ type: "put", key: table.itemPrefix + key, value: text });
      counts.push({ tableId, items: 1, bytes: itemSize(item) });
      for (const index of table.indexes) {
        const change = changeIndex(table, index, key, undefined, item);
        if (change !== undefined) {
          operations.push(...change.operations);
          counts.push(change.count);
        }
      }
    }
    await store.commit({ operations, items: new Map(), counts });
  }
}

function list(
  plane: ControlPlane,
  backups: Backups,
  input: InputOf<DynamoDbModule, "ListBackups">,
): { BackupSummaries: BackupSummary[]; LastEvaluatedBackupArn?: string } {
  const { TableName, TimeRangeLowerBound, TimeRangeUpperBound, BackupType, ExclusiveStartBackupArn, Limit } = input;
  if (Limit !== undefined && (Limit < 1 || Limit > MOST_LISTED)) {
    throw invalid(
      `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and ${MOST_LISTED}`,
    );
  }
  // There are no backups of AWS's own here, and none of AWS Backup.
  const matching = ["SYSTEM", "AWS_BACKUP"].includes(BackupType ?? "")
    ? []
    : backups
        .all()
        .filter(
          ({ table, createdAt }) =>
            (TableName === undefined || table.name === plane.tables.nameOf(TableName)) &&
            (TimeRangeLowerBound === undefined || createdAt >= TimeRangeLowerBound.getTime()) &&
            (TimeRangeUpperBound === undefined || createdAt < TimeRangeUpperBound.getTime()),
        );
  const start = ExclusiveStartBackupArn === undefined ? 0 : startAfter(matching, ExclusiveStartBackupArn);
  const page = matching.slice(start, start + (Limit ?? MOST_LISTED));
  return {
    BackupSummaries: page.map((backup) => summaryOf(plane, backup)),
    ...(start + page.length < matching.length ? { LastEvaluatedBackupArn: page.at(-1)?.arn } : {}),
  };
}

function startAfter(backups: readonly BackupRecord[], arn: string): number {
  const index = backups.findIndex((backup) => backup.arn === arn);
  if (index < 0) {
    throw invalid("Invalid ExclusiveStartBackupArn");
  }
  return index + 1;
}

function detailsOf({ arn, name, bytes, createdAt }: BackupRecord): BackupDetails {
  return {
    BackupArn: arn,
    BackupName: name,
    BackupSizeBytes: bytes,
    BackupStatus: "AVAILABLE",
    BackupType: "USER",
    BackupCreationDateTime: new Date(createdAt),
  };
}

function summaryOf(plane: ControlPlane, backup: BackupRecord): BackupSummary {
  return {
    TableName: backup.table.name,
    TableId: backup.table.id,
    TableArn: plane.tables.arnOf(backup.table.name),
    ...detailsOf(backup),
  };
}

function describe(plane: ControlPlane, backup: BackupRecord): BackupDescription {
  const { table, items, bytes } = backup;
  const { timeToLive, encryptionKeyArn } = table;
  return {
    BackupDetails: detailsOf(backup),
    SourceTableDetails: {
      TableName: table.name,
      TableId: table.id,
      TableArn: plane.tables.arnOf(table.name),
      TableSizeBytes: bytes,
      KeySchema: [...table.keySchema],
      TableCreationDateTime: new Date(table.createdAt),
      ProvisionedThroughput: {
        ReadCapacityUnits: table.throughput.read,
        WriteCapacityUnits: table.throughput.write,
      },
      ItemCount: items,
      BillingMode: table.billingMode,
    },
    SourceTableFeatureDetails: {
      GlobalSecondaryIndexes: table.globalIndexes.map(({ name, keySchema, projection, throughput }) => ({
        IndexName: name,
        KeySchema: [...keySchema],
        Projection: projection as never,
        ProvisionedThroughput: { ReadCapacityUnits: throughput.read, WriteCapacityUnits: throughput.write },
      })),
      LocalSecondaryIndexes: table.localIndexes.map(({ name, keySchema, projection }) => ({
        IndexName: name,
        KeySchema: [...keySchema],
        Projection: projection as never,
      })),
      ...(timeToLive === undefined
        ? {}
        : {
            TimeToLiveDescription: {
              TimeToLiveStatus: timeToLive.enabled ? "ENABLED" : "DISABLED",
              AttributeName: timeToLive.attribute,
            },
          }),
      ...(encryptionKeyArn === undefined
        ? {}
        : { SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: encryptionKeyArn } }),
    },
  };
}
