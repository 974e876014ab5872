import {
  CreateBackupCommand,
  CreateTableCommand,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsClients, createAwsClients } from "../create-aws-clients.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { AwsRecoveryPoints } from "./aws-recovery-points.ts";

let fixture: LocalAwsFixture;
let clients: AwsClients;
const TableName = "orders";
const Bucket = "states";

beforeAll(async () => {
  fixture = await localAwsFixture();
  clients = createAwsClients(fixture.client);
  await clients.dynamodb.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await waitUntilTableExists({ client: clients.dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  clients?.destroy();
  await fixture?.close();
});

test("a table can be brought back from a backup, and to any second once that is on", async () => {
  const points = new AwsRecoveryPoints(clients, () => Bucket);
  expect(await points.ofTable(TableName)).toEqual({ pointInTime: null, newestBackup: null });

  const made = await clients.dynamodb.send(new CreateBackupCommand({ TableName, BackupName: "before-release" }));
  expect(await points.ofTable(TableName)).toMatchObject({
    ...{ pointInTime: null, newestBackup: { arn: made.BackupDetails?.BackupArn } },
  });

  await clients.dynamodb.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  expect(await points.ofTable(TableName)).toMatchObject({ pointInTime: { since: expect.any(Number) } });
});

test("states are kept once their bucket is versioned", async () => {
  const points = new AwsRecoveryPoints(clients, () => Bucket);
  expect(await points.ofStates()).toEqual({ bucket: Bucket, versioning: "off" });

  const VersioningConfiguration = { Status: "Enabled" } as const;
  await clients.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));

  expect(await points.ofStates()).toEqual({ bucket: Bucket, versioning: "on" });
});

test("what is not there cannot be looked at", async () => {
  await expect(new AwsRecoveryPoints(clients, () => "nowhere").ofStates()).rejects.toMatchObject({ kind: "not-found" });
  await expect(new AwsRecoveryPoints(clients, () => Bucket).ofTable("nowhere")).rejects.toMatchObject({
    kind: "not-found",
  });
});
