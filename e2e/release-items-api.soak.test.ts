import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { ledgerEntrySchema } from "@slipway/contracts";
import type { UsedAccess } from "@slipway/local-aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { itemsTraffic } from "./release/items-traffic.ts";
import { gitEnvironment } from "./release/lab-repository.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { repositoryRoot } from "./support/repository.ts";
import { type Ran, runProgram } from "./support/run-program.ts";
import { slipway } from "./support/slipway.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

// This repository's own API, under the roles that its bootstrap makes: in a clone of what is committed, which then goes on.

const folder = temporaryFolder("items-release");
const clone = join(folder.path, "clone");
let localAws: LocalAwsProcess;

const git = (...words: readonly string[]) =>
  execFileSync("git", words, { cwd: clone, encoding: "utf8", env: { PATH: process.env.PATH, ...gitEnvironment } });

beforeAll(async () => {
  await runProgram("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, clone]);
  // A link is not the folder that .gitignore names, and would be a change that nobody has committed.
  writeFileSync(join(clone, ".git/info/exclude"), "node_modules\n");
  symlinkSync(join(repositoryRoot, "node_modules"), join(clone, "node_modules"));
  localAws = await LocalAwsProcess.start();
});

afterAll(async () => {
  await localAws?.stop();
  folder.remove();
});

const OPEN = `
      {
        finding: "exposure.unauthenticated-api",
        address: "module.items.module.api.aws_api_gateway_rest_api.this",
        root: "environments/prod",
        reason: "a rehearsal's items are made up",
      },`;

async function type(...words: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: folder.path, ...gitEnvironment };
  const ran = await slipway([...words, "--port", String(localAws.port)], { cwd: clone, env, timeoutMs: 1_800_000 });
  console.log(`slipway ${words.join(" ")}: ${ran.code}\n${ran.stdout}${ran.stderr}`);
  return ran;
}

test("a first release, and a second one under 10,000 requests of which none fails, to its last checkpoint", async () => {
  const first = await type("rehearse", "prod", "--once", "--output", "json");
  expect(first.code).toBe(0);
  const { apiUrl } = JSON.parse(first.stdout) as { apiUrl: string };

  const source = join(clone, "apps/api-handler/src/handler.ts");
  writeFileSync(source, `${readFileSync(source, "utf8")}\nconsole.debug("the second release");\n`);
  // The API takes requests without a token, which its last checkpoint tells people until somebody answers for it.
  const configuration = join(clone, "slipway.config.ts");
  writeFileSync(
    configuration,
    readFileSync(configuration, "utf8")
      .replace("    accepted: [\n", `    accepted: [${OPEN}\n`)
      // An hour of the moved clock is some seconds of this machine: what else it does meanwhile is no fault of a release.
      .replace("    validation: {\n", "    validation: {\n      responseTime: { unnoticedMs: 5_000 },\n"),
  );
  git("commit", "--quiet", "--all", "--message", "Say that it is the second release");
  const traffic = itemsTraffic(apiUrl);
  const second = await type("deploy", "prod", "--fast-forward", "--wait", "all");
  await traffic.atLeast(10_000);
  const { requests, failures } = await traffic.stop();

  // What users say no clock brings: it is live, and waits for somebody's word.
  expect(second.code).toBe(3);
  expect(second.stdout).toMatch(/Still due +slipway watch prod /);
  expect((await type("watch", "prod", "--fast-forward", "--sign-off", "Jane Doe")).code).toBe(0);
  console.log(`${failures.length} of ${requests} requests failed`);
  expect(failures).toEqual([]);
  expect(requests).toBeGreaterThanOrEqual(10_000);
  expect((await type("ledger", "verify", "prod")).code).toBe(0);

  const entries = await ledgerOf("prod");
  const shifted = entries.flatMap(({ body }) =>
    body.type === "step.finished" && /^traffic/.test(body.step) ? [`${body.step} ${body.outcome}`] : [],
  );
  expect(shifted.slice(-5)).toEqual([
    "traffic.shift.10 done",
    "traffic.judge.10 done",
    "traffic.shift.50 done",
    "traffic.judge.50 done",
    "traffic.promote done",
  ]);
  const checkpoints = entries.flatMap(({ release, body }) =>
    release === "r2" && body.type === "checkpoint.judged" ? [`${body.window} ${body.verdict}`] : [],
  );
  expect(checkpoints).toEqual(["immediate pass", "short pass", "extended unknown", "extended pass"]);
  // Nobody but who prepares the account worked as root, and each of the purpose roles did its part.
  const used = await localAws.control<UsedAccess[]>("GET", "access");
  const roles = new Set(used.map(({ principal }) => /slipway-prod-(\w+)/.exec(principal)?.[1]));
  expect([...roles]).toEqual(expect.arrayContaining(["plan", "provision", "deploy"]));
});

async function ledgerOf(environment: string) {
  const client = new DynamoDBClient(localAws.client);
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: "slipway-ledger",
      KeyConditionExpression: "environment = :environment AND #sequence > :head",
      ExpressionAttributeNames: { "#sequence": "sequence" },
      ExpressionAttributeValues: { ":environment": { S: environment }, ":head": { N: "0" } },
    }),
  );
  client.destroy();
  return Items.map(({ entry }) => ledgerEntrySchema.parse(JSON.parse(entry?.S ?? "")));
}
