import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkMachine, type MachineCheck } from "../setup/machine-checks.ts";
import { repositoryRoot } from "../setup/repository-root.ts";
import { doctor } from "./doctor.ts";

async function run(output: "text" | "json", env: NodeJS.ProcessEnv) {
  let text = "";
  const code = await doctor.run({ output }, { stdout: { write: (chunk) => (text += chunk) }, env });
  return { code, text };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    }),
  );
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function check(name: string, env: NodeJS.ProcessEnv, root = repositoryRoot): Promise<MachineCheck | undefined> {
  const checks = await checkMachine({ root, env, port: await freePort() });
  return checks.find((candidate) => candidate.name === name);
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function program(name: string, script: string): string {
  const path = join(folder(), name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("on a machine that can run these tests, nothing is missing", async () => {
  const { code, text } = await run("json", process.env);

  const { ok, checks } = JSON.parse(text);
  expect({ ok, code }).toEqual({ ok: true, code: 0 });
  expect(checks.map(({ name }: MachineCheck) => name)).toEqual(
    expect.arrayContaining(["npm", "dependencies", "Node 22", "Terraform", "AWS provider", "disk", "port 4566", "git"]),
  );
});

test("what is missing is named, with what to type, and the exit code is 1", async () => {
  const { code, text } = await run("text", { ...process.env, SLIPWAY_TERRAFORM: "/nowhere/terraform" });

  expect(code).toBe(1);
  expect(text).toMatch(/^missing {2}Terraform +The named Terraform does not exist: .*\/nowhere\/terraform/m);
  expect(text).toMatch(/next: set SLIPWAY_TERRAFORM to the path/);
  expect(text).toMatch(/, 1 missing\n$/);
});

test("an AWS CLI of version 1 is worth a warning, not a failure", async () => {
  const old = program("aws", "echo aws-cli/1.45.11 Python/3.11.7");
  const good = program("aws", "echo aws-cli/2.9.19 Python/3.11.2");

  expect(await check("AWS CLI", { SLIPWAY_AWS_CLI: old })).toMatchObject({
    status: "warn",
    found: expect.stringMatching(/^1\.45\.11/),
  });
  expect(await check("AWS CLI", { SLIPWAY_AWS_CLI: good })).toMatchObject({ status: "ok", next: "" });
  expect(await check("AWS CLI", { PATH: "/nowhere" })).toMatchObject({ status: "warn" });
  expect(await check("AWS CLI", { SLIPWAY_AWS_CLI: "/nowhere" })).toMatchObject({ status: "warn" });
});

test("a missing Terraform configuration file is mentioned only where one is named", async () => {
  expect(await check("Terraform configuration", { TF_CLI_CONFIG_FILE: "/nowhere.rc" })).toMatchObject({
    status: "warn",
    next: "unset TF_CLI_CONFIG_FILE",
  });
  expect(await check("Terraform configuration", {})).toBeUndefined();
});

test("a busy port is told, with the way round it", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const checks = await checkMachine({ root: repositoryRoot, env: process.env, port });

  expect(checks.find(({ name }) => name === `port ${port}`)).toMatchObject({ status: "warn", found: "in use" });
});

test("an empty clone misses its dependencies and says how to get them", async () => {
  const root = folder();
  writeFileSync(join(root, "package-lock.json"), "{}");

  const checks = await checkMachine({ root, env: process.env, port: await freePort() });

  expect(checks.find(({ name }) => name === "dependencies")).toMatchObject({
    status: "missing",
    next: "npm start (it runs npm ci)",
  });
  expect(checks.find(({ name }) => name === "Node 22")).toMatchObject({ status: "missing" });
});
