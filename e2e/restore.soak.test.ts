import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type AttributeValue, BatchWriteItemCommand, DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { DynamoTableContents } from "@slipway/aws";
import { type LedgerBodyOf, ledgerEntrySchema, stepResultSchemas } from "@slipway/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gitEnvironment } from "./release/lab-repository.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { repositoryRoot } from "./support/repository.ts";
import { type Ran, runProgram } from "./support/run-program.ts";
import { slipway } from "./support/slipway.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

// This repository's own API, under the roles that its bootstrap makes, with real Terraform: in a clone of what is committed.

const ITEMS = Number(process.env.SLIPWAY_RESTORE_ITEMS ?? 100_000);
const BAD = Math.round(ITEMS / 20);
const TABLE = "items-prod";
/** A table can be restored to a second five minutes after it. */
const RESTORABLE_MS = 400_000;

const folder = temporaryFolder("restore");
const clone = join(folder.path, "clone");
let localAws: LocalAwsProcess;
let dynamodb: DynamoDBClient;
let apiUrl: string;

beforeAll(async () => {
  await runProgram("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, clone]);
  // A link is not the folder that .gitignore names, and would be a change that nobody has committed.
  writeFileSync(join(clone, ".git/info/exclude"), "node_modules\n");
  symlinkSync(join(repositoryRoot, "node_modules"), join(clone, "node_modules"));
  localAws = await LocalAwsProcess.start();
  dynamodb = new DynamoDBClient(localAws.client);
});

afterAll(async () => {
  dynamodb?.destroy();
  await localAws?.stop();
  folder.remove();
});

async function type(words: readonly string[], person: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: folder.path, ...gitEnvironment, ...person };
  const ran = await slipway([...words, "--port", String(localAws.port)], { cwd: clone, env, timeoutMs: 3_600_000 });
  console.log(`slipway ${words.join(" ")}: ${ran.code}\n${ran.stdout}${ran.stderr}`);
  return ran;
}

/** An item as the API keeps it. */
function item(number: number, name = `item ${number}`): Record<string, AttributeValue> {
  const createdAt = { S: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString() };
  return {
    ...{ id: { S: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}` }, name: { S: name }, createdAt },
    ...{ status: { S: number % 3 === 0 ? "archived" : "active" }, updatedAt: createdAt, version: { N: "1" } },
  };
}

async function putAll(items: readonly Record<string, AttributeValue>[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / 25) }, (_, at) => items.slice(at * 25, at * 25 + 25));
  const work = async () => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      const RequestItems = { [TABLE]: batch.map((Item) => ({ PutRequest: { Item } })) };
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

const digestOf = (table: string) => new DynamoTableContents(dynamodb).readAll(table, { sample: 0, onCount: () => {} });

async function advance(advanceMs: number): Promise<number> {
  const { clock } = await localAws.control<{ clock: string }>("POST", "clock", { advanceMs });
  return Date.parse(clock);
}

async function ledger() {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: "slipway-ledger",
      KeyConditionExpression: "environment = :environment AND #sequence > :head",
      ExpressionAttributeNames: { "#sequence": "sequence" },
      ExpressionAttributeValues: { ":environment": { S: "prod" }, ":head": { N: "0" } },
    }),
  );
  return Items.map(({ entry }) => ledgerEntrySchema.parse(JSON.parse(entry?.S ?? "")));
}

async function finished(release: string): Promise<Map<string, LedgerBodyOf<"step.finished">>> {
  const steps = (await ledger()).flatMap((entry) =>
    entry.release === release && entry.body.type === "step.finished" ? [entry.body] : [],
  );
  return new Map(steps.map((step) => [step.step, step]));
}

/** The status of an answer that was read to its end; 0 where there was none. */
async function status(url: string, init?: RequestInit): Promise<number> {
  try {
    const response = await fetch(url, init);
    await response.text();
    return response.status;
  } catch {
    return 0;
  }
}

/** Writes through the API, one item after the other, and reads an item that every table has. */
function customers() {
  const writes: { readonly at: number; readonly status: number }[] = [];
  const badReads: number[] = [];
  let isOver = false;
  const work = (async () => {
    while (!isOver) {
      const body = JSON.stringify({ name: "from a customer" });
      const headers = { "content-type": "application/json" };
      writes.push({ at: Date.now(), status: await status(`${apiUrl}/items`, { method: "POST", headers, body }) });
      const read = await status(`${apiUrl}/items/${item(ITEMS - 1).id?.S}`);
      if (read !== 200) {
        badReads.push(read);
      }
      await wait(200);
    }
  })();
  return async () => {
    isOver = true;
    await work;
    return { writes, badReads };
  };
}

/** Says yes to the plan that a release waits with, as somebody who has no hand in it. */
async function approve(paused: Ran): Promise<Ran> {
  expect(paused.code, `${paused.stdout}${paused.stderr}`).toBe(3);
  const summary = (await ledger()).flatMap(({ body }) => (body.type === "plan.made" ? [body.summary] : [])).at(-1);
  const stopping = (summary?.findings ?? []).filter(({ severity, status }) => severity === "high" && status === "fail");
  console.log(`stopped by: ${stopping.map(({ id, address }) => `${id} ${address}`).join(", ")}`);
  const other = { GIT_AUTHOR_NAME: "Sam Lee", GIT_AUTHOR_EMAIL: "sam@example.com" };
  const words = ["approve", "prod", "--plan", summary?.planDigest.slice(0, 16) ?? ""];
  const accepted = stopping.flatMap(({ id, address }) => ["--accept", id, address]);
  expect((await type([...words, ...accepted], other)).code).toBe(0);
  return type(["resume", "prod", "--wait", "none"]);
}

test(`of ${ITEMS} items ${BAD} are made bad, and the table is as it was at the second before`, async () => {
  const first = await type(["rehearse", "prod", "--once", "--output", "json"]);
  expect(first.code).toBe(0);
  ({ apiUrl } = JSON.parse(first.stdout) as { apiUrl: string });

  await putAll(Array.from({ length: ITEMS }, (_, number) => item(number)));
  const good = await digestOf(TABLE);
  // Whatever is written from here on comes after this second.
  const second = Math.floor((await advance(3_000)) / 1_000) * 1_000;
  await putAll(Array.from({ length: BAD }, (_, number) => item(number * 20, "CORRUPTED")));
  expect((await digestOf(TABLE)).digest).not.toBe(good.digest);
  await advance(RESTORABLE_MS);

  const wanted = ["rollback", "prod", "data", "--restore", "--table", TABLE];
  const to = ["--to-time", new Date(second).toISOString()];
  expect((await type([...wanted, ...to, "--plan"])).stdout).toContain(`stop the writes of ${TABLE}`);

  const dry = await type([...wanted, ...to, "--dry-run"]);
  expect(dry.code, `${dry.stdout}${dry.stderr}`).toBe(0);
  const rehearsed = await finished("r2");
  expect(rehearsed.get("data.verify")?.result).toMatchObject({ items: good.items, digest: good.digest, fail: 0 });
  expect(rehearsed.get("data.settings")?.result).toMatchObject({ fail: 0, unknown: 0 });
  expect(rehearsed.get("data.discard")).toMatchObject({ outcome: "done" });

  const stop = customers();
  let ran = await type([...wanted, ...to, "--yes", TABLE]);
  if (ran.code === 3) {
    ran = await approve(ran);
  }
  await wait(3_000);
  const { writes, badReads } = await stop();
  expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);

  const steps = await finished("r3");
  for (const { step, summary, durationMs } of steps.values()) {
    console.log(`${step}: ${summary} (${durationMs} ms)`);
  }
  expect(steps.get("data.verify")?.result).toMatchObject({ items: good.items, digest: good.digest, fail: 0 });
  expect(steps.get("data.settings")?.result).toMatchObject({ fail: 0, unknown: 0 });
  expect(steps.get("data.retire")?.result).toMatchObject({ fail: 0, unknown: 0 });

  // One time in which no write is taken, and no longer than it is said; reads go on.
  const refused = writes.map(({ status }) => status !== 201);
  const outages = refused.filter((isRefused, at) => isRefused && refused[at - 1] !== true).length;
  const [from, until] = [refused.indexOf(true), refused.lastIndexOf(true)];
  const seenMs = (writes[until]?.at ?? 0) - (writes[from]?.at ?? 0);
  const saidMs = stepResultSchemas["data.retire"].parse(steps.get("data.retire")?.result).writesStoppedMs ?? 0;
  console.log(`no writes for ${seenMs} ms as customers saw it, ${saidMs} ms as it is reported; of ${writes.length}`);
  expect({ outages, badReads, before: from > 0, after: until < writes.length - 1 }).toEqual({
    ...{ outages: 1, badReads: [], before: true, after: true },
  });
  expect(saidMs).toBeGreaterThanOrEqual(seenMs - 1_000);

  const plan = await type(["plan", "prod"]);
  expect(plan.code).toBe(0);
  expect(plan.stdout).toContain("Nothing to do: the infrastructure is as its code says.");

  // And back: the writes, the traffic, and what Terraform has; what was written since goes, which has to be said.
  const planned = (await ledger()).flatMap(({ body }) => (body.type === "release.started" ? [body.plan] : [])).at(-1);
  const restored = planned?.rollsBack?.restore?.restored ?? "";
  const back = await type(["rollback", "prod", "--to", "r1", "--confirm", restored]);
  expect(back.code, `${back.stdout}${back.stderr}`).toBe(0);
  const thawed = await finished("r3");
  expect(thawed.get("data.thaw")?.result).toMatchObject({ table: TABLE, thawed: true, readopted: true });
  const again = { method: "POST", headers: { "content-type": "application/json" }, body: '{"name":"again"}' };
  expect(await status(`${apiUrl}/items`, again)).toBe(201);
}, 3_600_000);
