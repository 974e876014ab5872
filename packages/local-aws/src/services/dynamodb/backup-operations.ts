import { randomBytes } from "node:crypto";
import type { BackupDescription, BackupDetails, BackupSummary } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../core/aws-error.ts";
import type { InputOf } from "../../core/service.ts";
import type { Item } from "./attribute-value.ts";
import { checkName, required } from "./backup-requests.ts";
import { type BackupRecord, backupType, newBackupArn } from "./backups.ts";
import {
  type ControlOperations,
  type ControlPlane,
  checkNotUpdating,
  type DynamoDbModule,
  invalid,
} from "./control-plane.ts";
import { itemSize } from "./item-size.ts";
import { type Count, ItemStore, type Operation } from "./item-store.ts";

const PAGE = 100;
const MOST_LISTED = 100;
/** There are none of AWS Backup here. */
const BACKUP_TYPES: readonly string[] = ["USER", "SYSTEM", "AWS_BACKUP", "ALL"];

/**
 * CreateBackup, DescribeBackup, ListBackups and DeleteBackup. A backup outlives its table.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorks.html
 */
export function backupOperations(plane: ControlPlane): ControlOperations {
  const { backups } = plane;
  return {
    CreateBackup: async ({ TableName, BackupName }) => {
      const name = checkName(BackupName, "backupName");
      const table = plane.tables.forBackup(required(TableName, "tableName"));
      if (table.record.restore?.pending !== undefined) {
        throw new AwsError("TableInUseException", `Table is being created: ${table.name}`);
      }
      checkNotUpdating(table.record);
      const createdAt = plane.clock.now();
      const storeId = randomBytes(6).toString("hex");
      // Kept only once the copy is whole: what a kill leaves of it is removed at the next start.
      const { items, bytes } = await copyItems(plane, table.itemPrefix, ItemStore.tablePrefix(storeId));
      const backup: BackupRecord = {
        arn: newBackupArn(plane.tables.arnOf(table.name), createdAt),
        ...{ name, createdAt, table: table.record, storeId, items, bytes },
      };
      backups.put(backup);
      return { BackupDetails: detailsOf(plane, backup) };
    },

    DescribeBackup: ({ BackupArn }) => ({ BackupDescription: describe(plane, findBackup(plane, BackupArn)) }),

    ListBackups: (input) => list(plane, input),

    DeleteBackup: ({ BackupArn }) => {
      const backup = findBackup(plane, BackupArn);
      if (plane.tables.restoring().some(({ table }) => table.record.restore?.sourceBackupArn === backup.arn)) {
        throw new AwsError("BackupInUseException", `Backup is being restored to a table: ${backup.arn}`);
      }
      const description = describe(plane, backup);
      backups.delete(backup.arn);
      plane.remains.remove(backup.storeId);
      return {
        BackupDescription: {
          ...description,
          BackupDetails: { ...description.BackupDetails, BackupStatus: "DELETED" } as BackupDetails,
        },
      };
    },
  };
}

/** The backup of a request. @throws AwsError `BackupNotFoundException` */
export function findBackup({ backups }: ControlPlane, arn: string | undefined): BackupRecord {
  const backup = backups.find(required(arn, "backupArn"));
  if (backup === undefined) {
    throw new AwsError("BackupNotFoundException", `Backup not found: ${arn}`);
  }
  return backup;
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

function list(
  plane: ControlPlane,
  input: InputOf<DynamoDbModule, "ListBackups">,
): { BackupSummaries: BackupSummary[]; LastEvaluatedBackupArn?: string } {
  const { TableName, TimeRangeLowerBound, TimeRangeUpperBound, BackupType, ExclusiveStartBackupArn, Limit } = input;
  if (Limit !== undefined && (Limit < 1 || Limit > MOST_LISTED)) {
    throw invalid(
      `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and ${MOST_LISTED}`,
    );
  }
  const type = BackupType ?? "USER";
  if (!BACKUP_TYPES.includes(type)) {
    throw invalid(
      `1 validation error detected: Value '${type}' at 'backupType' failed to satisfy constraint: Member must satisfy enum value set: [${BACKUP_TYPES.join(", ")}]`,
    );
  }
  const matching = plane.backups
    .all()
    .filter(
      (backup) =>
        (type === "ALL" || type === backupType(backup)) &&
        (TableName === undefined || backup.table.name === plane.tables.nameOf(TableName)) &&
        (TimeRangeLowerBound === undefined || backup.createdAt >= TimeRangeLowerBound.getTime()) &&
        (TimeRangeUpperBound === undefined || backup.createdAt < TimeRangeUpperBound.getTime()),
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

function detailsOf(plane: ControlPlane, backup: BackupRecord): BackupDetails {
  return {
    BackupArn: backup.arn,
    BackupName: backup.name,
    BackupSizeBytes: sizeOf(plane, backup).bytes,
    BackupStatus: "AVAILABLE",
    BackupType: backupType(backup),
    BackupCreationDateTime: new Date(backup.createdAt),
    ...(backup.expiresAt === undefined ? {} : { BackupExpiryDateTime: new Date(backup.expiresAt) }),
  };
}

/** The backup of a deleted table has taken over what the store counts for the table. */
function sizeOf({ store }: ControlPlane, backup: BackupRecord): Count {
  return backupType(backup) === "SYSTEM" ? store.count(backup.storeId) : backup;
}

function summaryOf(plane: ControlPlane, backup: BackupRecord): BackupSummary {
  return {
    TableName: backup.table.name,
    TableId: backup.table.id,
    TableArn: plane.tables.arnOf(backup.table.name),
    ...detailsOf(plane, backup),
  };
}

function describe(plane: ControlPlane, backup: BackupRecord): BackupDescription {
  const { table } = backup;
  const { items, bytes } = sizeOf(plane, backup);
  const { timeToLive, encryptionKeyArn } = table;
  return {
    BackupDetails: detailsOf(plane, backup),
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
