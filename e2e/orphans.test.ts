import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Orphan, type OrphanReport, orphanReportSchema, type ResourceType } from "@slipway/contracts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Planted, Planter, stateOf } from "./orphans/plant-account.ts";
import { findAwsCli } from "./support/aws-cli.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { node22, slipwayProgram } from "./support/repository.ts";
import { mustRun } from "./support/run-program.ts";
import { slipway } from "./support/slipway.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** By type: how many there are, and how many of them are orphans. */
const COUNTS: Readonly<Partial<Record<ResourceType, readonly [all: number, orphans: number]>>> = {
  "lambda-function": [70, 5],
  "dynamodb-table": [40, 4],
  "s3-bucket": [80, 4],
  "log-group": [150, 4],
  "rest-api": [60, 4],
  "api-key": [30, 2],
  "usage-plan": [20, 2],
  "iam-role": [90, 4],
  "iam-policy": [70, 4],
  "oidc-provider": [10, 2],
  "kms-key": [50, 3],
  "kms-alias": [40, 3],
  "sns-topic": [70, 4],
  "sqs-queue": [70, 4],
  "metric-alarm": [80, 4],
  "composite-alarm": [20, 2],
  dashboard: [29, 2],
  "query-definition": [20, 2],
  "dynamodb-backup": [1, 1],
};
const TOTAL = 1000;
const ORPHANS = 60;
const LIMIT_MS = 60_000;

const folder = temporaryFolder("orphans");
const expected = new Set<string>();
let localAws: LocalAwsProcess;
let planter: Planter;

beforeAll(async () => {
  writeRepository(folder.path);
  localAws = await LocalAwsProcess.start();
  planter = new Planter(localAws.client);
  await plantAccount();
});

afterEach(async () => {
  await localAws.control("DELETE", "faults");
});

afterAll(async () => {
  planter?.destroy();
  await localAws?.stop();
  folder.remove();
});

/** A repository with two environments and an ownership rule, for a team that is not ours. */
function writeRepository(path: string): void {
  for (const directory of ["terraform/bootstrap", "terraform/prod", "terraform/dev", "function"]) {
    mkdirSync(join(path, directory), { recursive: true });
  }
  const environment = (name: string) => ({
    terraform: { directory: `terraform/${name}`, stateKey: `${name}/terraform.tfstate` },
    functions: [
      {
        ...{ name: "orders", directory: "function", build: ["true"], artifact: "function" },
        outputs: { functionName: "f", alias: "a", artifactBucket: "b" },
      },
    ],
    api: { urlOutput: "url" },
    smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
  });
  const config = {
    ...{ project: "orders", region: "us-east-1", infrastructure: "terraform" },
    bootstrap: {
      ...{ directory: "terraform/bootstrap", outputs: { stateBucket: "bucket" } },
      state: { bucket: "orders-states" },
    },
    environments: { prod: environment("prod"), dev: environment("dev") },
    orphans: { rules: [{ type: "s3-bucket", name: "landing-*", reason: "the data team's own" }] },
  };
  writeFileSync(join(path, "slipway.config.ts"), `export default ${JSON.stringify(config)};\n`);
}

function namesOf(type: ResourceType, count: number): string[] {
  const prefix = type === "log-group" ? "/team/" : "";
  const suffix = type === "oidc-provider" ? ".example.com" : "";
  return Array.from(
    { length: count },
    (_, index) => `${prefix}${type}-${index}-${index % 3 === 0 ? "dev" : "prod"}${suffix}`,
  );
}

/** Plants the whole account: owned by four states, by a rule, by what they are a part of, and by nobody. */
async function plantAccount(): Promise<void> {
  const inState: Planted[] = [];
  const orphan = (planted: Planted) => expected.add(`${planted.type} ${planted.id}`);
  const plant = async (type: ResourceType, reserved = 0) => {
    const [all, orphans] = COUNTS[type] ?? [0, 0];
    const planted = await planter.plantAll(type, namesOf(type, all - reserved));
    for (const each of planted.slice(0, orphans)) {
      orphan(each);
    }
    inState.push(...planted.slice(orphans));
    return planted;
  };

  const [functionRole] = await planter.plantAll("iam-role", [Planter.functionRole]);
  inState.push(functionRole as Planted);
  const functions = await plant("lambda-function");
  // The role of the functions is one of them; a bucket is for the states; five belong to the data team.
  const [policies] = await Promise.all([plant("iam-policy"), plant("iam-role", 1), plant("oidc-provider")]);
  inState.push(...(await planter.plantAll("s3-bucket", ["orders-states"])));
  await planter.plantAll("s3-bucket", ["landing-a", "landing-b", "landing-c", "landing-d", "landing-e"]);
  const [tables, keys, apis] = await Promise.all([
    plant("dynamodb-table"),
    plant("kms-key", 1),
    plant("rest-api"),
    plant("s3-bucket", 6),
    plant("sns-topic"),
    plant("sqs-queue"),
    plant("metric-alarm"),
    plant("composite-alarm"),
    plant("dashboard"),
    plant("query-definition"),
    plant("api-key"),
    plant("usage-plan"),
  ]);

  // Owned because their function or API is, although no state has them; and orphans because it is gone, or one itself.
  const [, lastFunction] = functions.slice(-2);
  const lastApi = apis.at(-1)?.id;
  await planter.plantAll("log-group", [
    ...functions.slice(-20).map(({ name }) => `/aws/lambda/${name}`),
    `API-Gateway-Execution-Logs_${lastApi}/prod`,
  ]);
  const left = [
    `/aws/lambda/${functions[0]?.name}`,
    `/aws/lambda/${lastFunction?.name}-gone`,
    "API-Gateway-Execution-Logs_gone123/prod",
    "/old/reports-prod",
  ];
  for (const each of await planter.plantAll("log-group", left)) {
    orphan(each);
  }
  inState.push(...(await planter.plantAll("log-group", namesOf("log-group", 150 - 21 - left.length))));

  // An alias goes with its key. One key is on its way out: nobody's orphan any more.
  for (const [index, key] of [...keys.slice(0, 3), ...keys.slice(-37)].entries()) {
    const alias = await planter.alias(`alias/orders-${index}`, key.id);
    if (index < 3) {
      orphan(alias);
    }
  }
  const [leaving] = await planter.plantAll("kms-key", ["leaving"]);
  await planter.scheduleDeletion(leaving?.id ?? "");
  orphan(await planter.backup(tables[0]?.name ?? ""));

  // What makes deletion hard.
  const ofType = (type: ResourceType) =>
    [...expected].filter((key) => key.startsWith(`${type} `)).map((key) => key.split(" ")[1] ?? "");
  await planter.fillVersioned(ofType("s3-bucket")[0] ?? "");
  await planter.burdenRole(ofType("iam-role")[0] ?? "", policies.at(-1)?.id ?? "");
  await planter.burdenPolicy(ofType("iam-policy")[0] ?? "", Planter.functionRole);

  const keysOfStates = ["bootstrap", "prod", "dev", "somebody/else"];
  for (const [index, key] of keysOfStates.entries()) {
    const share = inState.filter((_, position) => position % keysOfStates.length === index);
    await planter.put("orders-states", `${key}/terraform.tfstate`, stateOf(share));
  }
}

interface Scan {
  readonly code: number | null;
  readonly report: OrphanReport;
  readonly durationMs: number;
}

async function scan(words: readonly string[], env?: NodeJS.ProcessEnv): Promise<Scan> {
  const startedAt = performance.now();
  const target = env === undefined ? ["--port", String(localAws.port)] : [];
  const ran = await slipway(["orphans", ...words, ...target, "--output", "json"], { cwd: folder.path, env });
  expect(ran.stdout, ran.stderr).not.toBe("");
  return {
    code: ran.code,
    report: orphanReportSchema.parse(JSON.parse(ran.stdout)),
    durationMs: performance.now() - startedAt,
  };
}

function keysOf(found: readonly { readonly type: string; readonly id: string }[]): string[] {
  return found.map(({ type, id }) => `${type} ${id}`).sort();
}

test("1,000 resources, 60 of them orphans, with a fifth of the calls throttled: exactly the 60, within a minute", async () => {
  await localAws.control("POST", "faults", { kind: "throttle", rate: 0.2 });

  const { code, report, durationMs } = await scan(["all"]);

  expect(report.gaps).toEqual([]);
  // And the group of schedules that every account has.
  expect(report.scanned.reduce((sum, { found }) => sum + found, 0)).toBe(TOTAL + 1);
  expect(report.scanned.filter(({ found }) => found > 0).length).toBeGreaterThanOrEqual(12);
  expect(expected.size).toBe(ORPHANS);
  expect(keysOf(report.orphans)).toEqual([...expected].sort());
  expect(report.verdict).toBe("orphans");
  expect(code).toBe(1);
  expect(durationMs).toBeLessThan(LIMIT_MS);
  const [fault] = await localAws.control<{ hits: number }[]>("GET", "faults");
  expect(fault?.hits).toBeGreaterThan(10);
});

test("an action that is denied makes the scan incomplete, and names the action", async () => {
  const user = await planter.userWithout("kms:ListKeys");

  const { code, report } = await scan(["all", "kms"], { ...process.env, ...localAws.env, ...user });

  expect(code).toBe(2);
  expect(report.verdict).toBe("incomplete");
  expect(report.gaps).toMatchObject([{ subject: "kms-key", kind: "denied" }]);
  expect(report.gaps[0]?.why).toContain("kms:ListKeys");
  expect(report.scanned.map(({ type, complete }) => [type, complete])).toEqual([
    ["kms-key", false],
    ["kms-alias", true],
  ]);
  // The key of each may well be owned: nobody may be told to delete them.
  expect(report.orphans).toEqual([]);
  expect(report.undecided.map(({ type }) => type)).toEqual(["kms-alias", "kms-alias", "kms-alias"]);
});

test("what is throttled for ever ends with the deadline, as incomplete", async () => {
  await localAws.control("POST", "faults", { kind: "throttle", service: "sns", operation: "ListTopics" });

  const { code, report, durationMs } = await scan(["all", "sns", "sqs", "--timeout", "5s"]);

  expect(code).toBe(2);
  expect(report.gaps).toMatchObject([{ subject: "sns-topic", kind: "deadline" }]);
  expect(report.verdict).toBe("incomplete");
  expect(keysOf(report.orphans)).toEqual([...expected].filter((key) => key.startsWith("sqs-queue ")).sort());
  expect(durationMs).toBeLessThan(20_000);
});

test("an interrupted scan says incomplete, and is not clean", async () => {
  await localAws.control("POST", "faults", { kind: "delay", delayMs: 15_000, service: "sns", operation: "ListTopics" });
  const words = ["orphans", "all", "sns", "--port", String(localAws.port)];
  const child = spawn(node22, ["--disable-warning=ExperimentalWarning", slipwayProgram, ...words], {
    ...{ cwd: folder.path, stdio: ["ignore", "pipe", "ignore"] },
  });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  const ended = once(child, "exit");
  await expect.poll(async () => (await localAws.control<{ hits: number }[]>("GET", "faults"))[0]?.hits).toBe(1);
  child.kill("SIGINT");

  expect(await ended).toEqual([2, null]);
  expect(said).toContain("sns-topic: interrupted");
  expect(said).toMatch(/^INCOMPLETE, which is not clean/m);
});

/** Those whose deletion takes several steps. */
const HARD_SERVICES = ["s3", "dynamodb", "iam"];

test("the commands that are printed delete what is hard to delete", async () => {
  const { report } = await scan(["all", ...HARD_SERVICES]);
  const firsts = new Map<ResourceType, Orphan>();
  for (const orphan of report.orphans) {
    // The hard ones: those that were burdened came first.
    const isFirst = [...expected].find((key) => key.startsWith(`${orphan.type} `)) === `${orphan.type} ${orphan.id}`;
    if (isFirst) {
      firsts.set(orphan.type, orphan);
    }
  }
  expect([...firsts.keys()].sort()).toEqual([
    "dynamodb-backup",
    "dynamodb-table",
    "iam-policy",
    "iam-role",
    "oidc-provider",
    "s3-bucket",
  ]);

  // As a person would who pastes them, but that Debian's AWS CLI does not know AWS_ENDPOINT_URL yet.
  const aws = `set -e\naws() { ${await findAwsCli()} "$@" --endpoint-url ${localAws.endpoint} --no-cli-pager; }\n`;
  const scripts = [...firsts.values()].map((orphan) => orphan.delete.join("\n"));
  await Promise.all(
    [0, 1, 2].map((lane) =>
      mustRun("bash", ["-c", aws + scripts.filter((_, index) => index % 3 === lane).join("\n")], {
        ...{ cwd: folder.path, env: localAws.env },
      }),
    ),
  );

  const after = await scan(["all", ...HARD_SERVICES]);
  const deleted = new Set(keysOf([...firsts.values()]));
  const left = keysOf(report.orphans).filter((key) => !deleted.has(key));
  const backups = after.report.orphans.filter(({ type }) => type === "dynamodb-backup");
  // The table's data were saved before it went.
  expect(backups.map(({ name, reason }) => [name, reason])).toEqual([
    ["dynamodb-table-0-dev-before-deletion", "the table dynamodb-table-0-dev is gone"],
  ]);
  expect(keysOf(after.report.orphans)).toEqual([...left, ...keysOf(backups)].sort());
});

test("a state that cannot be read leaves everything that it may own undecided", async () => {
  await planter.put("orders-states", "dev/terraform.tfstate", '{"version": 3, "serial": 1}');

  const { code, report } = await scan(["all", "sqs"]);

  expect(code).toBe(2);
  expect(report.gaps).toMatchObject([{ subject: "state dev", kind: "failed" }]);
  expect(report.gaps[0]?.why).toContain("version 3");
  expect(report.orphans).toEqual([]);
  expect(report.undecided.length).toBeGreaterThan(4);
  expect(JSON.stringify(report)).not.toContain("delete-queue");
});
