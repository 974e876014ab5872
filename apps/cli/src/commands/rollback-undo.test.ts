import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateTableCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { toDocument, toItem } from "@slipway/aws";
import type { DocumentRecord } from "@slipway/contracts";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { liveRelease, planOf, type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

const TableName = "orders-prod";
const ITEMS = 60;
let prod: ReleasedEnvironment;
let s3: S3Client;
/** Of the bad writes. */
let window: readonly string[];

const id = (index: number) => `order#${String(index).padStart(3, "0")}`;
const good = (index: number): DocumentRecord => ({
  id: id(index),
  price: index,
  note: "private",
  tags: new Set(["a"]),
});
const bad = (index: number): DocumentRecord => ({ id: id(index), price: -1, writer: "batch-7" });
const put = (item: DocumentRecord) => prod.dynamodb.send(new PutItemCommand({ TableName, Item: toItem(item) }));

async function now(): Promise<number> {
  const answer = await fetch(`${prod.aws.localAws.endpoint}/_slipway/clock`, { headers: { "x-slipway-control": "1" } });
  return Date.parse(((await answer.json()) as { clock: string }).clock);
}

beforeAll(async () => {
  prod = await releasedEnvironment({ withFunction: false });
  const credentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
  const { endpoint } = prod.aws.localAws;
  s3 = new S3Client({ region: "us-east-1", endpoint, credentials, forcePathStyle: true });
  const text = (value: string) => ({ value, type: "string", sensitive: false });
  const outputs = { table: text(TableName) };
  await s3.send(
    new PutObjectCommand({
      ...{ Bucket: "terraform-state", Key: "prod/terraform.tfstate" },
      Body: JSON.stringify({ version: 4, serial: 1, lineage: "l", outputs, resources: [] }),
    }),
  );
  const config = join(prod.repository, "slipway.config.ts");
  const data = {
    tables: [{ name: "orders", output: "table", migrations: "m", recovery: { writerAttribute: "writer" } }],
  };
  writeFileSync(
    config,
    readFileSync(config, "utf8").replace('"environments":{"prod":{', `$&"data":${JSON.stringify(data)},`),
  );
  await prod.dynamodb.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
  await waitUntilTableExists({ client: prod.dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await prod.dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  await Promise.all(Array.from({ length: ITEMS }, (_, index) => put(good(index))));
  await prod.aws.localAws.advanceClock(3_600_000);
  const from = Math.floor((await now()) / 1000) * 1000;
  // 20 bad writes, one of them a deletion, one of something new; and one that is not meant.
  await Promise.all(Array.from({ length: 18 }, (_, index) => put(bad(index))));
  await prod.dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { S: id(18) } } }));
  await put(bad(900));
  await put({ id: "user#1", price: 3 });
  await prod.aws.localAws.advanceClock(1_000);
  const to = Math.ceil((await now()) / 1000) * 1000;
  await prod.aws.localAws.advanceClock(60_000);
  for (const index of [0, 1, 2]) {
    await put({ ...bad(index), price: 100 });
  }
  await prod.aws.localAws.advanceClock(3_600_000);
  window = ["--since", new Date(from).toISOString(), "--until", new Date(to).toISOString()];
});

afterAll(async () => {
  s3?.destroy();
  await prod?.close();
});

const rollback = (...words: readonly string[]) => prod.run(["rollback", "prod", ...words, ...prod.asLocal]);
const undo = (...words: readonly string[]) => rollback("data", "--undo", ...window, ...words);
const read = async (key: string) => {
  const { Item } = await prod.dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: key } } }));
  return Item && toDocument(Item);
};
const all = async () => (await prod.dynamodb.send(new ScanCommand({ TableName }))).Items?.map(toDocument) ?? [];
const jsonOf = ({ code, stdout, stderr }: Awaited<ReturnType<typeof rollback>>) => {
  expect(stdout, stderr).not.toBe("");
  return { code, ...JSON.parse(stdout) };
};

test.each([
  [["data"], "data: say how: --undo takes bad writes back"],
  [["--undo"], "--undo: for data only"],
  [["data", "--undo", "--until", "2026-11-28T12:00:00", "--yes", "1"], "--since: is missing"],
  [["data", "--undo", "--since", "5m", "--until", "12:00", "--yes", "1"], "'5m' is another moment each time"],
  [["data", "--undo", "--since", "12:00"], "--yes: is missing, and nobody can be asked here"],
  [["data", "--undo", "--table", "users", "--plan"], "there is no table 'users' in slipway.config.ts. It has orders."],
  [["data", "--undo", "--where", "price=1", "--plan"], "--where: 'price=1' is no condition"],
  [["data", "--undo", "--function-version", "7", "--plan"], "names no attribute of orders that has it"],
  [["data", "--undo", "--release", "r9", "--plan"], "the ledger has no release 'r9'"],
  [["data", "--undo-of", "r9", "--plan"], "the ledger has no release 'r9'"],
  [["data", "--undo", "--yes", "many"], "--yes: 'many' is no number of items"],
  [["data", "--undo", "--since", "2026-01-01", "--until", "2099-01-01", "--plan"], "ends at 2099-01-01"],
] as const)("%j is refused", async (words, why) => {
  const { code, stderr } = await rollback(...words);
  expect(stderr).toContain(why);
  expect(code).toBe(1);
});

test("the preview says what would be done, with keys for people only, and changes no item", async () => {
  const before = await all();
  const { code, stdout, stderr } = await undo("--key-prefix", "order#", "--plan");

  expect(code, stderr).toBe(0);
  expect(stdout).toContain("20 items selected: 18 changed, 1 made, 1 deleted in that time");
  expect(stdout).toContain("17 would be written: they are exactly as they were found, and become as they were before");
  expect(stdout).toContain("3 conflicts: changed by somebody else since; they stay as they are");
  expect(stdout).toMatch(
    /\{"id":"order#00\d"\} {2}conflict, stays: price -1 -> \d, writer removed, note added, tags added \(is now price -1 -> 100\)/,
  );
  expect(stdout).toMatch(/export arn:aws:dynamodb:.*:table\/orders-prod\/export\//);
  expect(stdout).toContain("No item was changed.");
  expect(await all()).toEqual(before);
  expect(await prod.ledger("prod").read()).toEqual([]);

  const report = jsonOf(await undo("--writer", "batch-7", "--plan", "--output", "json"));
  expect(report).toMatchObject({
    ...{ code: 0, outcome: "planned", would: { items: 19, written: 16, conflicts: 3 } },
    ...{ selected: { changed: 18, made: 1, deleted: 0, unseenDeletions: 1 } },
    undo: { table: "orders", tableName: TableName, select: { after: { equals: { writer: "batch-7" } } } },
  });
  expect(JSON.stringify(report)).not.toContain("order#");
  const sampled = jsonOf(await undo("--samples", "1", "--plan", "--output", "json"));
  const { code: _, ...document } = sampled;
  await golden("rollback", document, "undo");
  expect(sampled.samples).toHaveLength(2);
  expect(sampled.samples[0].key.id.S).toMatch(/#/);
});

test("it writes back what nobody has changed since, lists the conflicts in a file, and says all of it in the ledger but no items", async () => {
  await prod.write(prod.ledger("prod"), "r1", liveRelease(planOf("r1", null, "a"), "2", "1"));
  const words = ["--key-prefix", "order#", "--conflicts", "conflicts.jsonl", "--output", "json"];
  expect((await undo(...words, "--yes", "16")).stderr).toContain(
    "--yes 16: 17 items would be written now. Nothing was changed",
  );

  const report = jsonOf(await undo(...words, "--yes", "17"));

  // Done, and three are left for people.
  expect(report).toMatchObject({ code: 3, command: "rollback", outcome: "done", release: "r2" });
  expect(report.steps.map(({ id: step, state }: { id: string; state: string }) => `${step} ${state}`)).toEqual([
    "data.export done",
    "data.select done",
    "data.write-back done",
  ]);
  expect(report.next.undo).toMatch(/^slipway rollback prod data --undo-of r2 --port \d+$/);
  for (let index = 0; index < ITEMS; index += 1) {
    expect(await read(id(index)), id(index)).toEqual(index < 3 ? { ...bad(index), price: 100 } : good(index));
  }
  expect(await read(id(900))).toBeUndefined();
  expect(await read("user#1")).toEqual({ id: "user#1", price: 3 });

  const file = join(prod.repository, "conflicts.jsonl");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const lines = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.sort((left, right) => (left.key.id.S < right.key.id.S ? -1 : 1))).toEqual(
    [0, 1, 2].map((index) => ({
      ...{
        key: { id: { S: id(index) } },
        why: "changed since",
        before: JSON.parse(JSON.stringify(toItem(good(index)))),
      },
      ...{ bad: toItem(bad(index)), current: toItem({ ...bad(index), price: 100 }) },
    })),
  );
  expect(existsSync(`${file}.partial`)).toBe(false);

  const ledger = JSON.stringify(await prod.ledger("prod").read());
  expect(ledger).toContain('"restored":17');
  expect(ledger).not.toMatch(/private|order#0|user#/);
  expect((await prod.run(["show", "prod", "r2", ...prod.asLocal])).stdout).toMatch(
    /17 items are as\s+they were before; 3 conflicts/,
  );
});

test("one that is resumed leaves the same for people, with the same exit code", async () => {
  const entries = await prod.ledger("prod").read();
  const own = entries.filter(({ release }) => release === "r2").map(({ body }) => body);
  const started = own.find(({ type }) => type === "release.started");
  const exported = own.find((body) => body.type === "step.finished" && body.kind === "data.export");
  if (started?.type !== "release.started" || exported === undefined) throw new Error("r2 has undone writes");
  // As it is left by a kill after its export.
  await prod.write(prod.ledger("prod"), "r3", [
    { ...started, plan: { ...started.plan, release: "r3" } },
    { type: "step.started", step: "data.export", kind: "data.export", attempt: 1 },
    exported,
  ]);

  const { code, stderr } = await prod.run(["resume", "prod", ...prod.asLocal]);

  expect(code, stderr).toBe(3);
  expect(stderr).toContain("3 items were not written, and are left for people to decide");
});

test("a second time there is nothing to do, and what was done can be undone again", async () => {
  const again = jsonOf(await undo("--key-prefix", "order#", "--yes", "17", "--output", "json"));
  expect(again).toMatchObject({ code: 3, outcome: "nothing-to-do", would: { written: 0, restored: 17, conflicts: 3 } });

  const back = await rollback("data", "--undo-of", "r2", "--plan");
  expect(back.stdout, back.stderr).toContain(
    "17 would be written: they are exactly as they were found, and become as r2 found them",
  );
  expect(jsonOf(await rollback("data", "--undo-of", "r2", "--yes", "17", "--output", "json"))).toMatchObject({
    outcome: "done",
    release: "r4",
  });
  expect(await read(id(5))).toEqual(bad(5));
  expect(await read(id(18))).toBeUndefined();
  expect(await read(id(900))).toEqual(bad(900));

  // And that again.
  expect(jsonOf(await rollback("data", "--undo-of", "r4", "--yes", "17", "--output", "json"))).toMatchObject({
    outcome: "done",
    release: "r5",
  });
  expect(await read(id(5))).toEqual(good(5));
  expect(jsonOf(await prod.run(["history", "prod", "--output", "json", ...prod.asLocal]))).toBeDefined();
});
