import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  RestoreTableToPointInTimeCommand,
  type RestoreTableToPointInTimeCommandInput,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";
import { storedKeys, storedTables } from "./stored-keys.ts";
import { storeIdOf } from "./table.ts";

const SECOND_MS = 1000;
const LAG_MS = 300 * SECOND_MS;
let db: StartedDynamoDb;

beforeEach(async () => {
  db = await startDynamoDb();
});

afterEach(() => db.close());

async function create(more: Parameters<typeof itemsTable>[1] = {}): Promise<void> {
  await db.client.send(new CreateTableCommand(itemsTable("items", more)));
  await setRecovery(true);
}

const setRecovery = (PointInTimeRecoveryEnabled: boolean) =>
  db.client.send(
    new UpdateContinuousBackupsCommand({
      TableName: "items",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
    }),
  );

/** The first full second from now on; the clock is there afterwards. */
async function nextSecond(): Promise<number> {
  const now = db.core.clock.now();
  const second = Math.ceil((now + 1) / SECOND_MS) * SECOND_MS;
  await db.core.clock.advance(second - now);
  return second;
}

const put = (id: string, status = "new") =>
  db.client.send(
    new PutItemCommand({ TableName: "items", Item: { id: { S: id }, status: { S: status }, createdAt: { N: "1" } } }),
  );

function restore(TargetTableName: string, more: Partial<RestoreTableToPointInTimeCommandInput> = {}) {
  const input = { SourceTableName: "items", TargetTableName, ...more };
  return db.client.send(
    new RestoreTableToPointInTimeCommand(
      input.RestoreDateTime === undefined ? { UseLatestRestorableTime: true, ...input } : input,
    ),
  );
}

async function restored(name: string, at?: number, more: Partial<RestoreTableToPointInTimeCommandInput> = {}) {
  await restore(name, at === undefined ? more : { RestoreDateTime: new Date(at), ...more });
  await db.active(name);
}

/** All items as `id=status`, in the order of their ids. */
async function itemsOf(TableName: string): Promise<string[]> {
  const { Items = [] } = await db.client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items.map(({ id, status }) => `${id?.S}=${status?.S}`).sort();
}

const describeTable = async (TableName: string) =>
  (await db.client.send(new DescribeTableCommand({ TableName }))).Table;

/** A small generator, so that a failure can be had again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test.each([1, 2])("restores equal what the table was, whatever was written (seed %i)", async (seed) => {
  const random = randomFrom(seed);
  await create();
  const model = new Map<string, string>();
  const history: { from: number; to: number; items: string[] }[] = [];
  const id = () => `i${random(30)}`;
  const Key = (name: string) => ({ id: { S: name } });
  const Item = (name: string, status: string) => ({ ...Key(name), status: { S: status }, createdAt: { N: "1" } });

  for (let step = 0; step < 30; step++) {
    const [one, other, status] = [id(), `other${random(10)}`, `s${step}`];
    await [
      async () => {
        await db.client.send(new PutItemCommand({ TableName: "items", Item: Item(one, status) }));
        model.set(one, status);
      },
      async () => {
        await db.client.send(new DeleteItemCommand({ TableName: "items", Key: Key(one) }));
        model.delete(one);
      },
      async () => {
        await db.client.send(
          new UpdateItemCommand({
            TableName: "items",
            Key: Key(one),
            UpdateExpression: "SET #s = :s, createdAt = :c",
            ExpressionAttributeNames: { "#s": "status" },
            ExpressionAttributeValues: { ":s": { S: status }, ":c": { N: "1" } },
          }),
        );
        model.set(one, status);
      },
      async () => {
        await db.client.send(
          new BatchWriteItemCommand({
            RequestItems: {
              items: [{ PutRequest: { Item: Item(one, status) } }, { DeleteRequest: { Key: Key(other) } }],
            },
          }),
        );
        model.set(one, status);
        model.delete(other);
      },
      async () => {
        await db.client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName: "items", Item: Item(other, status) } },
              { Delete: { TableName: "items", Key: Key(one) } },
            ],
          }),
        );
        model.set(other, status);
        model.delete(one);
      },
    ][random(5)]?.();
    const from = await nextSecond();
    await db.core.clock.advance(random(3) * 100 * SECOND_MS);
    const to = Math.floor(db.core.clock.now() / SECOND_MS) * SECOND_MS;
    history.push({ from, to, items: [...model].map(([name, value]) => `${name}=${value}`).sort() });
  }
  await db.core.clock.advance(LAG_MS);

  for (let round = 0; round < 6; round++) {
    const { from, to, items } = history[random(history.length)] as (typeof history)[number];
    const at = from + random((to - from) / SECOND_MS + 1) * SECOND_MS;
    await restored(`back-${round}`, at);
    expect(await itemsOf(`back-${round}`)).toEqual(items);
    expect(await describeTable(`back-${round}`)).toMatchObject({
      ItemCount: items.length,
      GlobalSecondaryIndexes: [{ ItemCount: items.length }],
      RestoreSummary: { RestoreDateTime: new Date(at), RestoreInProgress: false },
    });
  }
  await restored("latest");
  expect(await itemsOf("latest")).toEqual(await itemsOf("items"));
});

test("what expires is there again at the second before, and the restored table has its indexes, not its other settings", async () => {
  await create({ Tags: [{ Key: "Team", Value: "api" }], DeletionProtectionEnabled: true });
  await db.client.send(
    new UpdateTimeToLiveCommand({
      TableName: "items",
      TimeToLiveSpecification: { Enabled: true, AttributeName: "createdAt" },
    }),
  );
  const expires = Math.ceil(db.core.clock.now() / 60_000) * 60 + 120;
  await db.client.send(
    new PutItemCommand({
      TableName: "items",
      Item: { id: { S: "short" }, status: { S: "lived" }, createdAt: { N: String(expires) } },
    }),
  );
  await db.core.clock.advance(2 * LAG_MS);
  expect(await itemsOf("items")).toEqual([]);
  await restored("back", expires * SECOND_MS);

  const { Items } = await db.client.send(
    new QueryCommand({
      TableName: "back",
      IndexName: "status-index",
      KeyConditionExpression: "#s = :s",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": { S: "lived" } },
    }),
  );
  expect(Items).toMatchObject([{ id: { S: "short" } }]);
  const table = await describeTable("back");
  expect(table).toMatchObject({
    DeletionProtectionEnabled: false,
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    RestoreSummary: { SourceTableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/items" },
  });
  expect((await db.client.send(new ListTagsOfResourceCommand({ ResourceArn: table?.TableArn }))).Tags).toEqual([]);
  const { TimeToLiveDescription } = await db.client.send(new DescribeTimeToLiveCommand({ TableName: "back" }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: "DISABLED" });
  const { ContinuousBackupsDescription } = await db.client.send(
    new DescribeContinuousBackupsCommand({ TableName: "back" }),
  );
  expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toEqual({
    PointInTimeRecoveryStatus: "DISABLED",
  });
});

test("the window that is described can be restored to, both ends included, and nothing beyond", async () => {
  await create();
  await put("early");
  await db.core.clock.advance(2 * LAG_MS);
  const { ContinuousBackupsDescription } = await db.client.send(
    new DescribeContinuousBackupsCommand({ TableName: "items" }),
  );
  const window = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const [earliest = 0, latest = 0] = [window?.EarliestRestorableDateTime, window?.LatestRestorableDateTime].map(Number);

  await restored("earliest", earliest);
  await restored("latest", latest);
  expect(await itemsOf("latest")).toEqual(["early=new"]);
  for (const wrong of [earliest - 1, latest + LAG_MS, db.core.clock.now() + LAG_MS]) {
    await expect(restore("never", { RestoreDateTime: new Date(wrong) })).rejects.toMatchObject({
      name: "InvalidRestoreTimeException",
    });
  }
});

test("a table is CREATING until it has all its items; a restart goes on, also when the source is gone by then", async () => {
  await nextSecond();
  await db.client.send(new CreateTableCommand(itemsTable("items")));
  await put("before");
  await setRecovery(true);
  // The first second of the window is not over, so that the restore cannot end yet.
  const { TableDescription } = await restore("back");
  expect(TableDescription).toMatchObject({
    TableStatus: "CREATING",
    GlobalSecondaryIndexes: [{ IndexStatus: "CREATING" }],
    RestoreSummary: { RestoreInProgress: true },
  });
  await expect(
    db.client.send(new GetItemCommand({ TableName: "back", Key: { id: { S: "before" } } })),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(db.client.send(new DeleteTableCommand({ TableName: "back" }))).rejects.toMatchObject({
    name: "ResourceInUseException",
  });
  await expect(restore("back")).rejects.toMatchObject({ name: "TableAlreadyExistsException" });
  const source = await describeTable("items");
  await db.client.send(new DeleteTableCommand({ TableName: "items" }));
  expect((await describeTable("back"))?.TableStatus).toBe("CREATING");
  db = await db.restart();

  await db.active("back");
  expect(await itemsOf("back")).toEqual(["before=new"]);
  const back = await describeTable("back");
  expect(back?.ItemCount).toBe(1);
  await db.stop();
  // The backup of the deleted table keeps its items, and nothing else.
  expect(new Set(await storedTables(db.core))).toEqual(
    new Set([back, source].map((table) => storeIdOf(table?.TableId ?? ""))),
  );
  expect((await storedKeys(db.core)).filter((key) => /^[^/]+\/[jk]\//.test(key))).toEqual([]);
});

test("50 restores run at a time", async () => {
  await create();
  const { RestoreTableToPointInTime } = db.dynamodb.service.operations;
  const begin = (number: number) =>
    RestoreTableToPointInTime?.(
      { SourceTableName: "items", TargetTableName: `back-${number}`, UseLatestRestorableTime: true } as never,
      db.core.context(),
    );
  for (let number = 0; number < 50; number++) {
    begin(number);
  }
  expect(() => begin(50)).toThrow("At most 50 restores");
  await db.active("back-49");
  begin(50);
});

test("what cannot be is refused in AWS's words", async () => {
  await expect(restore("back")).rejects.toMatchObject({ name: "TableNotFoundException" });
  await create();
  await expect(restore("items")).rejects.toMatchObject({ name: "TableAlreadyExistsException" });
  await expect(restore("a b")).rejects.toThrow("'targetTableName'");
  await expect(restore("back", { SourceTableName: undefined })).rejects.toThrow("SourceTableName");
  await expect(restore("back", { SourceTableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/x" })).rejects.toThrow(
    "different tables",
  );
  for (const UseLatestRestorableTime of [false, true]) {
    const RestoreDateTime = UseLatestRestorableTime ? new Date() : undefined;
    await expect(restore("back", { UseLatestRestorableTime, RestoreDateTime })).rejects.toThrow(
      "Either RestoreDateTime or UseLatestRestorableTime",
    );
  }
  await setRecovery(false);
  await expect(restore("back")).rejects.toMatchObject({ name: "PointInTimeRecoveryUnavailableException" });
});

const INDEX = {
  IndexName: "status-index",
  KeySchema: [
    { AttributeName: "status", KeyType: "HASH" as const },
    { AttributeName: "createdAt", KeyType: "RANGE" as const },
  ],
  Projection: { ProjectionType: "ALL" as const },
};

test("indexes, billing and capacity can be overridden", async () => {
  await create();
  await put("one");
  await nextSecond();
  await db.core.clock.advance(LAG_MS);
  const units = { ReadCapacityUnits: 3, WriteCapacityUnits: 2 };

  await restored("none", undefined, { GlobalSecondaryIndexOverride: [] });
  const none = await describeTable("none");
  expect(none?.GlobalSecondaryIndexes).toBeUndefined();
  expect(none?.AttributeDefinitions).toEqual([{ AttributeName: "id", AttributeType: "S" }]);
  expect(await itemsOf("none")).toEqual(["one=new"]);

  await restored("provisioned", undefined, {
    BillingModeOverride: "PROVISIONED",
    ProvisionedThroughputOverride: units,
    GlobalSecondaryIndexOverride: [
      { ...INDEX, ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 6 } },
    ],
  });
  expect(await describeTable("provisioned")).toMatchObject({
    ProvisionedThroughput: units,
    GlobalSecondaryIndexes: [{ ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 6 }, ItemCount: 1 }],
  });

  await restored("limited", undefined, { OnDemandThroughputOverride: { MaxReadRequestUnits: 40 } });
  expect((await describeTable("limited"))?.OnDemandThroughput).toMatchObject({ MaxReadRequestUnits: 40 });
});

test.each<[string, Partial<RestoreTableToPointInTimeCommandInput>]>([
  ["ProvisionedThroughput must be specified", { BillingModeOverride: "PROVISIONED" }],
  [
    "must be specified for index: status-index",
    {
      BillingModeOverride: "PROVISIONED",
      ProvisionedThroughputOverride: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    },
  ],
  ["Neither ReadCapacityUnits", { ProvisionedThroughputOverride: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }],
  ["'billingModeOverride'", { BillingModeOverride: "FREE" as "PROVISIONED" }],
  ["does not match an index", { GlobalSecondaryIndexOverride: [{ ...INDEX, IndexName: "other" }] }],
  [
    "does not match an index",
    { GlobalSecondaryIndexOverride: [{ ...INDEX, Projection: { ProjectionType: "KEYS_ONLY" } }] },
  ],
  ["Duplicate index name", { GlobalSecondaryIndexOverride: [INDEX, INDEX] }],
  ["does not match an index", { LocalSecondaryIndexOverride: [INDEX] }],
])("refuses overrides that do not fit: %s", async (message, override) => {
  await create();
  await expect(restore("back", override)).rejects.toThrow(message);
});
