import { setTimeout as wait } from "node:timers/promises";
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import {
  type DocumentRecord,
  defineMigration,
  type MigrationRecord,
  parseMigration,
  type RecordFilter,
} from "@slipway/contracts";
import { decideChange, matchesFilter, runMigration, systemClock } from "@slipway/release-engine";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { toDocument, toItem } from "./attribute-values.ts";
import { DynamoMigrationLedger } from "./dynamo-migration-ledger.ts";
import { DynamoMigrationTable } from "./dynamo-migration-table.ts";

let fixture: LocalAwsFixture;
let client: DynamoDBClient;
let made = 0;

beforeAll(async () => {
  fixture = await localAwsFixture();
  client = new DynamoDBClient(fixture.client);
});

afterEach(() => fixture.clearFaults());

afterAll(async () => {
  client?.destroy();
  await fixture?.close();
});

/** A new table with records. */
async function tableOf(records: readonly DocumentRecord[], sortKey?: { name: string; type: "S" | "N" }) {
  const TableName = `table-${++made}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        ...(sortKey === undefined ? [] : [{ AttributeName: sortKey.name, KeyType: "RANGE" as const }]),
      ],
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        ...(sortKey === undefined ? [] : [{ AttributeName: sortKey.name, AttributeType: sortKey.type }]),
      ],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName });
  for (const record of records) {
    await client.send(new PutItemCommand({ TableName, Item: toItem(record) }));
  }
  return { name: TableName, table: new DynamoMigrationTable(client, TableName) };
}

const things = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `thing-${n}`, n, version: 1 }));

async function recordOf(TableName: string, id: string): Promise<DocumentRecord | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }));
  return Item === undefined ? undefined : toDocument(Item);
}

const parsed = parseMigration(
  defineMigration({
    id: "0001-kind",
    phase: "expand",
    description: "Gives each record a kind.",
    backfill: { select: { missing: ["kind"] }, change: (record) => ({ ...record, kind: "item" }) },
  }),
);
if (!parsed.ok) {
  throw new Error(parsed.problems.join("\n"));
}
const { migration } = parsed;

async function migrate(
  table: DynamoMigrationTable,
  verdict: "due" | "again" = "due",
  signal = new AbortController().signal,
) {
  const shape = await table.describe();
  let tokens = 0;
  const runner = { name: "test", newToken: () => `token-${++tokens}`, isGone: () => true };
  return runMigration(
    { table, ledger: new DynamoMigrationLedger(client, shape), clock: systemClock, runner },
    {
      planned: { migration, digest: "a".repeat(64), verdict },
      ...{ shape, segments: 3, pageSize: 20, signal },
    },
  );
}

describe("DynamoMigrationTable", () => {
  it("reads each record once, whatever the segments and pages, and what it costs", async () => {
    const { table } = await tableOf(things(23));
    const ids: unknown[] = [];
    let readUnits = 0;
    for (const segment of [0, 1, 2]) {
      let after: DocumentRecord | undefined;
      do {
        const page = await table.scan({ segment, segments: 3, limit: 4, consistent: true, after });
        expect(page.scanned).toBeLessThanOrEqual(4);
        ids.push(...page.records.map(({ id }) => id));
        readUnits += page.readUnits;
        after = page.next;
      } while (after !== undefined);
    }
    expect(ids.sort()).toEqual(
      things(23)
        .map(({ id }) => id)
        .sort(),
    );
    expect(readUnits).toBeGreaterThan(0);
  });

  it("filters as matchesFilter does", async () => {
    const records: readonly DocumentRecord[] = [
      { id: "a", kind: "item", n: 1 },
      { id: "b", kind: null, n: 2 },
      { id: "c", n: 1, on: true },
      { id: "d", kind: "other", n: 1, on: false },
      { id: "e", kind: "" },
    ];
    const { table } = await tableOf(records);
    const filters: readonly RecordFilter[] = [
      { missing: ["kind"] },
      { present: ["kind"] },
      { present: ["kind", "n"], missing: ["on"] },
      { equals: { n: 1 } },
      { equals: { n: 1, on: true } },
      { equals: { kind: null } },
      { equals: { kind: "" } },
    ];
    for (const filter of filters) {
      const page = await table.scan({ segment: 0, segments: 1, limit: 100, consistent: true, filter });
      const expected = records.filter((record) => matchesFilter(record, filter)).map(({ id }) => id);
      expect(page.records.map(({ id }) => id).sort(), JSON.stringify(filter)).toEqual(expected);
      expect(page.scanned).toBe(5);
    }
  });

  it("writes what differs on the condition that the record is as it was read", async () => {
    const { name, table } = await tableOf([
      { id: "a", n: 1, list: [1, { deep: new Set(["x"]) }], bytes: new Uint8Array([1]), old: true },
    ]);
    const shape = await table.describe();
    const change = async () => {
      const { record } = await table.read({ id: "a" });
      const decided = decideChange(
        {
          ...migration,
          backfill: {
            change: ({ old, ...rest }) =>
              old === undefined && rest.kind === "item" ? undefined : { ...rest, kind: "item" },
          },
        },
        shape,
        record ?? {},
      );
      return decided ?? expect.unreachable();
    };

    const stale = await change();
    await client.send(
      new UpdateItemCommand({
        ...{ TableName: name, Key: { id: { S: "a" } }, UpdateExpression: "SET n = :n" },
        ExpressionAttributeValues: { ":n": { N: "2" } },
      }),
    );
    expect(await table.write(stale)).toMatchObject({ outcome: "conflict" });
    const overtaken = await change();
    await client.send(
      new UpdateItemCommand({
        ...{ TableName: name, Key: { id: { S: "a" } }, UpdateExpression: "SET kind = :kind" },
        ExpressionAttributeValues: { ":kind": { S: "theirs" } },
      }),
    );
    expect(await table.write(overtaken)).toMatchObject({ outcome: "conflict" });
    expect(await table.write(await change())).toMatchObject({ outcome: "written", writeUnits: expect.any(Number) });
    expect(await recordOf(name, "a")).toEqual({
      ...{ id: "a", n: 2, list: [1, { deep: new Set(["x"]) }], bytes: new Uint8Array([1]), kind: "item" },
    });

    const before = (await recordOf(name, "a")) ?? {};
    await client.send(new DeleteItemCommand({ TableName: name, Key: { id: { S: "a" } } }));
    expect(await table.write({ before, absent: [], set: { n: 3 }, remove: [] })).toMatchObject({ outcome: "conflict" });
    expect(await recordOf(name, "a")).toBeUndefined();
  });

  it("knows its own write again when the answer was lost", async () => {
    const { name, table } = await tableOf(things(1));
    await fixture.plantFault({
      kind: "lost-answer",
      service: "dynamodb",
      operation: "UpdateItem",
      resource: name,
      remaining: 1,
    });
    const { record } = await table.read({ id: "thing-0" });
    const change = decideChange(migration, await table.describe(), record ?? {});
    expect(await table.write(change ?? expect.unreachable())).toMatchObject({ outcome: "written" });
    expect(await recordOf(name, "thing-0")).toMatchObject({ kind: "item" });
  });

  it("puts what is missing, and leaves what is there", async () => {
    const { name, table } = await tableOf(things(1));
    expect(await table.putIfMissing({ id: "thing-0", n: 99 })).toMatchObject({ outcome: "there" });
    expect(await table.putIfMissing({ id: "new", n: 99 })).toMatchObject({ outcome: "put" });
    expect(await recordOf(name, "thing-0")).toMatchObject({ n: 0 });
  });

  it("refuses a table that is not there, and one that cannot hold what migrations remember", async () => {
    await expect(new DynamoMigrationTable(client, "nowhere").describe()).rejects.toMatchObject({ kind: "not-found" });
    const { table } = await tableOf([], { name: "at", type: "N" });
    await expect(table.describe()).rejects.toMatchObject({ kind: "usage", why: "its sort key at is no text" });
    const { table: other } = await tableOf([], { name: "migration", type: "S" });
    await expect(other.describe()).rejects.toMatchObject({ why: expect.stringContaining("migration is a key of it") });
  });
});

describe("DynamoMigrationLedger", () => {
  const record = (revision: number): MigrationRecord => ({
    ...{ version: 1, id: "0001-kind", phase: "expand", description: "x", digest: "a".repeat(64), state: "running" },
    ...{ revision, writer: "w", startedAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-01T00:00:00.000Z", pass: 1 },
    segments: [{ done: false, cursor: { id: "thing-1" }, ...noCounts() }],
    earlier: noCounts(),
  });
  const noCounts = () => ({
    ...{ scanned: 0, changed: 0, conflicts: 0, found: 0, problems: 0, readUnits: 0.5, writeUnits: 0 },
  });

  it("goes on from the revision that it knows, and from no other", async () => {
    const { name, table } = await tableOf([], { name: "at", type: "S" });
    const ledger = new DynamoMigrationLedger(client, await table.describe());
    expect(await ledger.load("0001-kind")).toBeUndefined();
    expect(await ledger.save(record(2))).toMatchObject({ outcome: "conflict" });
    expect(await ledger.save(record(1))).toMatchObject({ outcome: "saved" });
    expect(await ledger.save(record(1))).toMatchObject({ outcome: "conflict" });
    expect(await ledger.save(record(2))).toMatchObject({ outcome: "saved" });
    expect(await ledger.load("0001-kind")).toEqual(record(2));
    const { Items = [] } = await client.send(new ScanCommand({ TableName: name }));
    expect(Items.map(Object.keys)).toEqual([expect.arrayContaining(["id", "at", "kind", "migration"])]);
    expect(Items[0]).toMatchObject({ id: { S: "migration#0001-kind" }, kind: { S: "migration" } });
  });

  it("refuses a record that it does not understand", async () => {
    const { name, table } = await tableOf([{ id: "migration#0001-kind", migration: { version: 2 } }]);
    const ledger = new DynamoMigrationLedger(client, await table.describe());
    await expect(ledger.load("0001-kind")).rejects.toMatchObject({
      what: `The record migration#0001-kind of ${name} cannot be read`,
      why: expect.stringContaining("version: is not 1: it was written by a newer Slipway"),
    });
  });
});

describe("a migration on DynamoDB", () => {
  it("counts the changes whose answers were still to come when it was asked to stop", async () => {
    const { name } = await tableOf(things(80));
    const asked = new AbortController();
    const stopping = new DynamoDBClient(fixture.client);
    let writes = 0;
    stopping.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = next(args);
          writes += commandName === "UpdateItemCommand" ? 1 : 0;
          if (writes === 10) {
            // It is on its way by then.
            await wait(1);
            asked.abort();
          }
          return answer;
        },
      { step: "finalizeRequest", priority: "low" },
    );
    const stopped = migrate(new DynamoMigrationTable(stopping, name), "due", asked.signal);
    await expect(stopped).rejects.toMatchObject({ kind: "interrupted" });
    stopping.destroy();

    const run = await migrate(new DynamoMigrationTable(client, name));

    expect(writes).toBeLessThan(80);
    expect(run).toMatchObject({ outcome: "done", counts: { changed: 80, found: 80, conflicts: 0 } });
    // The record of the migration is looked at, too.
    expect(run?.counts.scanned).toBe(2 * (80 + 1));
  });

  it("loses no concurrent change, revives nothing, and lives with throttling and lost answers", async () => {
    const { name, table } = await tableOf(things(80));
    for (const operation of ["Scan", "UpdateItem", "PutItem", "GetItem"]) {
      await fixture.plantFault({
        kind: "throttle",
        service: "dynamodb",
        operation,
        resource: name,
        rate: 0.15,
        remaining: 8,
      });
      await fixture.plantFault({
        kind: "lost-answer",
        service: "dynamodb",
        operation,
        resource: name,
        rate: 0.03,
        remaining: 3,
      });
    }
    const expected = new Map(things(80).map((thing) => [thing.id, thing.n]));
    let isOver = false;
    const writer = async () => {
      for (let round = 0; !isOver; round += 1) {
        await wait(2);
        const id = `thing-${(round * 7) % 80}`;
        try {
          if (round % 10 === 9) {
            await client.send(new DeleteItemCommand({ TableName: name, Key: { id: { S: id } } }));
            expected.delete(id);
          } else if (round % 10 === 4 || !expected.has(id)) {
            await client.send(
              new PutItemCommand({ TableName: name, Item: toItem({ id, n: round + 1_000, version: 1 }) }),
            );
            expected.set(id, round + 1_000);
          } else {
            await client.send(
              new UpdateItemCommand({
                ...{ TableName: name, Key: { id: { S: id } }, UpdateExpression: "SET n = :n ADD version :one" },
                ExpressionAttributeValues: { ":n": { N: String(round + 1_000) }, ":one": { N: "1" } },
              }),
            );
            expected.set(id, round + 1_000);
          }
        } catch {
          // Throttled, or nobody knows: what is in the table then is what counts.
          const now = await recordOf(name, id).catch(() => recordOf(name, id));
          now === undefined ? expected.delete(id) : expected.set(id, Number(now.n));
        }
      }
    };
    const writing = writer();
    const first = await migrate(table);
    expect(first?.counts.changed).toBeGreaterThanOrEqual(50);
    isOver = true;
    await writing;
    await fixture.clearFaults();
    // What the writer has put in the old shape behind the last look.
    expect(await migrate(table, first?.outcome === "done" ? "again" : "due")).toMatchObject({ outcome: "done" });

    const { Items = [] } = await client.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
    const records = Items.map(toDocument).filter(({ id }) => !String(id).startsWith("migration#"));
    expect(Object.fromEntries(records.map(({ id, n }) => [id, n]))).toEqual(Object.fromEntries(expected));
    expect(records.filter(({ kind }) => kind !== "item")).toEqual([]);
  });
});
