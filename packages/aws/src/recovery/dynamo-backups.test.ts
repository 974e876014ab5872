import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type AwsClients, createAwsClients } from "../create-aws-clients.ts";
import { DynamoTables } from "../dynamo-tables.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { DynamoBackups } from "./dynamo-backups.ts";
import { DynamoTableContents } from "./dynamo-table-contents.ts";

let fixture: LocalAwsFixture;
let clients: AwsClients;
let backups: DynamoBackups;
let contents: DynamoTableContents;
const TableName = "items";

beforeAll(async () => {
  fixture = await localAwsFixture();
  clients = createAwsClients(fixture.client);
  [backups, contents] = [new DynamoBackups(clients.dynamodb), new DynamoTableContents(clients.dynamodb)];
  await clients.dynamodb.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        // A reserved word.
        { AttributeName: "status", KeyType: "RANGE" },
      ],
      AttributeDefinitions: ["id", "status", "owner"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      GlobalSecondaryIndexes: [
        {
          ...{ IndexName: "by-owner", KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }] },
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["size", "name"] },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client: clients.dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
  await write(0, 100);
});

afterEach(() => fixture.clearFaults());

afterAll(async () => {
  clients?.destroy();
  await fixture?.close();
});

async function write(from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += 25) {
    const items = Array.from({ length: Math.min(25, to - start) }, (_, index) => ({
      ...{ id: { S: `i${start + index}` }, status: { S: "open" }, owner: { S: "jane" }, size: { N: String(index) } },
    }));
    await clients.dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }),
    );
  }
}

async function ready(name: string): Promise<void> {
  await waitUntilTableExists({ client: clients.dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName: name });
  expect(await backups.state(name)).toBe("ready");
}

const all = (sample = 0) => ({ sample, onCount() {} });

describe("a backup", () => {
  it("is listed with what was backed up, beside the point-in-time window", async () => {
    expect(await backups.pointInTime(TableName)).toBeUndefined();
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 };
    await clients.dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
    expect(await backups.pointInTime(TableName)).toMatchObject({ since: expect.any(Number), days: 7 });

    const arn = await new DynamoTables(clients.dynamodb).create(TableName, "first");
    expect(await backups.list(TableName)).toEqual([
      {
        ...{ arn, name: "first", table: TableName, kind: "on-demand", isUsable: true },
        ...{ createdAt: expect.any(Number), bytes: expect.any(Number) },
      },
    ]);
    expect(await backups.describe(arn)).toMatchObject({
      items: 100,
      structure: { key: "id HASH, status RANGE", indexes: { "by-owner": "owner HASH; INCLUDE name size" } },
    });
  });

  it("is restored to the same items, and to a table that can be compared and deleted", async () => {
    const [{ arn = "" } = {}] = await backups.list(TableName);
    const copy = "items-slipway-verify-1";
    expect(await backups.state(copy)).toBe("none");
    await backups.restore(arn, copy);
    await backups.restore(arn, copy);
    await ready(copy);
    const [restored, live] = [await contents.readAll(copy, all(50)), await contents.readAll(TableName, all())];
    expect(restored).toMatchObject({ items: 100, digest: live.digest });
    expect(new Set(restored.keys.map(({ text }) => text)).size).toBe(50);
    expect(await contents.structure(copy)).toEqual(await contents.structure(TableName));

    await write(100, 110);
    expect((await contents.readAll(TableName, all())).digest).not.toBe(restored.digest);
    expect(await contents.countPresent(TableName, restored.keys)).toBe(50);
    const everything = await contents.sampleKeys(TableName, 1_000);
    expect(everything.length).toBeGreaterThan(60);
    const newer = everything.filter(({ text }) => /"i10\d"/.test(text)).length;
    expect(await contents.countPresent(copy, everything)).toBe(everything.length - newer);
    expect(await contents.sampleKeys(TableName, 7)).toHaveLength(7);

    await backups.removeTable(copy);
    await waitUntilTableNotExists({ client: clients.dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName: copy });
    expect(await backups.state(copy)).toBe("none");
    await backups.removeTable(copy);
    expect(await contents.structure(copy)).toBeUndefined();
  });

  it("is deleted once, also when the answer is lost", async () => {
    const [{ arn = "" } = {}] = await backups.list(TableName);
    await fixture.plantFault({ kind: "lost-answer", service: "dynamodb", operation: "DeleteBackup", remaining: 1 });
    expect(await backups.remove(arn)).toBe("gone");
    expect(await backups.list(TableName)).toEqual([]);
    expect(await backups.remove(arn)).toBe("gone");
  });

  it("whose restore is answered to nobody is restored all the same", async () => {
    const arn = await new DynamoTables(clients.dynamodb).create(TableName, "second");
    await fixture.plantFault({
      ...{ kind: "lost-answer", service: "dynamodb", operation: "RestoreTableFromBackup", remaining: 1 },
    });
    await backups.restore(arn, "items-slipway-verify-2");
    await ready("items-slipway-verify-2");
    await clients.dynamodb.send(new DeleteTableCommand({ TableName: "items-slipway-verify-2" }));
  });
});

describe("what goes wrong", () => {
  it("takes no backup from a table that is gone", async () => {
    const gone = { TableName: "gone", BillingMode: "PAY_PER_REQUEST" } as const;
    await clients.dynamodb.send(
      new CreateTableCommand({
        ...{ ...gone, KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] },
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
    await ready(gone.TableName);
    const arn = await new DynamoTables(clients.dynamodb).create(gone.TableName, "last");
    await clients.dynamodb.send(new DeleteTableCommand({ TableName: gone.TableName }));
    await waitUntilTableNotExists({ client: clients.dynamodb, maxWaitTime: 20, minDelay: 1 }, gone);
    expect(await backups.pointInTime(gone.TableName)).toBeUndefined();
    expect((await backups.list(gone.TableName)).map((each) => each.arn)).toEqual([arn]);
  });

  it("is told with what was asked, and a stop is a stop", async () => {
    await expect(backups.restore("arn:aws:dynamodb:us-east-1:0:table/x/backup/1", "y-copy")).rejects.toMatchObject({
      what: expect.stringContaining("dynamodb:RestoreTableFromBackup failed for arn:"),
    });
    await expect(backups.list(TableName, AbortSignal.abort())).rejects.toMatchObject({ kind: "interrupted" });
    await expect(contents.readAll(TableName, { ...all(), signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: "interrupted",
    });
    await expect(contents.readAll("nothing", all())).rejects.toMatchObject({ kind: "not-found" });
  });
});
