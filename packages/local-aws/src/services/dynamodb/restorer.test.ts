import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";
import { storedTables } from "./stored-keys.ts";
import { storeIdOf, type TableRecord } from "./table.ts";

/** The latest moment that can be restored is so long ago. */
const LAG_MS = 300_000;
let db: StartedDynamoDb;

beforeEach(async () => {
  db = await startDynamoDb();
  await db.client.send(new CreateTableCommand(itemsTable("items")));
  await setRecovery(true);
});

afterEach(() => db.close());

const setRecovery = (PointInTimeRecoveryEnabled: boolean) =>
  db.client.send(
    new UpdateContinuousBackupsCommand({
      TableName: "items",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
    }),
  );

const put = (id: string) => db.client.send(new PutItemCommand({ TableName: "items", Item: { id: { S: id } } }));

/** Begins a restore without the wire: it has not read anything yet. */
function restoreLatest(): void {
  const { RestoreTableToPointInTime } = db.dynamodb.service.operations;
  const input = { SourceTableName: "items", TargetTableName: "back", UseLatestRestorableTime: true };
  RestoreTableToPointInTime?.(input as never, db.core.context());
}

test("recovery cannot be disabled while a restore reads the journal: later writes would be in the restored table", async () => {
  await put("before");
  await db.core.clock.advance(2 * LAG_MS);
  const { UpdateContinuousBackups } = db.dynamodb.service.operations;
  const disabled = { TableName: "items", PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } };
  // Without a pause between, the restore has not read anything yet.
  restoreLatest();

  expect(() => UpdateContinuousBackups?.(disabled as never, db.core.context())).toThrow(
    expect.objectContaining({
      code: "ContinuousBackupsUnavailableException",
      message: expect.stringContaining("restored to the table back"),
    }),
  );
  await put("later");
  await db.active("back");
  const { Items } = await db.client.send(new ScanCommand({ TableName: "back", ConsistentRead: true }));
  expect(Items?.map(({ id }) => id?.S)).toEqual(["before"]);
  await setRecovery(false);
});

test("a table whose restore failed can be deleted, and nothing is left of it", async () => {
  await put("before");
  restoreLatest();
  await db.stop();
  const tables = db.core.store.collection<TableRecord>("dynamodb/tables");
  const { restore: made, ...kept } = tables.get("back") as TableRecord;
  const { pointInTimeRecovery: _, ...unrecorded } = tables.get("items") as TableRecord;
  const pending = { kind: "table" as const, record: unrecorded, at: made?.at ?? 0 };
  tables.put("back", { ...kept, restore: { sourceTableArn: "", at: 0, ...made, pending } });
  db = await db.restart();

  await vi.waitFor(() => db.client.send(new DeleteTableCommand({ TableName: "back" })), { timeout: 60_000 });
  await expect(db.client.send(new DescribeTableCommand({ TableName: "back" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  db = await db.restart();
  await db.stop();
  expect(await storedTables(db.core)).toEqual([storeIdOf(unrecorded.id)]);
});
