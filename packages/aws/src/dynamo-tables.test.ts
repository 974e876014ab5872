import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  ListBackupsCommand,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { type LocalAws, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY, startLocalAws } from "@slipway/local-aws";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DynamoTables } from "./dynamo-tables.ts";

let folder: TemporaryFolder;
let localAws: LocalAws;
let dynamodb: DynamoDBClient;
let tables: DynamoTables;

const root = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
const settings = (credentials: typeof root) => ({ region: "us-east-1", endpoint: localAws.endpoint, credentials });

beforeAll(async () => {
  folder = temporaryFolder();
  localAws = await startLocalAws({ port: 0, dataDir: folder.path });
  dynamodb = new DynamoDBClient(settings(root));
  tables = new DynamoTables(dynamodb);
});

afterAll(async () => {
  dynamodb?.destroy();
  await localAws?.stop();
  folder[Symbol.dispose]();
});

async function table(TableName: string, items = 0): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
  for (let id = 0; id < items; id += 1) {
    await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: String(id) } } }));
  }
}

describe("DynamoTables", () => {
  it("sees an empty table, and one with data", async () => {
    await table("empty");
    await table("full", 2);
    expect(await tables.inspect("empty")).toEqual({ name: "empty", exists: true, hasItems: false, newestBackup: null });
    expect(await tables.inspect("full")).toMatchObject({ exists: true, hasItems: true, newestBackup: null });
  });

  it("sees the newest backup that it made", async () => {
    await table("backed-up", 1);
    await tables.create("backed-up", "first");
    await localAws.advanceClock(60_000);
    const second = await tables.create("backed-up", "second");

    const { newestBackup } = await tables.inspect("backed-up");

    expect(newestBackup?.arn).toBe(second);
    const { BackupSummaries = [] } = await dynamodb.send(new ListBackupsCommand({ TableName: "backed-up" }));
    expect(BackupSummaries).toHaveLength(2);
  });

  it("takes a table that is gone for gone, whatever backups it left", async () => {
    await table("gone");
    await tables.create("gone", "last");
    await dynamodb.send(new DeleteTableCommand({ TableName: "gone" }));
    expect(await tables.inspect("gone")).toMatchObject({ exists: false, hasItems: undefined });
    await expect(tables.create("gone", "another")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("does not know what it may not read, and says why", async () => {
    await table("secret", 1);
    const iam = new IAMClient(settings(root));
    await iam.send(new CreateUserCommand({ UserName: "nobody" }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "nobody" }));
    iam.destroy();
    const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
    const client = new DynamoDBClient(settings({ accessKeyId, secretAccessKey }));
    const theirs = new DynamoTables(client);

    expect(await theirs.inspect("secret")).toEqual({
      ...{ name: "secret", exists: true, hasItems: undefined, newestBackup: undefined },
      problem: expect.stringMatching(
        /not authorized to perform: dynamodb:Scan .*not authorized to perform: dynamodb:ListBackups /s,
      ),
    });
    await expect(theirs.create("secret", "backup")).rejects.toMatchObject({ kind: "denied" });
    client.destroy();
  });

  it("does not know what nobody answers", async () => {
    const client = new DynamoDBClient({ ...settings(root), endpoint: "http://127.0.0.1:1", maxAttempts: 1 });
    const { exists, hasItems, newestBackup, problem } = await new DynamoTables(client).inspect("full");
    client.destroy();
    expect({ exists, hasItems, newestBackup }).toEqual({ exists: true, hasItems: undefined, newestBackup: undefined });
    expect(problem).toContain("ECONNREFUSED");
  });

  it("stops where it is asked to: that is no finding about the table", async () => {
    const signal = AbortSignal.abort();
    await expect(tables.inspect("full", signal)).rejects.toMatchObject({ kind: "interrupted" });
    await expect(tables.create("full", "x", signal)).rejects.toMatchObject({ kind: "interrupted" });
  });
});
