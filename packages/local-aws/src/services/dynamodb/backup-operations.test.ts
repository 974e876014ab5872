import {
  CreateBackupCommand,
  CreateTableCommand,
  DeleteBackupCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeTableCommand,
  ListBackupsCommand,
  PutItemCommand,
  QueryCommand,
  RestoreTableFromBackupCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";
import { storedTables } from "./stored-keys.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

let db: StartedDynamoDb;

beforeEach(async () => {
  db = await startDynamoDb();
  await db.client.send(
    new CreateTableCommand(
      itemsTable("items", { Tags: [{ Key: "Team", Value: "api" }], DeletionProtectionEnabled: false }),
    ),
  );
  await db.client.send(
    new UpdateTimeToLiveCommand({
      TableName: "items",
      TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" },
    }),
  );
});

afterEach(() => db.close());

async function fill(count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      db.client.send(
        new PutItemCommand({
          TableName: "items",
          Item: { id: { S: `i${index}` }, status: { S: index % 2 ? "odd" : "even" }, createdAt: { N: String(index) } },
        }),
      ),
    ),
  );
}

const backUp = async (BackupName = "before-release") =>
  (await db.client.send(new CreateBackupCommand({ TableName: "items", BackupName }))).BackupDetails;

test("a backup holds what the table held at that moment, also when the table is gone and local AWS has restarted", async () => {
  await fill(250);
  const backup = await backUp();
  expect(backup).toMatchObject({ BackupName: "before-release", BackupStatus: "AVAILABLE", BackupType: "USER" });
  await db.client.send(new DeleteItemCommand({ TableName: "items", Key: { id: { S: "i0" } } }));
  await db.client.send(new DeleteTableCommand({ TableName: "items" }));
  db = await db.restart();

  const described = await db.client.send(new DescribeBackupCommand({ BackupArn: backup?.BackupArn }));
  expect(described.BackupDescription).toMatchObject({
    SourceTableDetails: { TableName: "items", ItemCount: 250, BillingMode: "PAY_PER_REQUEST" },
    SourceTableFeatureDetails: { TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "expires" } },
  });
  const restored = await db.client.send(
    new RestoreTableFromBackupCommand({ BackupArn: backup?.BackupArn, TargetTableName: "items-restored" }),
  );
  expect(restored.TableDescription).toMatchObject({
    TableStatus: "CREATING",
    DeletionProtectionEnabled: false,
    RestoreSummary: { SourceBackupArn: backup?.BackupArn, RestoreInProgress: true },
  });
  await db.active("items-restored");

  const all = await db.client.send(new ScanCommand({ TableName: "items-restored", Select: "COUNT" }));
  expect(all.Count).toBe(250);
  const odd = await db.client.send(
    new QueryCommand({
      TableName: "items-restored",
      IndexName: "status-index",
      KeyConditionExpression: "#status = :odd",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":odd": { S: "odd" } },
    }),
  );
  expect(odd.Items?.map(({ createdAt }) => Number(createdAt?.N))).toEqual(
    Array.from({ length: 125 }, (_, index) => 2 * index + 1),
  );
  const { Table } = await db.client.send(new DescribeTableCommand({ TableName: "items-restored" }));
  expect(Table).toMatchObject({ ItemCount: 250, RestoreSummary: { RestoreInProgress: false } });
  expect(Table?.GlobalSecondaryIndexes).toMatchObject([
    { IndexName: "status-index", ItemCount: 250, IndexStatus: "ACTIVE" },
  ]);
});

test("backups are listed by table and time, page by page, and are gone when deleted", async () => {
  const arns: (string | undefined)[] = [];
  for (const name of ["one", "two", "three"]) {
    arns.push((await backUp(`backup-${name}`))?.BackupArn);
    await db.core.clock.advance(60_000);
  }
  const first = await db.client.send(new ListBackupsCommand({ TableName: "items", Limit: 2 }));
  expect(first.BackupSummaries?.map(({ BackupArn }) => BackupArn)).toEqual(arns.slice(0, 2));
  const rest = await db.client.send(
    new ListBackupsCommand({ TableName: "items", ExclusiveStartBackupArn: first.LastEvaluatedBackupArn }),
  );
  expect(rest).toMatchObject({ BackupSummaries: [{ BackupArn: arns[2] }] });
  expect(rest.LastEvaluatedBackupArn).toBeUndefined();
  const since = new Date(db.core.clock.now() - 90_000);
  const late = await db.client.send(new ListBackupsCommand({ TimeRangeLowerBound: since }));
  expect(late.BackupSummaries?.map(({ BackupName }) => BackupName)).toEqual(["backup-three"]);
  expect((await db.client.send(new ListBackupsCommand({ TableName: "other" }))).BackupSummaries).toEqual([]);

  const deleted = await db.client.send(new DeleteBackupCommand({ BackupArn: arns[0] }));
  expect(deleted.BackupDescription?.BackupDetails?.BackupStatus).toBe("DELETED");
  await expect(db.client.send(new DescribeBackupCommand({ BackupArn: arns[0] }))).rejects.toMatchObject({
    name: "BackupNotFoundException",
  });
});

test("what cannot be is refused in AWS's words", async () => {
  await expect(
    db.client.send(new CreateBackupCommand({ TableName: "missing", BackupName: "name" })),
  ).rejects.toMatchObject({ name: "TableNotFoundException" });
  await expect(db.client.send(new CreateBackupCommand({ TableName: "items", BackupName: "a b" }))).rejects.toThrow(
    "'backupName'",
  );
  const backup = await backUp();
  await expect(
    db.client.send(new RestoreTableFromBackupCommand({ BackupArn: backup?.BackupArn, TargetTableName: "items" })),
  ).rejects.toMatchObject({ name: "TableAlreadyExistsException" });
});

test("AWS's own backup of a deleted table with point-in-time recovery has its last items, for 35 days on the clock", async () => {
  await db.client.send(
    new UpdateContinuousBackupsCommand({
      TableName: "items",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  await fill(40);
  await db.client.send(new DeleteItemCommand({ TableName: "items", Key: { id: { S: "i0" } } }));
  await db.client.send(new DeleteTableCommand({ TableName: "items" }));
  await db.client.send(new CreateTableCommand(itemsTable("items")));
  db = await db.restart();

  const listed = async (BackupType?: "ALL" | "SYSTEM" | "USER") =>
    (await db.client.send(new ListBackupsCommand({ TableName: "items", BackupType }))).BackupSummaries ?? [];
  expect(await listed()).toEqual([]);
  expect(await listed("USER")).toEqual([]);
  const [backup] = await listed("ALL");
  expect(await listed("SYSTEM")).toEqual([backup]);
  expect(backup).toMatchObject({ BackupName: "items$DeletedTableBackup", BackupType: "SYSTEM" });
  const { BackupDescription } = await db.client.send(new DescribeBackupCommand({ BackupArn: backup?.BackupArn }));
  expect(BackupDescription?.SourceTableDetails?.ItemCount).toBe(39);
  // It is nobody's to remove: a stack that is destroyed has left nothing.
  expect(await db.dynamodb.service.inventory?.()).toEqual(["AWS::DynamoDB::Table items"]);

  // Called without the wire, so that the second finds the first still at it.
  const { RestoreTableFromBackup, DeleteBackup } = db.dynamodb.service.operations;
  const BackupArn = backup?.BackupArn;
  RestoreTableFromBackup?.({ BackupArn, TargetTableName: "items-restored" } as never, db.core.context());
  expect(() => DeleteBackup?.({ BackupArn } as never, db.core.context())).toThrow(/being restored/);
  await db.active("items-restored");
  const all = await db.client.send(new ScanCommand({ TableName: "items-restored", Select: "COUNT" }));
  expect(all.Count).toBe(39);

  await db.core.clock.advance(34.9 * DAY_MS);
  expect((await listed("SYSTEM")).length).toBe(1);
  expect(BackupDescription?.BackupDetails?.BackupExpiryDateTime).toEqual(
    new Date(Number(backup?.BackupCreationDateTime) + 35 * DAY_MS),
  );
  await db.core.clock.advance(0.2 * DAY_MS);
  expect(await listed("SYSTEM")).toEqual([]);
  await db.stop();
  // The new table of the name is empty, and has nothing there.
  expect((await storedTables(db.core)).length).toBe(1);
});
