import { setTimeout } from "node:timers/promises";
import {
  CreateBackupCommand,
  DeleteBackupCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeExportCommand,
  type DynamoDBClient,
  ExportTableToPointInTimeCommand,
  GetItemCommand,
  ListBackupsCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { DutyLine } from "./duty.ts";
import type { Names } from "./rehearsed-environment.ts";
import type { RoleClients } from "./role-clients.ts";

/** Backups, restored tables and bad writes that are taken back, by who is on call. */
export function recoveryDuties(names: Names): readonly DutyLine[] {
  const { tableName: TableName } = names;
  return [
    [
      "backs the table up, and sees that it is done",
      (clients) => backUp(clients, TableName),
      ({ dynamoDb }) => deleteBackups(dynamoDb, TableName),
    ],
    [
      "proves a backup in a table of its own",
      (clients) => verifyBackup(clients, TableName),
      ({ dynamoDb }) => deleteBackups(dynamoDb, TableName),
    ],
    [
      "restores the table to a second, and reads what is nobody's yet",
      (clients) => restoreToSecond(clients, TableName),
      ({ dynamoDb }) => dynamoDb.send(new DeleteTableCommand({ TableName: restoredName(TableName) })),
    ],
    ["exports what was changed in the table, and reads it", (clients) => exportTable(clients, names)],
    [
      "takes a bad write back, makes what it has deleted, and deletes what it has made",
      (clients) => undoWrites(clients, TableName),
    ],
  ];
}

const BACKUP = "rehearsed-incident";

async function backUp({ dynamoDb }: RoleClients, TableName: string): Promise<unknown> {
  const { BackupDetails } = await dynamoDb.send(new CreateBackupCommand({ TableName, BackupName: BACKUP }));
  const BackupArn = BackupDetails?.BackupArn ?? "";
  const { BackupDescription } = await dynamoDb.send(new DescribeBackupCommand({ BackupArn }));
  const { BackupSummaries = [] } = await dynamoDb.send(new ListBackupsCommand({ TableName }));
  if (BackupDescription === undefined || !BackupSummaries.some((summary) => summary.BackupArn === BackupArn)) {
    throw new Error(`The backup ${BACKUP} of ${TableName} was made and is not there`);
  }
  return BackupDescription;
}

/** What `slipway backup` does: restores, reads the copy, looks for its keys in the table, and deletes the copy. */
async function verifyBackup({ dynamoDb }: RoleClients, TableName: string): Promise<unknown> {
  const { BackupDetails } = await dynamoDb.send(new CreateBackupCommand({ TableName, BackupName: BACKUP }));
  const copy = { TableName: `${TableName}-slipway-verify-rehearsed` };
  await dynamoDb.send(
    new RestoreTableFromBackupCommand({ BackupArn: BackupDetails?.BackupArn, TargetTableName: copy.TableName }),
  );
  await waitUntilTableExists({ client: dynamoDb, maxWaitTime: 60, minDelay: 0.1 }, copy);
  await dynamoDb.send(new ScanCommand(copy));
  const keys = { ProjectionExpression: "#k", ExpressionAttributeNames: { "#k": "id" } };
  await dynamoDb.send(new ScanCommand({ TableName, ...keys, Select: "SPECIFIC_ATTRIBUTES", Limit: 1 }));
  await dynamoDb.send(new GetItemCommand({ TableName, ...keys, Key: { id: { S: "none" } } }));
  return dynamoDb.send(new DeleteTableCommand(copy));
}

const restoredName = (TableName: string) => `${TableName}-restored-20260101-000000`;

/** What `slipway rollback ENV data --restore` does before the restored table takes the table's place. */
async function restoreToSecond({ dynamoDb }: RoleClients, SourceTableName: string): Promise<unknown> {
  const copy = { TableName: restoredName(SourceTableName) };
  await dynamoDb.send(
    new RestoreTableToPointInTimeCommand({
      ...{ SourceTableName, TargetTableName: copy.TableName, UseLatestRestorableTime: true },
    }),
  );
  await waitUntilTableExists({ client: dynamoDb, maxWaitTime: 60, minDelay: 0.1 }, copy);
  return dynamoDb.send(new ScanCommand(copy));
}
/**
 * What `slipway rollback ENV data --undo` begins with. An export of the whole table takes the rights that one of its changes takes, and no
 * table has changes of fifteen minutes here.
 */
async function exportTable(
  { dynamoDb, s3 }: RoleClients,
  { tableArn, tableName, stateBucket }: Names,
): Promise<unknown> {
  const started = await dynamoDb.send(
    new ExportTableToPointInTimeCommand({
      ...{ TableArn: tableArn(tableName), S3Bucket: stateBucket, S3Prefix: "recovery/prod/rehearsed" },
    }),
  );
  const ExportArn = started.ExportDescription?.ExportArn;
  for (;;) {
    const { ExportDescription: now } = await dynamoDb.send(new DescribeExportCommand({ ExportArn }));
    if (now?.ExportStatus === "COMPLETED") {
      return s3.send(new GetObjectCommand({ Bucket: stateBucket, Key: now.ExportManifest }));
    }
    if (now?.ExportStatus !== "IN_PROGRESS") {
      throw new Error(`The export ended as ${now?.ExportStatus}: ${now?.FailureCode} ${now?.FailureMessage}`);
    }
    await setTimeout(200);
  }
}

/** The rest of it, item by item. */
async function undoWrites({ dynamoDb }: RoleClients, TableName: string): Promise<unknown> {
  const Key = { id: { S: "undo#rehearsed" } };
  const ExpressionAttributeNames = { "#id": "id" };
  await dynamoDb.send(
    new PutItemCommand({
      ...{ TableName, Item: { ...Key, note: { S: "bad" } }, ExpressionAttributeNames },
      ConditionExpression: "attribute_not_exists(#id)",
    }),
  );
  await dynamoDb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  await dynamoDb.send(
    new UpdateItemCommand({
      ...{ TableName, Key, UpdateExpression: "SET note = :good", ConditionExpression: "note = :bad" },
      ExpressionAttributeValues: { ":good": { S: "good" }, ":bad": { S: "bad" } },
    }),
  );
  return dynamoDb.send(
    new DeleteItemCommand({
      ...{ TableName, Key, ConditionExpression: "note = :good", ExpressionAttributeValues: { ":good": { S: "good" } } },
    }),
  );
}

async function deleteBackups(dynamoDb: DynamoDBClient, TableName: string): Promise<void> {
  const { BackupSummaries = [] } = await dynamoDb.send(new ListBackupsCommand({ TableName }));
  for (const { BackupName, BackupArn } of BackupSummaries) {
    if (BackupName === BACKUP && BackupArn !== undefined) {
      await dynamoDb.send(new DeleteBackupCommand({ BackupArn }));
    }
  }
}
