import { CreateTableCommand, GetItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsClients, createAwsClients } from "../create-aws-clients.ts";
import { DynamoTableContents } from "../recovery/dynamo-table-contents.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { DrillItems } from "./drill-items.ts";

let fixture: LocalAwsFixture;
let clients: AwsClients;
const TableName = "readings";

beforeAll(async () => {
  fixture = await localAwsFixture();
  clients = createAwsClients(fixture.client);
  await clients.dynamodb.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
      KeySchema: [
        { AttributeName: "meter", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "meter", AttributeType: "B" },
        { AttributeName: "at", AttributeType: "N" },
      ],
    }),
  );
  await waitUntilTableExists({ client: clients.dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
});

afterAll(async () => {
  clients?.destroy();
  await fixture?.close();
});

test("items are made up for whatever keys a table has, and written over under the same keys", async () => {
  const items = new DrillItems(clients.dynamodb);
  const contents = new DynamoTableContents(clients.dynamodb);
  const read = () => contents.readAll(TableName, { sample: 0, onCount: () => {} });
  await items.write(TableName, 60, "good");
  const before = await read();
  await items.write(TableName, 10, "bad");
  const after = await read();
  await items.write(TableName, 10, "good");

  expect(before.items).toBe(60);
  expect(after.items).toBe(60);
  expect(after.digest).not.toBe(before.digest);
  expect((await read()).digest).toBe(before.digest);
  const Key = { meter: { B: Buffer.from("slipway-drill-59") }, at: { N: "900000000059" } };
  const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName, Key }));
  expect(Item?.slipwayDrill).toEqual({ S: "good" });
});
