import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

const DAY_MS = 86_400_000;
let db: StartedDynamoDb;

beforeAll(async () => {
  db = await startDynamoDb();
  await db.client.send(new CreateTableCommand(itemsTable("items")));
});

afterAll(() => db.close());

const recovery = async () =>
  (await db.client.send(new DescribeContinuousBackupsCommand({ TableName: "items" }))).ContinuousBackupsDescription
    ?.PointInTimeRecoveryDescription;
const set = (PointInTimeRecoveryEnabled: boolean, RecoveryPeriodInDays?: number) =>
  db.client.send(
    new UpdateContinuousBackupsCommand({
      TableName: "items",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled, RecoveryPeriodInDays },
    }),
  );

test("the window of recovery begins when it is enabled, and moves on after its period", async () => {
  expect(await recovery()).toEqual({ PointInTimeRecoveryStatus: "DISABLED" });
  await set(true, 2);
  const start = db.core.clock.now();
  await db.core.clock.advance(DAY_MS);
  const first = await recovery();
  await db.core.clock.advance(2 * DAY_MS);
  const second = await recovery();

  expect(first).toMatchObject({ PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: 2 });
  // Times on the wire have whole seconds or milliseconds, depending on the client.
  expect(Math.abs((first?.EarliestRestorableDateTime?.getTime() ?? 0) - start)).toBeLessThan(5000);
  expect(Math.abs((second?.EarliestRestorableDateTime?.getTime() ?? 0) - start - DAY_MS)).toBeLessThan(5000);
  expect(second?.LatestRestorableDateTime?.getTime()).toBeLessThan(db.core.clock.now() - 240_000);
  await set(false);
  expect(await recovery()).toEqual({ PointInTimeRecoveryStatus: "DISABLED" });
});

test("refuses a period that AWS does not have", async () => {
  await expect(set(true, 36)).rejects.toMatchObject({ name: "ValidationException" });
  await expect(set(false, 7)).rejects.toMatchObject({ name: "ValidationException" });
});
