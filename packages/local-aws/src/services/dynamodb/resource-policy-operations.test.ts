import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteResourcePolicyCommand,
  DynamoDBClient,
  GetItemCommand,
  GetResourcePolicyCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
  RestoreTableToPointInTimeCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { testCore } from "../../test/test-core.ts";
import { allow, type TestIam, testIam } from "../../test/test-iam.ts";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

const ITEMS = "arn:aws:dynamodb:us-east-1:000000000000:table/items";
const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`;
const KEY = { id: { S: "1" } };
const WRITES = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"].map((action) => `dynamodb:${action}`);

let db: StartedDynamoDb;
let iam: TestIam;
let clients: DynamoDBClient[];

beforeEach(async () => {
  const core = testCore();
  iam = testIam(core);
  clients = [];
  db = await startDynamoDb({ core: { ...core, authorizer: iam.authorizer } });
  await db.client.send(new CreateTableCommand(itemsTable("items")));
});

afterEach(async () => {
  for (const client of clients) {
    client.destroy();
  }
  await db.close();
});

/** A client of a session of a role. */
function as(name: string): DynamoDBClient {
  const { accessKeyId, secretAccessKey, sessionToken } = db.core.credentials.issueSession(
    { arn: role(name), roleId: `AROA${name.toUpperCase()}` },
    "run",
    900,
  );
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const client = new DynamoDBClient({ ...db.served.client, credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

const policyOf = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const FREEZE = policyOf({
  Sid: "Freeze",
  Effect: "Deny",
  Principal: "*",
  Action: WRITES,
  Resource: ITEMS,
  Condition: { ArnNotEquals: { "aws:PrincipalArn": role("recovery") } },
});
const attach = (Policy: string, ExpectedRevisionId?: string) =>
  db.client.send(new PutResourcePolicyCommand({ ResourceArn: ITEMS, Policy, ExpectedRevisionId }));
const detach = (ExpectedRevisionId?: string) =>
  db.client.send(new DeleteResourcePolicyCommand({ ResourceArn: ITEMS, ExpectedRevisionId }));
const read = () => db.client.send(new GetResourcePolicyCommand({ ResourceArn: ITEMS }));

test("a policy is kept, read, replaced and taken off, by its revision", async () => {
  await expect(read()).rejects.toMatchObject({ name: "PolicyNotFoundException" });
  const { RevisionId: first } = await attach(FREEZE, "NO_POLICY");
  expect(await read()).toMatchObject({ Policy: FREEZE, RevisionId: first });
  expect((await attach(FREEZE)).RevisionId).toBe(first);
  await expect(attach(FREEZE, "NO_POLICY")).rejects.toMatchObject({ name: "PolicyNotFoundException" });

  const { RevisionId: second } = await attach(FREEZE.replace("Freeze", "Hold"), first);
  expect(second).not.toBe(first);
  await expect(detach(first)).rejects.toMatchObject({ name: "PolicyNotFoundException" });
  expect((await detach(second)).RevisionId).toBe(second);
  expect((await detach()).RevisionId).toBeUndefined();
  await expect(read()).rejects.toMatchObject({ name: "PolicyNotFoundException" });
});

test("an explicit deny stops every write of everybody but the role that it leaves out, and no read", async () => {
  for (const name of ["api", "recovery"]) {
    iam.grant(role(name), allow("dynamodb:*"));
  }
  const [api, recovery] = [as("api"), as("recovery")];
  await attach(FREEZE);

  const writes = [
    new PutItemCommand({ TableName: "items", Item: KEY }),
    new PutItemCommand({ TableName: ITEMS, Item: KEY }),
    new UpdateItemCommand({ TableName: "items", Key: KEY }),
    new DeleteItemCommand({ TableName: "items", Key: KEY }),
    new BatchWriteItemCommand({ RequestItems: { items: [{ PutRequest: { Item: KEY } }] } }),
    new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: "items", Item: KEY } }] }),
  ];
  for (const write of writes) {
    await expect(api.send(write as PutItemCommand)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringMatching(/ with an explicit deny in a resource-based policy$/),
    });
  }
  await api.send(new GetItemCommand({ TableName: "items", Key: KEY }));
  await recovery.send(new PutItemCommand({ TableName: "items", Item: KEY }));

  await detach();
  await api.send(new PutItemCommand({ TableName: "items", Item: KEY }));
});

test("it says that the policy denies, too, to who may not write at all", async () => {
  iam.grant(role("looker"), allow("dynamodb:GetItem"));
  const remove = () => as("looker").send(new DeleteItemCommand({ TableName: "items", Key: KEY }));
  await expect(remove()).rejects.toThrow("because no identity-based policy allows the dynamodb:DeleteItem action");
  await attach(FREEZE);
  await expect(remove()).rejects.toThrow("with an explicit deny in a resource-based policy");
});

test("a policy allows beside identity policies, the table and its indexes each by their ARN", async () => {
  const Principal = { AWS: role("guest") };
  const Action = ["dynamodb:GetItem", "dynamodb:Query"];
  await attach(policyOf({ Effect: "Allow", Principal, Action, Resource: [ITEMS] }));
  const guest = as("guest");
  await guest.send(new GetItemCommand({ TableName: "items", Key: KEY }));
  await expect(as("other").send(new GetItemCommand({ TableName: "items", Key: KEY }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });

  const query = new QueryCommand({
    TableName: "items",
    IndexName: "status-index",
    KeyConditionExpression: "#s = :s",
    ExpressionAttributeNames: { "#s": "status" },
    ExpressionAttributeValues: { ":s": { S: "open" } },
  });
  await expect(guest.send(query)).rejects.toMatchObject({ name: "AccessDeniedException" });
  await attach(policyOf({ Effect: "Allow", Principal, Action, Resource: [ITEMS, `${ITEMS}/index/*`] }));
  await guest.send(query);
});

test("a restored table has none", async () => {
  await db.client.send(
    new UpdateContinuousBackupsCommand({
      TableName: "items",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  await attach(FREEZE);
  await db.core.clock.advance(600_000);
  await db.client.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: "items",
      TargetTableName: "restored",
      UseLatestRestorableTime: true,
    }),
  );
  await expect(
    db.client.send(new GetResourcePolicyCommand({ ResourceArn: ITEMS.replace("items", "restored") })),
  ).rejects.toMatchObject({ name: "PolicyNotFoundException" });
});

describe("a policy is refused", () => {
  const deny = { Effect: "Deny", Principal: "*", Action: WRITES, Resource: ITEMS };
  it.each<[string, string, RegExp]>([
    ["that is not JSON", "{", /not valid JSON/],
    ["without statements", "{}", /has no Statement/],
    ["of no effect", policyOf({ ...deny, Effect: "Maybe" }), /Effect of statement 0/],
    ["for nobody", policyOf({ ...deny, Principal: undefined }), /statement 0 has no Principal/],
    ["without actions", policyOf(deny, { ...deny, Action: [] }), /statement 1 has no Action/],
    ["for another service", policyOf({ ...deny, Action: "s3:*" }), /Action s3:\* of statement 0/],
    ["on another table", policyOf({ ...deny, Resource: `${ITEMS}-2` }), /Resource \S+items-2 of statement 0/],
    ["that is too large", policyOf({ ...deny, Sid: "x".repeat(20_480) }), /larger than the maximum/],
  ])("%s", async (_, policy, message) => {
    await expect(attach(policy)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(message),
    });
  });
});
