import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Evidence } from "@slipway/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";

const repository = temporaryRepository();
const env = { PATH: process.env.PATH, HOME: repository.path, GIT_CONFIG_NOSYSTEM: "1" };
let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
  const count = `const { appendFileSync } = require("node:fs"); appendFileSync("ran.log", "x"); console.log("3 passed");`;
  const config = {
    ...{ project: "orders", region: "us-east-1", infrastructure: "tf" },
    bootstrap: { directory: "tf/bootstrap", outputs: { stateBucket: "bucket" } },
    environments: {
      prod: {
        terraform: { directory: "tf/prod", stateKey: "prod/terraform.tfstate" },
        functions: [
          {
            ...{ name: "orders", directory: "f", build: ["true"], artifact: "f/out" },
            outputs: { functionName: "a", alias: "b", artifactBucket: "c" },
          },
        ],
        api: { urlOutput: "url" },
        smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
        release: {
          checklist: { tests: [process.execPath, "-e", count], lint: [process.execPath, "-e", "process.exit(1)"] },
        },
      },
    },
  };
  write("slipway.config.ts", `export default ${JSON.stringify(config)};\n`);
  write(".gitignore", "ran.log\n");
  write("f/index.mjs", "export const handler = () => 1;\n");
  write("tf/prod/main.tf", "");
  write("tf/bootstrap/main.tf", "");
  git("init", "--quiet");
  git("add", "--all");
  git("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--message", "Begin");
});

afterAll(async () => {
  await fixture.close();
  repository.remove();
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repository.path, path)), { recursive: true });
  writeFileSync(join(repository.path, path), text);
}

function git(...args: string[]): void {
  execFileSync("git", args, { cwd: repository.path, env });
}

const type = (...words: string[]) =>
  runSlipway(["checklist", "prod", "--port", String(fixture.localAws.port), ...words], { env, cwd: repository.path });
const evidenceOf = (stdout: string) => (JSON.parse(stdout) as { evidence: Evidence[] }).evidence;

it("runs the repository's own commands once, and uses what they said again", async () => {
  const first = await type("--only", "tests");
  const second = await type("--only", "checklist.tests");
  const third = await type("--only", "tests", "--fresh");

  expect(first.stdout).toContain("         3 passed\n");
  expect([first.code, second.code, third.code]).toEqual([0, 0, 0]);
  expect(second.stdout).toContain("3 passed (reused from less than a minute ago)");
  expect(third.stdout).not.toContain("reused");
  expect(readdirSync(join(repository.path, ".slipway/evidence"))).toHaveLength(1);
  write("f/index.mjs", "export const handler = () => 2;\n");
  expect((await type("--only", "tests")).stdout).not.toContain("reused");
});

it("goes through every line; what cannot be had here is unknown, and says what to do", async () => {
  const { code, stdout } = await type("--quick", "--output", "json");
  const evidence = evidenceOf(stdout);

  expect(code).toBe(1);
  expect(evidence).toHaveLength(28);
  const status = (name: string) => evidence.find(({ check }) => check === `checklist.${name}`)?.status;
  expect([status("secrets"), status("changelog"), status("iam"), status("coverage")]).toEqual([
    ...["pass", "fail", "unknown", "unknown"],
  ]);
  const unknown = evidence.filter((each) => each.status === "unknown");
  expect(unknown.filter(({ next }) => next === undefined)).toEqual([]);
});

it("ends with 1 where a line failed, with 2 where one is unknown, with 0 where somebody answers for them", async () => {
  expect((await type("--only", "lint")).code).toBe(1);
  expect((await type("--only", "iam")).code).toBe(2);
  const waived = await type("--only", "lint", "iam", "--waive", "lint", "checklist.iam", "--reason", "ticket 7");
  expect(waived.code).toBe(0);
  expect(waived.stdout).toMatch(
    /waived {3}Linting passes[\s\S]*Waived by whoever typed this, until \d{4}-\d\d-\d\d: ticket 7/,
  );
  const other = await type("--only", "iam", "--waive", "iam:another", "--reason", "ticket 7");
  expect([other.code, other.stdout]).toEqual([2, expect.not.stringContaining("Waived by")]);
});

it("inside of a check of another checklist it runs no command", async () => {
  const { stdout } = await runSlipway(
    ["checklist", "prod", "--only", "lint", "--port", String(fixture.localAws.port), "--output", "json"],
    { env: { ...env, SLIPWAY_INSIDE_CHECKLIST: "1" }, cwd: repository.path },
  );

  await golden("checklist", stdout);
  expect(evidenceOf(stdout)).toMatchObject([
    { status: "unknown", found: expect.stringContaining("inside of a check") },
  ]);
});

it.each<[string, string[], RegExp]>([
  ["an unknown environment", ["checklist", "qa"], /environment: there is no 'qa'/],
  [
    "an unknown check",
    ["checklist", "prod", "--only", "spelling"],
    /--only: there is no check 'spelling'. There are tests/,
  ],
  ["a waiver without a reason", ["checklist", "prod", "--waive", "tests"], /Add --reason TEXT/],
  [
    "a waiver of an unknown check",
    ["checklist", "prod", "--waive", "spelling", "--reason", "x"],
    /--waive: there is no check/,
  ],
])("answers %s with exit code 2: 1 would mean that a line failed", async (_name, words, message) => {
  const { code, stdout, stderr } = await runSlipway(
    words.includes("qa") ? words : [...words, "--port", String(fixture.localAws.port)],
    { env, cwd: repository.path },
  );

  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});
