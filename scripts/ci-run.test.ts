import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder, writeFile } from "./setup/test/temporary-folder.ts";

const root = resolve(import.meta.dirname, "..");

/** Runs .ci/run with an AWS CLI of its own, so that it installs nothing. */
function ciRun(args: readonly string[], env: Record<string, string> = {}) {
  const aws = writeFile(join(temporaryFolder(), "aws"), "#!/bin/sh\necho aws-cli/2.9.19 Python/3.11.2\n", 0o755);
  const { VITEST: _vitest, NODE_ENV: _mode, ...clean } = process.env;
  const { stdout, stderr, status } = spawnSync(join(root, ".ci/run"), args, {
    env: { ...clean, SLIPWAY_AWS_CLI: aws, ...env },
    encoding: "utf8",
  });
  return { last: stdout.trimEnd().split("\n").at(-1), stdout, stderr, status };
}

test("ends with the counts of the tests, in plain text, and uses the AWS CLI that it was given", () => {
  const { last, stdout, stderr, status } = ciRun(["scripts/setup/compare-versions.test.ts"]);

  expect(last).toMatch(/^\d+ passed, 0 failed$/);
  expect(status).toBe(0);
  expect(stderr).toContain("(aws-cli/2.9.19");
  expect(stdout).not.toContain("\u001b");
});

test("a set-up that stops is a failure in the last line as well", () => {
  const { last, stderr, status } = ciRun([], { SLIPWAY_TERRAFORM: "/nowhere/terraform" });

  expect({ last, status }).toEqual({ last: "0 passed, 1 failed", status: 1 });
  expect(stderr).toContain("SLIPWAY_TERRAFORM names /nowhere/terraform");
});

test("no matching test is no success", () => {
  const { last, status } = ciRun(["there-is-no-such-test"]);

  expect({ last, status }).toEqual({ last: "0 passed, 0 failed", status: 1 });
});
