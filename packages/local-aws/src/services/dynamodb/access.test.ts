import { CreateTableCommand, DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AccessNeed } from "../../core/access.ts";
import type { KeyDirectory } from "../../core/ports.ts";
import { testCore } from "../../test/test-core.ts";
import { allow, type TestIam, testIam } from "../../test/test-iam.ts";
import { type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

const ACCOUNT = "000000000000";
const ITEMS = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/items`;
const SECRET = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/secret`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/k1`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/api`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/api/run`;

let db: StartedDynamoDb;
let iam: TestIam;
let client: DynamoDBClient;
let keyDocument: string;

const keyPolicy = (Principal: unknown): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }],
  });

beforeAll(async () => {
  const core = testCore();
  iam = testIam(core);
  const keys: KeyDirectory = {
    findKeyArn: (key) => (key === KEY ? KEY : undefined),
    keyPolicy: (arn) => (arn === KEY ? { name: "key policy", document: keyDocument, mode: "required" } : undefined),
  };
  keyDocument = keyPolicy({ AWS: `arn:aws:iam::${ACCOUNT}:root` });
  db = await startDynamoDb({ core: { ...core, authorizer: iam.authorizer }, keys });
  const table = {
    AttributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" as const },
      { AttributeName: "status", AttributeType: "S" as const },
    ],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-status",
        KeySchema: [{ AttributeName: "status", KeyType: "HASH" as const }],
        Projection: { ProjectionType: "ALL" as const },
      },
    ],
    BillingMode: "PAY_PER_REQUEST" as const,
  };
  await db.client.send(
    new CreateTableCommand({ ...table, TableName: "items", Tags: [{ Key: "team", Value: "core" }] }),
  );
  await db.client.send(
    new CreateTableCommand({
      ...table,
      TableName: "secret",
      SSESpecification: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: KEY },
    }),
  );
  const { accessKeyId, secretAccessKey, sessionToken } = core.credentials.issueSession(
    { arn: ROLE, roleId: "AROAAPI" },
    "run",
    900,
  );
  client = new DynamoDBClient({
    ...db.served.client,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 1,
  });
});

beforeEach(() => {
  keyDocument = keyPolicy({ AWS: `arn:aws:iam::${ACCOUNT}:root` });
});

afterAll(async () => {
  client.destroy();
  await db.close();
});

/** What a restore needs on its new table. */
const restoredTo = (operation: string) =>
  [operation, "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"].map(
    (action) => `dynamodb:${action} table/back`,
  );
const needsOf = (operation: string, input: object): readonly AccessNeed[] =>
  db.dynamodb.service.access?.[operation]?.(input as never, db.core.context()) ?? [];
const shown = (operation: string, input: object) =>
  needsOf(operation, input).map(({ action, resource }) => `${action} ${resource.split(":").at(-1)}`);

it("knows what every operation needs", () => {
  const { operations, rawJsonOperations, access } = db.dynamodb.service;
  const names = [...Object.keys(operations), ...Object.keys(rawJsonOperations ?? {})];
  expect(names.filter((name) => access?.[name] === undefined)).toEqual([]);
});

describe("needs", () => {
  const key = { id: { S: "1" } };
  it.each<[string, object, string[]]>([
    ["PutItem", { TableName: "items", Item: key }, ["dynamodb:PutItem table/items"]],
    ["GetItem", { TableName: ITEMS, Key: key }, ["dynamodb:GetItem table/items"]],
    ["DeleteItem", { TableName: "gone", Key: key }, ["dynamodb:DeleteItem table/gone"]],
    ["UpdateItem", { TableName: "secret", Key: key }, ["dynamodb:UpdateItem table/secret", "kms:Decrypt key/k1"]],
    ["Scan", { TableName: "items" }, ["dynamodb:Scan table/items"]],
    ["Query", { TableName: "items", IndexName: "by-status" }, ["dynamodb:Query table/items/index/by-status"]],
    ["Query", { TableName: "secret" }, ["dynamodb:Query table/secret", "kms:Decrypt key/k1"]],
    [
      "BatchGetItem",
      { RequestItems: { items: { Keys: [key] }, secret: { Keys: [key] } } },
      ["dynamodb:BatchGetItem table/items", "dynamodb:BatchGetItem table/secret", "kms:Decrypt key/k1"],
    ],
    [
      "BatchWriteItem",
      { RequestItems: { items: [{ PutRequest: { Item: key } }, { DeleteRequest: { Key: key } }] } },
      ["dynamodb:BatchWriteItem table/items"],
    ],
    [
      "TransactWriteItems",
      {
        TransactItems: [
          { Put: { TableName: "items", Item: key } },
          { Update: { TableName: "items", Key: key } },
          { Delete: { TableName: "items", Key: key } },
          { ConditionCheck: { TableName: "secret", Key: key } },
        ],
      },
      [
        "dynamodb:PutItem table/items",
        "dynamodb:UpdateItem table/items",
        "dynamodb:DeleteItem table/items",
        "dynamodb:ConditionCheckItem table/secret",
        "kms:Decrypt key/k1",
      ],
    ],
    [
      "TransactGetItems",
      { TransactItems: [{ Get: { TableName: "items", Key: key } }] },
      ["dynamodb:GetItem table/items"],
    ],
    [
      "RestoreTableToPointInTime",
      { SourceTableName: "items", TargetTableName: "back" },
      ["dynamodb:RestoreTableToPointInTime table/items", ...restoredTo("RestoreTableToPointInTime")],
    ],
    [
      "RestoreTableToPointInTime",
      { SourceTableArn: SECRET, TargetTableName: "back" },
      [
        "dynamodb:RestoreTableToPointInTime table/secret",
        ...restoredTo("RestoreTableToPointInTime"),
        "kms:DescribeKey key/k1",
        "kms:CreateGrant key/k1",
      ],
    ],
    [
      "RestoreTableToPointInTime",
      { SourceTableArn: SECRET, TargetTableName: "back", SSESpecificationOverride: { Enabled: false } },
      ["dynamodb:RestoreTableToPointInTime table/secret", ...restoredTo("RestoreTableToPointInTime")],
    ],
    [
      "RestoreTableFromBackup",
      {
        BackupArn: `${ITEMS}/backup/1`,
        TargetTableName: "back",
        SSESpecificationOverride: { Enabled: true, KMSMasterKeyId: KEY },
      },
      [
        "dynamodb:RestoreTableFromBackup table/items/backup/1",
        ...restoredTo("RestoreTableFromBackup"),
        "kms:DescribeKey key/k1",
        "kms:CreateGrant key/k1",
      ],
    ],
    ["CreateTable", { TableName: "new" }, ["dynamodb:CreateTable table/new"]],
    [
      "CreateTable",
      { TableName: "new", Tags: [{ Key: "a", Value: "b" }], SSESpecification: { Enabled: true, KMSMasterKeyId: KEY } },
      [
        "dynamodb:CreateTable table/new",
        "dynamodb:TagResource table/new",
        "kms:DescribeKey key/k1",
        "kms:CreateGrant key/k1",
      ],
    ],
    [
      "UpdateTable",
      { TableName: "items", SSESpecification: { Enabled: true, KMSMasterKeyId: "alias/aws/dynamodb" } },
      ["dynamodb:UpdateTable table/items"],
    ],
    ["DeleteTable", { TableName: "items" }, ["dynamodb:DeleteTable table/items"]],
    ["ListTables", {}, ["dynamodb:ListTables table/*"]],
    ["TagResource", { ResourceArn: ITEMS, Tags: [] }, ["dynamodb:TagResource table/items"]],
    ["ListTagsOfResource", { ResourceArn: ITEMS }, ["dynamodb:ListTagsOfResource table/items"]],
    // What is malformed is refused by the operation, after the check.
    ["PutItem", { TableName: 7, Item: "x" }, ["dynamodb:PutItem table/"]],
    ["BatchWriteItem", { RequestItems: "x" }, []],
    ["TransactWriteItems", { TransactItems: [null, { constructor: {} }] }, []],
  ])("%s %j", (operation, input, expected) => {
    expect(shown(operation, input)).toEqual(expected);
  });

  it.each<[string, object, string[] | undefined]>([
    ["PutItem", { TableName: "items", Item: { id: { S: "a" }, status: { S: "b" } } }, ["a"]],
    ["GetItem", { TableName: "items", Key: { id: { N: "7" } } }, ["7"]],
    ["BatchGetItem", { RequestItems: { items: { Keys: [{ id: { S: "a" } }, { id: { S: "b" } }] } } }, ["a", "b"]],
    [
      "Query",
      {
        TableName: "items",
        KeyConditionExpression: "#k = :k AND begins_with(x, :p)",
        ExpressionAttributeNames: { "#k": "id" },
        ExpressionAttributeValues: { ":k": { S: "a" }, ":p": { S: "z" } },
      },
      ["a"],
    ],
    [
      "Query",
      {
        TableName: "items",
        IndexName: "by-status",
        KeyConditionExpression: "(:s = status)",
        ExpressionAttributeValues: { ":s": { S: "open" } },
      },
      ["open"],
    ],
    ["Query", { TableName: "items", KeyConditions: { id: { AttributeValueList: [{ S: "old" }] } } }, ["old"]],
    ["Scan", { TableName: "items" }, undefined],
  ])("dynamodb:LeadingKeys of %s %j", (operation, input, expected) => {
    expect(needsOf(operation, input)[0]?.conditions?.["dynamodb:LeadingKeys"]).toEqual(expected);
  });

  it.each<[string, object, string[] | undefined, string | undefined]>([
    ["PutItem", { TableName: "items", Item: { id: { S: "a" }, status: { S: "b" } } }, ["id", "status"], undefined],
    ["GetItem", { TableName: "items", Key: key }, ["id"], "ALL_ATTRIBUTES"],
    ["GetItem", { TableName: "items", Key: key, ProjectionExpression: "a.b" }, ["id", "a"], "SPECIFIC_ATTRIBUTES"],
    ["Scan", { TableName: "items" }, undefined, "ALL_ATTRIBUTES"],
    ["Query", { TableName: "items", IndexName: "by-status" }, undefined, "ALL_PROJECTED_ATTRIBUTES"],
    [
      "BatchGetItem",
      { RequestItems: { items: { Keys: [key], ProjectionExpression: "a" } } },
      ["id", "a"],
      "SPECIFIC_ATTRIBUTES",
    ],
    [
      "BatchWriteItem",
      { RequestItems: { items: [{ PutRequest: { Item: { id: {}, b: {} } } }] } },
      ["id", "b"],
      undefined,
    ],
    [
      "TransactWriteItems",
      { TransactItems: [{ Update: { TableName: "items", Key: key, UpdateExpression: "SET c = :c" } }] },
      ["id", "c"],
      undefined,
    ],
    ["TransactGetItems", { TransactItems: [{ Get: { TableName: "items", Key: key } }] }, ["id"], "ALL_ATTRIBUTES"],
  ])("dynamodb:Attributes and Select of %s %j", (operation, input, attributes, select) => {
    const conditions = needsOf(operation, input)[0]?.conditions;
    expect(conditions?.["dynamodb:Attributes"]).toEqual(attributes);
    expect(conditions?.["dynamodb:Select"]).toBe(select);
  });

  it("carry the tags of tables and of requests", () => {
    expect(needsOf("DescribeTable", { TableName: "items" })[0]?.conditions).toEqual({ "aws:ResourceTag/team": "core" });
    expect(needsOf("CreateTable", { TableName: "x", Tags: [{ Key: "a", Value: "b" }] })[0]?.conditions).toEqual({
      "aws:RequestTag/a": "b",
      "aws:TagKeys": ["a"],
    });
  });
});

describe("with the engine", () => {
  const put = (TableName: string, id = "1") => client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));

  it("a role without dynamodb:PutItem is refused with AWS's message", async () => {
    iam.grant(ROLE, allow(["dynamodb:GetItem", "dynamodb:Query"], [ITEMS, `${ITEMS}/index/*`]));
    await expect(put("items")).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: `User: ${SESSION} is not authorized to perform: dynamodb:PutItem on resource: ${ITEMS} because no identity-based policy allows the dynamodb:PutItem action`,
      $metadata: { httpStatusCode: 400 },
    });
    iam.grant(ROLE, allow("dynamodb:PutItem", ITEMS));
    await put("items");
  });

  it("an index has its own ARN", async () => {
    const query = () =>
      client.send(
        new QueryCommand({
          TableName: "items",
          IndexName: "by-status",
          KeyConditionExpression: "#s = :s",
          ExpressionAttributeNames: { "#s": "status" },
          ExpressionAttributeValues: { ":s": { S: "open" } },
        }),
      );
    iam.grant(ROLE, allow("dynamodb:Query", ITEMS));
    await expect(query()).rejects.toMatchObject({
      message: expect.stringContaining(`on resource: ${ITEMS}/index/by-status because`),
    });
    iam.grant(ROLE, allow("dynamodb:Query", `${ITEMS}/index/by-status`));
    expect((await query()).Count).toBe(0);
  });

  it("a customer key needs the caller's permission through DynamoDB, and the key policy's consent", async () => {
    const item = allow("dynamodb:PutItem", SECRET);
    const decrypt = (service: string) =>
      allow("kms:Decrypt", KEY, { StringEquals: { "kms:ViaService": `${service}.us-east-1.amazonaws.com` } });
    iam.grant(ROLE, item, decrypt("s3"));
    await expect(put("secret")).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`kms:Decrypt on resource: ${KEY} because no identity-based policy`),
    });
    iam.grant(ROLE, item, decrypt("dynamodb"));
    await put("secret");
    keyDocument = keyPolicy({ AWS: `arn:aws:iam::${ACCOUNT}:role/other` });
    await expect(put("secret")).rejects.toMatchObject({
      message: expect.stringContaining("because no resource-based policy allows the kms:Decrypt action"),
    });
  });

  it("items are kept apart by their leading keys", async () => {
    iam.grant(
      ROLE,
      allow("dynamodb:PutItem", SECRET.replace("secret", "items"), {
        "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["mine"] },
      }),
    );
    await put("items", "mine");
    await expect(put("items", "yours")).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});
