import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "./support/free-port.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { repositoryRoot } from "./support/repository.ts";
import { type Ran, runProgram } from "./support/run-program.ts";
import { slipway } from "./support/slipway.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

function folder(name: string): string {
  const { path, remove } = temporaryFolder(name);
  onTestFinished(remove);
  return path;
}

async function start(options: { dataDir?: string } = {}): Promise<LocalAwsProcess> {
  const localAws = await LocalAwsProcess.start(options);
  onTestFinished(() => localAws.stop());
  return localAws;
}

/** Makes a table and a bucket of that name, and then lists what there is. */
async function makeAndList({ client }: LocalAwsProcess, name: string) {
  const dynamodb = new DynamoDBClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  const { TableNames } = await dynamodb.send(new ListTablesCommand({}));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  return { tables: TableNames, buckets: Buckets.map(({ Name }) => Name) };
}

test("two run side by side, and neither sees what the other holds", async () => {
  const [left, right] = await Promise.all([start(), start()]);

  const [inLeft, inRight] = await Promise.all([makeAndList(left, "left"), makeAndList(right, "right")]);

  expect(inLeft).toEqual({ tables: ["left"], buckets: ["left"] });
  expect(inRight).toEqual({ tables: ["right"], buckets: ["right"] });
  expect(left.port).not.toBe(right.port);
});

/** The command failed with this one message, and nothing else. */
function expectOneMessage({ code, stdout, stderr }: Ran, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr.match(/^slipway: /gm), stderr).toHaveLength(1);
  expect(stderr.trimEnd().split("\n"), "one line").toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at |\bError\b|this is a bug/m);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
}

async function startOn(dataDir: string, port?: number, ...words: string[]): Promise<Ran> {
  const where = ["--port", String(port ?? (await freePort())), "--data-dir", dataDir];
  return slipway(["local", "start", ...where, ...words]);
}

describe.each([["in the foreground", ["--foreground"]] as const, ["in the background", []] as const])(
  "what keeps it from starting is one message, %s:",
  (_name, words) => {
    test("a busy port", async () => {
      const somethingElse = createServer((socket) => socket.end("no HTTP here\n"));
      await new Promise<void>((resolve) => somethingElse.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void somethingElse.close());
      const address = somethingElse.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;

      const ran = await startOn(folder("busy-port"), port, ...words);

      expectOneMessage(ran, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken\\..*--port N`));
    });

    test("a store that is damaged", async () => {
      const dataDir = folder("damaged");
      damageStore(dataDir);

      const ran = await startOn(dataDir, undefined, ...words);

      expectOneMessage(ran, /The store in .*\/state is damaged \(.+\)\. Type `slipway local reset\b/);
    });
  },
);

describe("one message, too, for", () => {
  test("a folder that cannot be written", async () => {
    // Below a file: that stops even root, who may write everywhere else.
    const file = join(folder("unwritable"), "file");
    writeFileSync(file, "");

    const ran = await startOn(join(file, "data"), undefined, "--foreground");

    expectOneMessage(ran, /cannot write to its data folder .*\/file\/data \(ENOTDIR\)\..*--data-dir DIR/);
  });

  test("tables that are damaged", async () => {
    const dataDir = folder("damaged-tables");
    const before = await LocalAwsProcess.start({ dataDir });
    await makeAndList(before, "kept").finally(() => before.stop());
    writeFileSync(join(dataDir, "state/dynamodb/CURRENT"), "garbage");

    const ran = await startOn(dataDir, undefined, "--foreground");

    expectOneMessage(ran, /The tables in .*dynamodb cannot be opened \(.+\)\. Type `slipway local reset\b/);
  });

  test("a folder that another local AWS has open, which is none the worse for it", async () => {
    const dataDir = folder("shared");
    const holder = await start({ dataDir });
    await makeAndList(holder, "kept");

    const ran = await startOn(dataDir, undefined, "--foreground");

    const who = `is in use by the local AWS on port ${holder.port} \\(process ${holder.pid}\\)`;
    expectOneMessage(ran, new RegExp(`data folder ${dataDir} ${who}\\. Stop it with`));
    expect(await makeAndList(holder, "more")).toEqual({ tables: ["kept", "more"], buckets: ["kept", "more"] });
  });
});

/** Puts something that is no database where the store should be. */
function damageStore(dataDir: string): void {
  mkdirSync(join(dataDir, "state"));
  writeFileSync(join(dataDir, "state/records.sqlite"), "no database, for more than a hundred bytes ".repeat(100));
}

test("what a message says to type helps: a damaged store is left behind by reset", async () => {
  const dataDir = folder("repaired");
  damageStore(dataDir);
  const where = ["--port", String(await freePort()), "--data-dir", dataDir];

  expect((await slipway(["local", "reset", ...where])).code).toBe(0);

  const localAws = await start({ dataDir });
  expect(await localAws.inventory()).toEqual({});
});

/** `npm start -- --once` without npm's own lines, on a port and a folder where it would harm nobody. */
async function npmStart(env: NodeJS.ProcessEnv): Promise<Ran> {
  const where = ["--port", String(await freePort()), "--data-dir", folder("not-started")];
  return runProgram(process.execPath, ["scripts/run.mjs", "apps/cli/bin/start.mjs", "rehearse", "--once", ...where], {
    cwd: repositoryRoot,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
}

/** Set-up stopped with this one message: what, why, and what to type. */
function expectSetupStopped({ code, stdout, stderr }: Ran, what: RegExp, why: RegExp, next: RegExp): void {
  const lines = stderr.trim().split("\n");
  expect(lines, stderr).toHaveLength(3);
  expect(lines[0]).toMatch(what);
  expect(lines[0]).toMatch(/^Set-up stopped: /);
  expect(lines[1]).toMatch(/^ {2}Why: /);
  expect(lines[1]).toMatch(why);
  expect(lines[2]).toMatch(/^ {2}Next: /);
  expect(lines[2]).toMatch(next);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
}

describe("what keeps npm start from starting is one message:", () => {
  test("an old Terraform", async () => {
    const terraform = join(folder("old-terraform"), "terraform");
    writeFileSync(terraform, `#!/bin/sh\necho '{"terraform_version":"1.5.0"}'\n`, { mode: 0o755 });

    const ran = await npmStart({ SLIPWAY_TERRAFORM: terraform });

    expectSetupStopped(ran, /Terraform 1\.5\.0 .* is too old/, /needs 1\.11\.0 or newer/, /set SLIPWAY_TERRAFORM to/);
  });

  test("a missing provider", async () => {
    const empty = folder("no-provider");

    const ran = await npmStart({
      SLIPWAY_PROVIDER_MIRROR: empty,
      // The registry cannot be reached either.
      HTTPS_PROXY: "http://127.0.0.1:9",
      https_proxy: "http://127.0.0.1:9",
    });

    expectSetupStopped(
      ran,
      /provider hashicorp\/aws .* is not on this machine/,
      new RegExp(`SLIPWAY_PROVIDER_MIRROR names ${empty}, which has no `),
      /terraform providers mirror/,
    );
  });
});
