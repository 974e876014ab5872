import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  paginateListTables,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Retention } from "./retention.ts";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

const KEY_ARN = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-4333-8444-555555555555";
let db: StartedDynamoDb;

beforeAll(async () => {
  db = await startDynamoDb({
    keys: {
      findKeyArn: (key) => ([KEY_ARN, "alias/app"].includes(key) ? KEY_ARN : undefined),
      keyPolicy: () => undefined,
    },
  });
});

afterAll(() => db.close());

const create = (input: CreateTableCommandInput) => db.client.send(new CreateTableCommand(input));
const describe = async (TableName: string) => (await db.client.send(new DescribeTableCommand({ TableName }))).Table;

test("describes everything that a table was created with", async () => {
  await create({
    TableName: "full",
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "N" },
      { AttributeName: "other", AttributeType: "B" },
    ],
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
    LocalSecondaryIndexes: [
      {
        IndexName: "local",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "other", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["x"] },
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "global",
        KeySchema: [{ AttributeName: "other", KeyType: "HASH" }],
        Projection: { ProjectionType: "KEYS_ONLY" },
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
      },
    ],
    SSESpecification: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: "alias/app" },
    TableClass: "STANDARD_INFREQUENT_ACCESS",
    DeletionProtectionEnabled: true,
    Tags: [{ Key: "env", Value: "test" }],
  });
  await waitUntilTableExists({ client: db.client, maxWaitTime: 30, minDelay: 1 }, { TableName: "full" });
  const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/full";

  expect(await describe("full")).toMatchObject({
    TableName: "full",
    TableStatus: "ACTIVE",
    TableArn: arn,
    TableId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    CreationDateTime: expect.any(Date),
    ItemCount: 0,
    TableSizeBytes: 0,
    DeletionProtectionEnabled: true,
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6, NumberOfDecreasesToday: 0 },
    SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: KEY_ARN },
    TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" },
    LocalSecondaryIndexes: [
      {
        IndexName: "local",
        IndexArn: `${arn}/index/local`,
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["x"] },
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "global",
        IndexArn: `${arn}/index/global`,
        IndexStatus: "ACTIVE",
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
      },
    ],
  });
  expect((await describe("full"))?.BillingModeSummary).toBeUndefined();
});

test("a protected table cannot be deleted until the protection is lifted", async () => {
  await create(itemsTable("protected", { DeletionProtectionEnabled: true }));
  await expect(db.client.send(new DeleteTableCommand({ TableName: "protected" }))).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringMatching(/currently protected against deletion/),
  });
  await db.client.send(new UpdateTableCommand({ TableName: "protected", DeletionProtectionEnabled: false }));
  const { TableDescription } = await db.client.send(new DeleteTableCommand({ TableName: "protected" }));
  await waitUntilTableNotExists({ client: db.client, maxWaitTime: 30, minDelay: 1 }, { TableName: "protected" });

  expect(TableDescription?.TableStatus).toBe("DELETING");
});

test("a table of a deleted one's name has nothing of it, also after a restart", async () => {
  const Key = { id: { S: "1" } };
  const get = async () => (await db.client.send(new GetItemCommand({ TableName: "again", Key }))).Item;
  await create(itemsTable("again"));
  await db.client.send(new PutItemCommand({ TableName: "again", Item: Key }));
  await db.client.send(new DeleteTableCommand({ TableName: "again" }));
  await create(itemsTable("again"));

  expect(await get()).toBeUndefined();
  expect((await describe("again"))?.ItemCount).toBe(0);
  db = await db.restart();
  expect(await get()).toBeUndefined();
});

test("lists tables in pages", async () => {
  const names: string[] = [];
  for await (const { TableNames } of paginateListTables({ client: db.client, pageSize: 1 }, {})) {
    expect(TableNames?.length).toBeLessThanOrEqual(1);
    names.push(...(TableNames ?? []));
  }

  expect(names).toEqual(["again", "full"]);
  expect((await db.client.send(new ListTablesCommand({ ExclusiveStartTableName: "again" }))).TableNames).toEqual([
    "full",
  ]);
  expect(await db.dynamodb.service.inventory?.()).toEqual(["AWS::DynamoDB::Table again", "AWS::DynamoDB::Table full"]);
});

test.each<[string, CreateTableCommandInput, string, RegExp]>([
  ["a name that is taken", itemsTable("again"), "ResourceInUseException", /Table already exists: again/],
  ["a name that is too short", itemsTable("ab"), "ValidationException", /at least 3 characters/],
  [
    "streams",
    itemsTable("s-1", { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } }),
    "ValidationException",
    /DynamoDB Streams are not supported by local AWS/,
  ],
  ["a resource policy", itemsTable("s-2", { ResourcePolicy: "{}" }), "NotImplemented", /ResourcePolicy of CreateTable/],
  [
    "an attribute that no key uses",
    itemsTable("s-3", { GlobalSecondaryIndexes: undefined }),
    "ValidationException",
    /exactly match number of attributes/,
  ],
  [
    "an undefined key attribute",
    itemsTable("s-4", { AttributeDefinitions: [{ AttributeName: "status", AttributeType: "S" }] }),
    "ValidationException",
    /not defined in AttributeDefinitions/,
  ],
  [
    "capacity of an on-demand table",
    itemsTable("s-5", { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }),
    "ValidationException",
    /when BillingMode is PAY_PER_REQUEST/,
  ],
  [
    "a provisioned table with an index without capacity",
    itemsTable("s-6", {
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    }),
    "ValidationException",
    /must be specified for index: status-index/,
  ],
  [
    "a key that KMS does not have",
    itemsTable("s-7", { SSESpecification: { Enabled: true, KMSMasterKeyId: "alias/none" } }),
    "ValidationException",
    /alias\/none does not exist/,
  ],
])("refuses %s", async (_what, input, name, message) => {
  await expect(create(input)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
});

test("names the table that is missing", async () => {
  await expect(describe("nowhere")).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Requested resource not found: Table: nowhere not found",
  });
});

test("only of a table with recovery something is kept that has to be looked after when it is deleted", async () => {
  const review = vi.spyOn(Retention.prototype, "review");
  await create(itemsTable("unrecorded"));
  await db.client.send(new DeleteTableCommand({ TableName: "unrecorded" }));
  expect(review).not.toHaveBeenCalled();

  await create(itemsTable("recorded"));
  await db.client.send(
    new UpdateContinuousBackupsCommand({
      TableName: "recorded",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  review.mockClear();
  await db.client.send(new DeleteTableCommand({ TableName: "recorded" }));
  expect(review).toHaveBeenCalledOnce();
  review.mockRestore();
});
