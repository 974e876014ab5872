import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";
import { storedKeys } from "./stored-keys.ts";
import type { TableRecord } from "./table.ts";

const DAY_MS = 86_400_000;
/** Each look is a restart, which takes its time on a busy machine. */
const PATIENCE = { timeout: 60_000, interval: 100 };
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

test("a longer period does not promise what a shorter one has forgotten", async () => {
  await set(true, 1);
  await db.core.clock.advance(3 * DAY_MS);
  await set(true, 35);
  const kept = db.core.clock.now() - DAY_MS;
  const longer = await recovery();
  await db.core.clock.advance(5 * DAY_MS);

  expect(longer).toMatchObject({ RecoveryPeriodInDays: 35 });
  expect(Math.abs(Number(longer?.EarliestRestorableDateTime) - kept)).toBeLessThan(5000);
  expect(await recovery()).toMatchObject({ EarliestRestorableDateTime: longer?.EarliestRestorableDateTime });
  await set(false);
});

test("changes are kept as long as the period says, on the clock, and go when recovery is disabled", async () => {
  const put = (id: string) =>
    db.client.send(new PutItemCommand({ TableName: "items", Item: { id: { S: id }, createdAt: { N: "1" } } }));
  const changes = async () => {
    await db.stop();
    const keys = await storedKeys(db.core);
    db = await db.restart();
    return keys.filter((key) => /^[^/]+\/j\/[^/]+\/0*[1-9]/.test(key)).length;
  };
  await put("unrecorded");
  await set(true, 2);
  await put("one");
  await db.client.send(new DeleteItemCommand({ TableName: "items", Key: { id: { S: "one" } } }));
  await db.core.clock.advance(DAY_MS);
  await put("two");
  expect(await changes()).toBe(3);
  await db.core.clock.advance(1.5 * DAY_MS);
  await vi.waitFor(async () => expect(await changes()).toBe(1), PATIENCE);
  await set(true, 1);
  await vi.waitFor(async () => expect(await changes()).toBe(0), PATIENCE);

  await put("three");
  await set(false);
  await put("four");
  const left = await vi.waitFor(async () => {
    await db.stop();
    const keys = await storedKeys(db.core);
    db = await db.restart();
    expect(keys.filter((key) => /^[^/]+\/[jk]\//.test(key))).toEqual([]);
    return keys;
  }, PATIENCE);
  expect(left.filter((key) => key.includes("/i/")).length).toBe(4);
});

test("a table that had recovery before there were journals can be restored from when its journal begins", async () => {
  await set(true);
  const tables = db.core.store.collection<TableRecord>("dynamodb/tables");
  await db.core.clock.advance(10 * DAY_MS);
  await db.stop();
  const record = tables.get("items") as TableRecord;
  const { since = 0, periodDays = 0 } = record.pointInTimeRecovery ?? {};
  tables.put("items", { ...record, pointInTimeRecovery: { since, periodDays } as TableRecord["pointInTimeRecovery"] });
  db = await db.restart();
  const started = db.core.clock.now();
  expect(Number((await recovery())?.EarliestRestorableDateTime)).toBeGreaterThan(started - 5000);
  const first = await recovery();
  db = await db.restart();
  expect(await recovery()).toMatchObject({ EarliestRestorableDateTime: first?.EarliestRestorableDateTime });
  await set(false);
});

test("refuses a period that AWS does not have", async () => {
  await expect(set(true, 36)).rejects.toMatchObject({ name: "ValidationException" });
  await expect(set(false, 7)).rejects.toMatchObject({ name: "ValidationException" });
});
