import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type { Actor, Holder } from "@slipway/contracts";
import { createRedactor, type Ledger, openLedger, systemClock } from "@slipway/release-engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { DynamoLedgerTable } from "./dynamo-ledger-table.ts";

const TABLE = "ledger";
const jane: Actor = { name: "Jane" };

let fixture: LocalAwsFixture;
let client: DynamoDBClient;
let count = 0;

beforeAll(async () => {
  fixture = await localAwsFixture();
  client = new DynamoDBClient({ ...fixture.client, maxAttempts: 1 });
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "environment", AttributeType: "S" },
        { AttributeName: "sequence", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "environment", KeyType: "HASH" },
        { AttributeName: "sequence", KeyType: "RANGE" },
      ],
    }),
  );
});

afterAll(async () => {
  client.destroy();
  await fixture.close();
});

function ledgerOf(environment: string): Ledger {
  return openLedger(new DynamoLedgerTable(client, TABLE), {
    ...{ environment, clock: systemClock, leaseClock: systemClock, redactor: createRedactor(), leaseSeconds: 30 },
  });
}

function holder(id: string): Holder {
  return { id, actor: { name: id }, host: "host", pid: 1, command: "slipway deploy prod" };
}

const waiver = (reason: string) =>
  ({
    type: "waiver.given",
    waiver: { check: "checklist.tests", by: "Jane", reason, expires: "2027-01-01" },
  }) as const;

const newEnvironment = () => `environment-${++count}`;

describe("a ledger on DynamoDB", () => {
  it("is empty before the first write, and keeps what is written", async () => {
    const ledger = ledgerOf(newEnvironment());
    expect(await ledger.head()).toBeUndefined();
    expect(await ledger.read()).toEqual([]);
    const held = await ledger.take(holder("jane"));
    const written = await held.append({ by: jane, release: null, body: waiver("once") });
    await ledger.append({ by: jane, release: null, body: waiver("beside it") });
    await held.append({ by: jane, release: null, body: waiver("twice") });
    await held.release();
    const entries = await ledger.read();
    expect(entries.map(({ sequence, token, body }) => [sequence, token, body.type])).toEqual([
      [1, 1, "lease.taken"],
      [2, 1, "waiver.given"],
      [3, null, "waiver.given"],
      [4, 1, "waiver.given"],
      [5, 1, "lease.released"],
    ]);
    expect(entries[1]).toEqual(written);
    expect(await ledger.head()).toMatchObject({ sequence: 5, lease: null, lastToken: 1 });
  });

  it("reads what does not fit into one answer of DynamoDB", async () => {
    const ledger = ledgerOf(newEnvironment());
    for (let n = 0; n < 4; n += 1) {
      await ledger.append({ by: jane, release: null, body: waiver(`${n} `.repeat(170_000)) });
    }
    expect((await ledger.read()).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });

  it("says which entry is too large, before it is sent", async () => {
    const ledger = ledgerOf(newEnvironment());
    const body = waiver("x ".repeat(210_000));
    await expect(ledger.append({ by: jane, release: null, body })).rejects.toMatchObject({
      what: "An entry waiver.given is too large for the ledger",
      why: expect.stringMatching(/^it has 42\d,\d{3} bytes, and DynamoDB takes 409,088$/),
    });
    expect(await ledger.head()).toBeUndefined();
  });

  it("lets one of many take the lease at the same time", async () => {
    const environment = newEnvironment();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => ledgerOf(environment).take(holder(`taker ${n}`))),
    );
    const held = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    expect(held).toHaveLength(1);
    const name = held[0]?.holder.actor.name;
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") {
        expect(outcome.reason).toMatchObject({ kind: "busy", what: `${environment} is being changed by ${name}` });
      }
    }
    await held[0]?.release();
  });

  it.each(["throttle", "error", "unavailable", "drop", "lost-answer"])(
    "writes each entry once, whatever call has a %s",
    async (kind) => {
      const environment = newEnvironment();
      for (const operation of ["TransactWriteItems", "GetItem", "Query"]) {
        await fixture.plantFault({ kind, service: "dynamodb", operation, resource: TABLE, rate: 0.3, remaining: 8 });
      }
      const ledger = ledgerOf(environment);
      const held = await ledger.take(holder("jane"));
      for (let n = 0; n < 12; n += 1) {
        await held.append({ by: jane, release: null, body: waiver(`held ${n}`) });
        await ledger.append({ by: jane, release: null, body: waiver(`beside ${n}`) });
      }
      await held.release();
      await fixture.clearFaults();
      const reasons = (await ledger.read()).flatMap(({ body }) =>
        body.type === "waiver.given" ? [body.waiver.reason] : [],
      );
      expect(reasons).toEqual(Array.from({ length: 12 }, (_, n) => [`held ${n}`, `beside ${n}`]).flat());
    },
  );

  it("finds what was changed, moved or deleted in the table", async () => {
    const environment = newEnvironment();
    const ledger = ledgerOf(environment);
    // Who has read an entry does not read it again: somebody else has to.
    const asAnother = () => ledgerOf(environment);
    for (let n = 1; n <= 4; n += 1) {
      await ledger.append({ by: jane, release: null, body: waiver(`entry ${n}`) });
    }
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: TABLE,
        KeyConditionExpression: "environment = :e",
        ExpressionAttributeValues: { ":e": { S: environment } },
      }),
    );
    const second = Items[2] as Record<string, { S: string }>;
    const put = (Item: typeof second) => client.send(new PutItemCommand({ TableName: TABLE, Item }));
    await put({ ...second, entry: { S: second.entry?.S.replace("entry 2", "entry 9") ?? "" } });
    await expect(asAnother().read()).rejects.toMatchObject({
      what: `The ledger of ${environment} is broken at entry 2`,
    });
    await put({ ...second, entry: { S: "no entry" } });
    await expect(asAnother().read()).rejects.toMatchObject({ why: "it is no entry" });
    await put(second);
    expect(await asAnother().read()).toHaveLength(4);
    await client.send(
      new DeleteItemCommand({ TableName: TABLE, Key: { environment: { S: environment }, sequence: { N: "4" } } }),
    );
    await expect(asAnother().read()).rejects.toMatchObject({
      what: `The ledger of ${environment} is broken at entry 4`,
      why: "the head counts 4 entries, and this one is missing",
    });
  });

  it("is refused where there is no table, in words", async () => {
    const ledger = openLedger(new DynamoLedgerTable(client, "nowhere"), {
      ...{ environment: "prod", clock: systemClock, leaseClock: systemClock, redactor: createRedactor() },
      leaseSeconds: 30,
    });
    await expect(ledger.read()).rejects.toMatchObject({
      kind: "not-found",
      what: "dynamodb:GetItem failed for the ledger in nowhere",
    });
  });
});
