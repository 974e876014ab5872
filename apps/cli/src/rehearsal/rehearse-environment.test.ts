import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { slipwayConfigSchema } from "@slipway/contracts";
import type { Progress, ProgressEvent } from "@slipway/release-engine";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";
import { rehearseEnvironment } from "./rehearse-environment.ts";

/**
 * A Terraform whose plans are always empty, with the outputs that lie in the root's `outputs.json`: an apply takes minutes, and
 * `e2e/purpose-roles.test.ts` has it. What is tested here is what becomes of Terraform's answers.
 */
const TERRAFORM = `#!/usr/bin/env node
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
if (process.argv[2] === "plan" && existsSync("broken")) {
  console.log(JSON.stringify({ type: "diagnostic", "@message": "Error: broken", diagnostic: { severity: "error", summary: "it is broken", detail: "" } }));
  process.exit(1);
}
if (process.argv[2] === "output") {
  const outputs = Object.entries(JSON.parse(readFileSync("outputs.json", "utf8")));
  const all = Object.fromEntries(outputs.map(([name, value]) => [name, { value, type: "dynamic" }]));
  writeFileSync("terraform.tfstate", JSON.stringify({ version: 4, serial: 1, lineage: "l", outputs: all, resources: [] }));
  console.log(JSON.stringify(Object.fromEntries(outputs.map(([name, value]) => [name, { sensitive: false, value }]))));
}
`;

const POLICY = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
const BOOTSTRAP_ARN = "arn:aws:iam::000000000000:role/slipway-bootstrap";

let aws: LocalAwsFixture;
let repository: ReturnType<typeof temporaryRepository>;
let api: Server;
let status = 200;

beforeAll(async () => {
  aws = await localAwsFixture();
  api = createServer((_request, response) => response.writeHead(status).end("{}"));
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  api?.close();
  await aws?.close();
});

beforeEach(() => {
  repository = temporaryRepository();
  status = 200;
  write("terraform", TERRAFORM, 0o755);
  write("infrastructure/policy.json", JSON.stringify(POLICY));
  for (const root of ["bootstrap", "prod"]) {
    write(`infrastructure/${root}/main.tf`, "");
  }
  const roles = { plan: BOOTSTRAP_ARN, provision: BOOTSTRAP_ARN, deploy: BOOTSTRAP_ARN };
  outputs("bootstrap", { ledger: "ledger", bucket: "states", roles: { prod: roles } });
  const { port } = api.address() as AddressInfo;
  outputs("prod", { name: "orders", alias: "live", artifacts: "artifacts", url: `http://127.0.0.1:${port}/` });
  write("function/source.mjs", "export const handler = async () => 'hello';\n");
});

afterEach(() => repository.remove());

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(repository.path, path)), { recursive: true });
  writeFileSync(join(repository.path, path), text, { mode });
}

function outputs(root: string, values: Readonly<Record<string, unknown>>): void {
  write(`infrastructure/${root}/outputs.json`, JSON.stringify(values));
}

/** Rehearses a team's repository; gives the titles of the phases, each with how it ended. */
async function rehearse(change: { github?: undefined; build?: readonly string[] } = {}) {
  const ended: string[] = [];
  const progress: Progress = {
    report(event: ProgressEvent) {
      if (event.type === "phase-finished") {
        ended.push(`${event.phase} ${event.outcome}`);
      }
    },
  };
  const config = slipwayConfigSchema.parse({
    ...{ project: "orders", region: "us-east-1", infrastructure: "infrastructure" },
    ...("github" in change ? {} : { github: { repository: "team/orders" } }),
    bootstrap: {
      directory: "infrastructure/bootstrap",
      policy: { file: "infrastructure/policy.json" },
      outputs: { stateBucket: "bucket", ledgerTable: "ledger", ...("github" in change ? {} : { roleArns: "roles" }) },
      state: { bucket: "states" },
    },
    environments: {
      prod: {
        terraform: { directory: "infrastructure/prod", stateKey: "prod/terraform.tfstate" },
        functions: [
          {
            ...{ name: "orders", directory: "function", artifact: "function/dist" },
            build: change.build ?? ["node", "-e", "require('fs').cpSync('source.mjs', 'dist/index.mjs')"],
            outputs: { functionName: "name", alias: "alias", artifactBucket: "artifacts" },
          },
        ],
        api: { urlOutput: "url" },
        smoke: { steps: [{ name: "alive", method: "GET", path: "/health", expect: { status: 200 } }] },
      },
    },
  });
  const work = rehearseEnvironment({
    ...{ repository: repository.path, config, environment: "prod", env: process.env, progress },
    localAws: aws.localAws.health(),
    setup: {
      schemaVersion: 1,
      node22: { path: process.execPath, version: process.version, size: 0, mtimeMs: 0 },
      terraform: { path: join(repository.path, "terraform"), version: "1.11.0", size: 0, mtimeMs: 0 },
      provider: { source: "registry", cliConfig: "" },
      at: "2026-11-28T00:00:00.000Z",
    },
    signal: new AbortController().signal,
    stderr: { write: () => true },
  });
  return { ended, work };
}

describe("a rehearsal says what is wrong with", () => {
  it("a policy of the bootstrap that is no JSON, before anything is done", async () => {
    write("infrastructure/policy.json", "{");
    const { ended, work } = await rehearse();
    await expect(work).rejects.toMatchObject({
      name: "ReleaseError",
      what: `The policy of the bootstrap cannot be read from ${join(repository.path, "infrastructure/policy.json")}`,
      next: "let bootstrap.policy.file in slipway.config.ts name a file with a policy in JSON",
    });
    expect(ended).toEqual([]);
  });

  it.each([
    ["is missing", { bucket: "states" }],
    ["has nothing for the environment", { bucket: "states", roles: { dev: {} } }],
    ["is no map of maps", { bucket: "states", roles: { prod: { plan: ["arn"] } } }],
  ])("an output with roles that %s", async (_what, bootstrap) => {
    outputs("bootstrap", bootstrap);
    const { work } = await rehearse();
    await expect(work).rejects.toMatchObject({
      what: "The bootstrap's output roles has no roles for prod",
      next: "compare bootstrap.outputs.roleArns in slipway.config.ts with the outputs of the bootstrap",
    });
  });

  it("an output with roles that lacks a purpose", async () => {
    outputs("bootstrap", { ledger: "ledger", bucket: "states", roles: { prod: { operate: BOOTSTRAP_ARN } } });
    const { work } = await rehearse();
    await expect(work).rejects.toMatchObject({
      what: "There is no role to deploy prod",
      why: "the bootstrap's output roles has operate for prod",
      next: "let the output map prod to a map with deploy",
    });
  });

  it("an account that does not know who signs the workflow's token", async () => {
    const plan = "arn:aws:iam::000000000000:role/of-somebody-else";
    outputs("bootstrap", {
      ledger: "ledger",
      bucket: "states",
      roles: { prod: { plan, provision: plan, deploy: plan } },
    });
    const { work } = await rehearse();
    await expect(work).rejects.toMatchObject({
      kind: "denied",
      why: expect.stringContaining("No OpenIDConnect provider found in your account for https://token.actions"),
    });
  });

  it("a bucket output that is missing", async () => {
    outputs("bootstrap", { ledger: "ledger", roles: { prod: { deploy: BOOTSTRAP_ARN } } });
    const { work } = await rehearse();
    await expect(work).rejects.toThrow("bootstrap.outputs.stateBucket");
  });

  it("Terraform's plan, in Terraform's words; the environment is not planned then", async () => {
    write("infrastructure/bootstrap/broken", "");
    const { ended, work } = await rehearse();
    await expect(work).rejects.toThrow(/terraform plan/);
    await expect(work).rejects.toMatchObject({ why: expect.stringContaining("it is broken") });
    expect(ended).toContain("bootstrap.plan failed");
    expect(ended.filter((phase) => phase.startsWith("prod."))).toEqual([]);
  });
});
