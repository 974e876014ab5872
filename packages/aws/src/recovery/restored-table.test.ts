import {
  BatchWriteItemCommand,
  CreateBackupCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { systemClock, waitUntil } from "@slipway/release-engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsClients, createAwsClients } from "../create-aws-clients.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { powerlessCredentials } from "../test/powerless-credentials.ts";
import { DynamoRestoredContents } from "./dynamo-restored-contents.ts";
import { DynamoTableContents } from "./dynamo-table-contents.ts";
import { DynamoTableFreezer } from "./dynamo-table-freezer.ts";
import { DynamoTableRestorer } from "./dynamo-table-restorer.ts";
import { DynamoTableSettings } from "./dynamo-table-settings.ts";

let fixture: LocalAwsFixture;
let clients: AwsClients;
const TableName = "orders";
const RESTORED = "orders-restored-20261128-120000";

beforeAll(async () => {
  fixture = await localAwsFixture();
  clients = createAwsClients(fixture.client);
  await clients.dynamodb.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "status", AttributeType: "S" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-status",
          KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: true,
      Tags: [{ Key: "Environment", Value: "prod" }],
    }),
  );
  await waitUntilTableExists({ client: clients.dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
  await clients.dynamodb.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" } }),
  );
  await clients.dynamodb.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
    }),
  );
  const put = (id: number) => ({
    PutRequest: {
      Item: { id: { S: `o${id}` }, ...(id % 4 === 0 ? {} : { status: { S: id % 2 === 0 ? "open" : "done" } }) },
    },
  });
  await clients.dynamodb.send(
    new BatchWriteItemCommand({ RequestItems: { [TableName]: Array.from({ length: 25 }, (_, id) => put(id)) } }),
  );
});

afterAll(async () => {
  clients?.destroy();
  await fixture?.close();
});

test("a freeze is in force when a write is refused because of it, also for who may not write", async () => {
  const administrator = new DynamoTableFreezer(clients.dynamodb);
  const dynamodb = new DynamoDBClient({ ...fixture.client, credentials: await powerlessCredentials(fixture) });
  const arn = await administrator.arn(TableName);
  const deny = { Sid: "Freeze", Effect: "Deny", Principal: "*", Action: "dynamodb:DeleteItem", Resource: arn };
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [deny] });
  // Who may do nothing may not look at the table either: the tries are made by somebody who may.
  const describe = {
    send: (command: object) =>
      (command instanceof DeleteItemCommand ? dynamodb : clients.dynamodb).send(command as never),
  };
  const freezer = new DynamoTableFreezer(describe as unknown as DynamoDBClient);

  expect(await freezer.policy(TableName)).toBeUndefined();
  expect(await freezer.refusesWrites(TableName)).toBe(false);
  await administrator.putPolicy(TableName, document, undefined);
  expect(await freezer.refusesWrites(TableName)).toBe(true);
  // The account's root is bound by nothing on local AWS, and the item that no write may touch is not there.
  expect(await administrator.refusesWrites(TableName)).toBe(false);

  const policy = await administrator.policy(TableName);
  expect(policy?.document).toBe(document);
  await expect(
    administrator.putPolicy(TableName, document.replace("Freeze", "Other"), undefined),
  ).rejects.toMatchObject({
    kind: "conflict",
  });
  await expect(administrator.removePolicy(TableName, "1")).rejects.toMatchObject({ kind: "conflict" });
  await administrator.removePolicy(TableName, policy?.revision ?? "");
  expect(await administrator.policy(TableName)).toBeUndefined();
  dynamodb.destroy();
});

test("a table is restored, read and asked, and given all that the restore has dropped", async () => {
  const restorer = new DynamoTableRestorer(clients.dynamodb);
  const settings = new DynamoTableSettings(clients.dynamodb, systemClock);
  const { BackupDetails } = await clients.dynamodb.send(new CreateBackupCommand({ TableName, BackupName: "before" }));
  const to = { backup: BackupDetails?.BackupArn ?? "" };
  expect(await restorer.state(RESTORED)).toBe("none");
  await restorer.begin(TableName, to, RESTORED);
  await restorer.begin(TableName, to, RESTORED);
  await waitUntil(systemClock, {
    ...{ what: "the restore", timeoutMs: 30_000, look: () => restorer.state(RESTORED) },
    isOver: (state) => state === "ready",
  });

  const look = { sample: 100, onCount: () => {} };
  const contents = new DynamoRestoredContents(clients.dynamodb);
  const { items, digest, indexes } = await contents.inspect(RESTORED, look);
  const source = await new DynamoTableContents(clients.dynamodb).readAll(TableName, look);
  expect({ items, digest }).toEqual({ items: 25, digest: source.digest });
  expect(indexes).toEqual([{ index: "by-status", isActive: true, asked: 18, found: 18 }]);

  const before = await settings.read(TableName);
  expect(before).toMatchObject({
    ...{ timeToLive: "expires", recoveryDays: 7, deletionProtection: true, stream: null, policy: null },
    ...{ billing: "on demand", tags: { Environment: "prod" }, indexes: { "by-status": "status HASH; KEYS_ONLY" } },
  });
  expect(await settings.read(RESTORED)).toMatchObject({
    ...{ timeToLive: null, recoveryDays: null, deletionProtection: false, tags: {} },
    ...{ key: before.key, indexes: before.indexes, billing: before.billing, encryption: before.encryption },
  });
  const document = (arn: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "dynamodb:DeleteItem", Resource: arn }],
    });
  const arn = (await settings.read(RESTORED)).arn;
  const provisioned = "provisioned; 5 reads, 6 writes; by-status: 7 reads, 8 writes";
  await settings.set(RESTORED, "billing", provisioned);
  expect(await settings.read(RESTORED)).toMatchObject({ billing: provisioned });
  await settings.set(RESTORED, "billing", before.billing);
  await settings.set(RESTORED, "timeToLive", "expires");
  await settings.set(RESTORED, "timeToLive", "expires");
  await settings.set(RESTORED, "recoveryDays", 7);
  await settings.set(RESTORED, "deletionProtection", true);
  await settings.set(RESTORED, "policy", document(arn));
  await settings.tag(RESTORED, { add: { Environment: "prod", extra: "1" } });
  await settings.tag(RESTORED, { remove: ["extra"] });
  expect(await settings.read(RESTORED)).toEqual({ ...before, arn, policy: document(arn) });

  await expect(restorer.remove(RESTORED)).rejects.toThrow(/protected/);
  await settings.set(RESTORED, "deletionProtection", false);
  await restorer.remove(RESTORED);
  expect(["deleting", "none"]).toContain(await restorer.state(RESTORED));
});
