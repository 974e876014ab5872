import {
  CreateBackupCommand,
  CreateTableCommand,
  ListTablesCommand,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pruneEnvironmentBackups } from "../backups/prune-environment-backups.ts";
import { golden } from "../test/golden.ts";
import { type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

let prod: ReleasedEnvironment;
let s3: S3Client;
let state: string;
const STATE = { Bucket: "terraform-state", Key: "prod/terraform.tfstate" };
const TableName = "items-prod";

beforeAll(async () => {
  prod = await releasedEnvironment({ withFunction: false });
  const credentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
  const { endpoint } = prod.aws.localAws;
  s3 = new S3Client({ region: "us-east-1", endpoint, credentials, forcePathStyle: true });
  const table = { mode: "managed", type: "aws_dynamodb_table", name: "this", provider: "p" };
  const resources = [{ ...table, instances: [{ attributes: { id: TableName, name: TableName } }] }];
  state = JSON.stringify({ version: 4, serial: 1, lineage: "l", outputs: {}, resources });
  await s3.send(new PutObjectCommand({ ...STATE, Body: state }));
  await prod.dynamodb.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
  await waitUntilTableExists({ client: prod.dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
  for (let item = 0; item < 30; item++) {
    await prod.dynamodb.send(
      new PutItemCommand({ TableName, Item: { id: { S: `i${item}` }, note: { S: "private" } } }),
    );
  }
});

afterAll(async () => {
  s3?.destroy();
  await prod?.close();
});

const backup = (...words: readonly string[]) => prod.run(["backup", "prod", ...words]);
const report = async (...words: readonly string[]) => {
  const { code, stdout, stderr } = await backup(...words, "--output", "json");
  return { code, stderr, ...(stdout === "" ? {} : JSON.parse(stdout)) };
};
/** What {@link report} was made of. */
const documentOf = ({ code: _, stderr: __, ...document }: Awaited<ReturnType<typeof report>>) => document;
const tablesThere = async () => (await prod.dynamodb.send(new ListTablesCommand({}))).TableNames ?? [];
const written = async () =>
  (await prod.ledger("prod").read()).map(({ body }) => body.type).filter((type) => type.startsWith("backup."));

test("before there is one, list says how to make one, and verify has nothing to verify", async () => {
  const { code, stdout } = await backup("list");
  expect(code).toBe(0);
  expect(stdout).toContain("items-prod: point-in-time recovery is OFF\nno on-demand backups\n");
  expect(stdout).toContain("To make one: slipway backup prod create");
  expect((await backup("verify")).stderr).toContain("items-prod has no backup of Slipway's.");
});

test("create makes one that list tells from others', with who made it", async () => {
  const made = await report("create", "--name", "nightly");
  await golden("backup", documentOf(made), "create");
  const { code, backups, stderr } = made;
  expect(code, stderr).toBe(0);
  expect(backups).toEqual([
    {
      ...{ table: TableName, name: expect.stringMatching(/^slipway-prod-\d{8}T\d{6}Z-nightly$/), items: 30 },
      ...{ arn: expect.stringContaining(":table/items-prod/backup/"), bytes: expect.any(Number) },
    },
  ]);
  await prod.dynamodb.send(new CreateBackupCommand({ TableName, BackupName: "by-hand" }));

  const listed = await report("list");
  expect(listed.tables[0].backups).toEqual([
    expect.objectContaining({ name: "by-hand", isOwn: false }),
    expect.objectContaining({
      ...{ name: backups[0].name, isOwn: true, createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
      record: { createdBy: expect.any(String), items: 30 },
    }),
  ]);
  expect(await written()).toEqual(["backup.created"]);
});

test("verify restores it, compares it, deletes the copy, and says so in the ledger", async () => {
  const before = await tablesThere();
  const { code, stdout, stderr } = await backup("verify");
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/can be relied on: 30 items,\s+digest [0-9a-f]{64}/);
  expect(await tablesThere()).toEqual(before);
  const listed = await report("list");
  await golden("backup", documentOf(listed), "list");
  const { tables } = listed;
  expect(tables[0].backups[1].record.verified).toMatchObject({ verdict: "pass", items: 30 });
  const entries = await prod.ledger("prod").read();
  expect(entries.slice(-2).map(({ body }) => body.type)).toEqual(["backup.verifying", "backup.verified"]);
  expect(JSON.stringify(entries) + stdout + stderr).not.toContain("private");

  const people = await prod.run(["backup", "prod", "list"], { terminal: 160 });
  expect(people.stdout).toMatch(/^slipway-prod-\S+ .* 30 .* pass \d{4}-\d\d-\d\d$/m);
});

test("prune shows, asks, and never deletes what others made or what was verified last", async () => {
  for (const name of ["second", "third"]) {
    await report("create", "--name", name);
  }
  const planned = await report("prune", "--keep", "1", "--plan");
  await golden("backup", documentOf(planned), "prune");
  expect(planned).toMatchObject({ code: 0, outcome: "planned", gone: [] });
  const kept = Object.fromEntries(
    planned.decisions.map(({ backup: { name }, isKept, because }: PlannedDecision) => [
      name.replace(/^slipway-prod-[^-]+-/, ""),
      `${isKept} ${because}`,
    ]),
  );
  expect(kept).toEqual({
    "by-hand": "true Slipway did not make it",
    nightly: "true the last one that was verified",
    second: "false neither new nor young enough",
    third: "true one of the 1 newest",
  });
  const unasked = await backup("prune", "--keep", "1");
  expect(unasked.code).toBe(2);
  expect(unasked.stderr).toContain("--yes: is missing");

  const { code, stdout, stderr } = await backup("prune", "--keep", "1", "--yes");
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^DELETE +items-prod +slipway-prod-\S+-second /m);
  expect(stdout).toContain("1 backup is gone.");
  expect((await report("list")).tables[0].backups).toHaveLength(3);
  expect((await written()).slice(-2)).toEqual(["backup.pruning", "backup.pruned"]);
  expect(await report("prune", "--keep", "1", "--yes")).toMatchObject({ code: 0, outcome: "nothing-to-do" });
});

interface PlannedDecision {
  readonly backup: { readonly name: string };
  readonly isKept: boolean;
  readonly because: string;
}

test("pruning is refused while somebody else changes the environment", async () => {
  const held = await prod
    .ledger("prod")
    .take({ id: "joe", actor: { name: "Joe" }, host: "ci-7", pid: 42, command: "slipway rollback prod" });
  await report("create", "--name", "fourth");
  const { code, stderr } = await backup("prune", "--keep", "1", "--yes");
  expect(code).toBe(1);
  expect(stderr).toContain("prod is being changed by Joe");
  await held.release();
});

test("whoever sits at a terminal is asked, and only the right words delete", async () => {
  const { DynamoBackups } = await import("@slipway/aws");
  const backups = new DynamoBackups(prod.dynamodb);
  const prune = async (answer: string | undefined, meanwhile = async () => {}) => {
    let said = "";
    const io = {
      ...{ stdout: { write() {} }, stderr: { write: (text: string) => (said += text) }, env: {}, cwd: "." },
      ...{ isTty: true, columns: 120, signal: new AbortController().signal },
      async ask(question: string) {
        said += question;
        await meanwhile();
        return answer;
      },
    };
    const opened = {
      ...{ backups, remover: backups, environment: "prod", tables: [TableName], progress: { stop() {} } },
      target: { flags: "" },
      opened: { ledger: prod.ledger("prod"), clock: { now: () => Date.now() } },
    } as unknown as Parameters<typeof pruneEnvironmentBackups>[0];
    const asked = { by: { name: "Jane" }, keep: 1, maxAgeMs: undefined, planOnly: false, yes: false, mayAsk: true };
    const { outcome } = await pruneEnvironmentBackups(opened, io, asked);
    return { outcome, said };
  };
  expect(await prune(undefined)).toMatchObject({ outcome: "interrupted" });
  const { outcome, said } = await prune("yes");
  expect(outcome).toBe("refused");
  expect(said).toMatch(/DELETE +items-prod[\s\S]*1 of these are deleted for good\. Type "prune prod" to go on: $/);
  expect((await prune("prune prod")).outcome).toBe("pruned");

  // What somebody else did while the question was open counts.
  await report("create", "--name", "fifth");
  const removeFourth = async () => {
    const fourth = (await backups.list(TableName)).find(({ name }) => name.endsWith("-fourth"));
    expect(await backups.remove(fourth?.arn ?? "")).toBe("removed");
  };
  await expect(prune("prune prod", removeFourth)).rejects.toMatchObject({ kind: "conflict" });
});

test.each([
  ["lost", () => s3.send(new DeleteObjectCommand(STATE)), /there is\s+no\s+state/],
  ["damaged", () => s3.send(new PutObjectCommand({ ...STATE, Body: "{" })), /no JSON|cannot be read/],
])("a table that is named is listed and verified where the state is %s", async (what, damage, why) => {
  await damage();
  try {
    expect((await backup("list")).code).toBe(2);
    const listed = await report("list", "--table", TableName);
    expect(listed).toMatchObject({ code: 0, tables: [{ table: TableName }] });
    expect(listed.tables[0].backups.length).toBeGreaterThan(0);
    expect(listed.stderr).toMatch(why);
    const verified = await report("verify", "--table", TableName);
    expect(verified).toMatchObject({ code: 0 });
    if (what === "lost") {
      await golden("backup", documentOf(verified), "verify");
    }
    expect((await backup("prune", "--keep", "1", "--table", TableName)).code).toBe(2);
    expect((await report("list", "--table", "never-there")).tables).toEqual([
      { table: "never-there", pointInTime: null, backups: [] },
    ]);
  } finally {
    await s3.send(new PutObjectCommand({ ...STATE, Body: state }));
  }
});

test("flags that are wrong are named", async () => {
  const wrong = async (...words: readonly string[]) => {
    const { code, stderr } = await backup(...words);
    return `${code} ${stderr}`;
  };
  expect(await wrong("create", "--keep", "3")).toMatch(/^2 slipway: --keep: is for prune, not for create/);
  expect(await wrong("create", "--name", "a b")).toMatch(/^2 slipway: --name: 'a b' is no word/);
  expect(await wrong("list", "--table", "orders")).toMatch(
    /^2 slipway: --table: prod on .* has no table 'orders'. It has items-prod/,
  );
  expect(await wrong("verify", "--sample", "0")).toMatch(/^2 slipway: --sample: '0' is no number/);
  expect(await wrong("verify", "--backup", "none")).toMatch(/^2 slipway: --backup: there is no 'none'/);
  expect(await wrong("prune")).toMatch(/^2 slipway: --keep, --max-age: give one of them/);
  expect(await wrong("prune", "--max-age", "long")).toMatch(/^2 slipway: --max-age/);
  expect(await wrong("delete")).toMatch(/^2 /);
});
