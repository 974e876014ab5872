import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  QueryCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Collection } from "../../store/store.ts";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";
import type { TableRecord } from "./table.ts";

let db: StartedDynamoDb;

beforeAll(async () => {
  db = await startDynamoDb();
});

afterAll(() => db.close());

const describe = async (TableName: string) => (await db.client.send(new DescribeTableCommand({ TableName }))).Table;
const update = async (input: UpdateTableCommandInput) =>
  (await db.client.send(new UpdateTableCommand(input))).TableDescription;
const active = (TableName: string) => expect.poll(async () => (await describe(TableName))?.TableStatus).toBe("ACTIVE");

async function byColour(TableName: string, colour: string): Promise<string[]> {
  const { Items } = await db.client.send(
    new QueryCommand({
      TableName,
      IndexName: "by-colour",
      KeyConditionExpression: "colour = :c",
      ExpressionAttributeValues: { ":c": { S: colour } },
    }),
  );
  return (Items ?? []).map((item: Record<string, AttributeValue>) => item.id?.S ?? "").sort();
}

const byColourIndex: Omit<UpdateTableCommandInput, "TableName"> = {
  AttributeDefinitions: [{ AttributeName: "colour", AttributeType: "S" }],
  GlobalSecondaryIndexUpdates: [
    {
      Create: {
        IndexName: "by-colour",
        KeySchema: [{ AttributeName: "colour", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      },
    },
  ],
};

test("a new index gets the items that were there, and those that are written meanwhile, each once", async () => {
  await db.client.send(new CreateTableCommand(itemsTable("items")));
  for (let start = 0; start < 300; start += 25) {
    const requests = Array.from({ length: 25 }, (_, n) => ({
      PutRequest: { Item: { id: { S: `${start + n}` }, colour: { S: n % 5 === 0 ? "red" : "blue" } } },
    }));
    await db.client.send(new BatchWriteItemCommand({ RequestItems: { items: requests } }));
  }
  const started = await update({ TableName: "items", ...byColourIndex });
  const meanwhile = ["0", "1", "299", "new"].map((id) =>
    db.client.send(new PutItemCommand({ TableName: "items", Item: { id: { S: id }, colour: { S: "green" } } })),
  );
  await Promise.all(meanwhile);
  await active("items");

  expect(started?.TableStatus).toBe("UPDATING");
  expect(await byColour("items", "green")).toEqual(["0", "1", "299", "new"]);
  expect(await byColour("items", "red")).toHaveLength(59);
  const index = (await describe("items"))?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === "by-colour");
  expect(index).toMatchObject({ IndexStatus: "ACTIVE", ItemCount: 301 });
});

test("an index whose creation was cut short by a kill is finished at the next start", async () => {
  await db.client.send(new CreateTableCommand(itemsTable("killed")));
  await db.client.send(new PutItemCommand({ TableName: "killed", Item: { id: { S: "1" }, colour: { S: "red" } } }));
  await update({ TableName: "killed", ...byColourIndex });
  await active("killed");
  // As it is on disk when the process dies before the last step.
  const records: Collection<TableRecord> = db.core.store.collection("dynamodb/tables");
  const record = records.get("killed") as TableRecord;
  records.put("killed", {
    ...record,
    globalIndexes: record.globalIndexes.map((index) =>
      index.name === "by-colour" ? { ...index, id: "ffffffff", creating: true } : index,
    ),
  });
  db = await db.restart();
  await active("killed");

  expect(await byColour("killed", "red")).toEqual(["1"]);
});

test("a deleted index is gone with its attribute, and can be made anew", async () => {
  await update({ TableName: "items", GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-colour" } }] });
  await active("items");

  expect((await describe("items"))?.AttributeDefinitions?.map(({ AttributeName }) => AttributeName)).toEqual([
    "id",
    "status",
    "createdAt",
  ]);
  await expect(byColour("items", "red")).rejects.toThrow("does not have the specified index");
  await update({ TableName: "items", ...byColourIndex });
  await active("items");
  expect(await byColour("items", "green")).toHaveLength(4);
});

test("switches between on-demand and provisioned, with the indexes' capacity", async () => {
  await db.client.send(new CreateTableCommand(itemsTable("billed")));
  const capacity = { ReadCapacityUnits: 4, WriteCapacityUnits: 3 };
  await expect(
    update({ TableName: "billed", BillingMode: "PROVISIONED", ProvisionedThroughput: capacity }),
  ).rejects.toThrow("ProvisionedThroughput must be specified for index: status-index");
  await update({
    TableName: "billed",
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: capacity,
    GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "status-index", ProvisionedThroughput: capacity } }],
  });
  expect(await describe("billed")).toMatchObject({
    BillingModeSummary: { BillingMode: "PROVISIONED" },
    ProvisionedThroughput: capacity,
    GlobalSecondaryIndexes: [{ ProvisionedThroughput: capacity }],
  });
  await update({ TableName: "billed", ProvisionedThroughput: { ReadCapacityUnits: 4, WriteCapacityUnits: 1 } });
  expect((await describe("billed"))?.ProvisionedThroughput).toMatchObject({
    WriteCapacityUnits: 1,
    NumberOfDecreasesToday: 1,
    LastDecreaseDateTime: expect.any(Date),
  });
  await expect(
    update({ TableName: "billed", ProvisionedThroughput: { ReadCapacityUnits: 4, WriteCapacityUnits: 1 } }),
  ).rejects.toThrow(/will not change/);
  await update({ TableName: "billed", BillingMode: "PAY_PER_REQUEST" });
  expect(await describe("billed")).toMatchObject({
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime: expect.any(Date) },
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    GlobalSecondaryIndexes: [{ ProvisionedThroughput: { ReadCapacityUnits: 0 } }],
  });
});

test("changes class, encryption and limits", async () => {
  await update({
    TableName: "billed",
    TableClass: "STANDARD_INFREQUENT_ACCESS",
    SSESpecification: { Enabled: true },
    OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: -1 },
  });
  expect(await describe("billed")).toMatchObject({
    TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS", LastUpdateDateTime: expect.any(Date) },
    SSEDescription: {
      Status: "ENABLED",
      SSEType: "KMS",
      KMSMasterKeyArn: expect.stringMatching(/^arn:aws:kms:.*:key\//),
    },
    OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: -1 },
  });
  await update({ TableName: "billed", SSESpecification: { Enabled: false } });
  expect((await describe("billed"))?.SSEDescription).toBeUndefined();
});

test.each<[string, Omit<UpdateTableCommandInput, "TableName">, string, RegExp]>([
  ["nothing to change", {}, "ValidationException", /At least one of/],
  [
    "replicas",
    { ReplicaUpdates: [{ Create: { RegionName: "eu-west-1" } }] },
    "NotImplemented",
    /ReplicaUpdates of UpdateTable/,
  ],
  [
    "streams",
    { StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } },
    "ValidationException",
    /Streams are not supported/,
  ],
  [
    "two new indexes at once",
    {
      GlobalSecondaryIndexUpdates: [
        ...(byColourIndex.GlobalSecondaryIndexUpdates ?? []),
        { Delete: { IndexName: "status-index" } },
      ],
    },
    "LimitExceededException",
    /Only 1 online index/,
  ],
  [
    "an index that exists",
    {
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: "status-index",
            KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        },
      ],
    },
    "ValidationException",
    /already exists/,
  ],
  [
    "an index with an undefined key",
    { GlobalSecondaryIndexUpdates: byColourIndex.GlobalSecondaryIndexUpdates },
    "ValidationException",
    /not defined in AttributeDefinitions/,
  ],
  [
    "an index that is not there",
    { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "none-such" } }] },
    "ResourceNotFoundException",
    /Index: none-such not found/,
  ],
])("refuses %s", async (_what, input, name, message) => {
  await expect(update({ TableName: "billed", ...input })).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
});

test("what cannot be changed so is refused, and changes nothing", async () => {
  await db.client.send(new CreateTableCommand(itemsTable("refused")));
  const TableName = "refused";
  const capacity = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
  const before = await describe(TableName);
  for (const [input, message] of [
    [{}, "At least one of ProvisionedThroughput, BillingMode"],
    [{ GlobalSecondaryIndexUpdates: [] }, "At least one of ProvisionedThroughput, BillingMode"],
    [{ ReplicaUpdates: [{ Create: { RegionName: "eu-west-1" } }] }, "ReplicaUpdates"],
    [{ BillingMode: "PROVISIONED" }, "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"],
    [{ ProvisionedThroughput: capacity }, "can be specified when BillingMode is PAY_PER_REQUEST"],
    [{ GlobalSecondaryIndexUpdates: [{}] }, "One of GlobalSecondaryIndexUpdate.Update"],
    [{ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-shape" } }] }, "Index: by-shape not found"],
    [
      { GlobalSecondaryIndexUpdates: byColourIndex.GlobalSecondaryIndexUpdates },
      "Some index key attributes are not defined in AttributeDefinitions.",
    ],
    [
      {
        GlobalSecondaryIndexUpdates: [
          ...(byColourIndex.GlobalSecondaryIndexUpdates ?? []),
          { Delete: { IndexName: "by-shape" } },
        ],
      },
      "Only 1 online index can be created or deleted simultaneously per table",
    ],
  ] as const) {
    await expect(update({ TableName, ...input } as UpdateTableCommandInput), message).rejects.toThrow(message);
  }
  expect(await describe(TableName)).toEqual(before);
});

test("provisioned capacity is changed, not set to what it is", async () => {
  const capacity = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
  await db.client.send(
    new CreateTableCommand({
      ...{ TableName: "capacity", ProvisionedThroughput: capacity },
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
  const change = (ProvisionedThroughput: { ReadCapacityUnits: number; WriteCapacityUnits: number }) =>
    update({ TableName: "capacity", ProvisionedThroughput });
  await expect(change(capacity)).rejects.toThrow("The provisioned throughput for the table will not change.");
  await expect(change({ ...capacity, ReadCapacityUnits: 0 })).rejects.toThrow("greater than or equal to 1");
  await change({ ...capacity, WriteCapacityUnits: 2 });
  await active("capacity");
  const { ProvisionedThroughput: after } = (await describe("capacity")) ?? {};
  expect(after).toMatchObject({ ReadCapacityUnits: 5, WriteCapacityUnits: 2, NumberOfDecreasesToday: 1 });
});
