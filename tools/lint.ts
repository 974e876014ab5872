// npm run lint: format and lint rules, types, dependency direction, dead exports, links and words of documents, workflows, Terraform
// format. All of them run, whatever the first one finds; the exit code is 1 when any found something.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { findTerraform } from "../scripts/setup/terraform.mjs";
import { terraformEnv } from "../scripts/setup/terraform-env.mjs";

const root = resolve(import.meta.dirname, "..");
const bin = (name: string) => join(root, "node_modules/.bin", name);

// The table of commands loads Node's SQLite, which says on stderr that it is experimental.
const node = [process.execPath, "--disable-warning=ExperimentalWarning"];

const checks: { name: string; command: readonly string[]; env?: NodeJS.ProcessEnv }[] = [
  { name: "format and lint (biome)", command: [bin("biome"), "check", "--error-on-warnings", "."] },
  { name: "types (tsc)", command: [bin("tsc"), "-p", "tsconfig.json"] },
  { name: "dependency direction", command: [...node, "tools/check-dependencies/main.ts"] },
  {
    name: "dead exports (knip)",
    command: [bin("knip"), "--no-progress", "--cache", "--treat-config-hints-as-errors"],
  },
  { name: "links and words of documents", command: [...node, "apps/cli/documentation/main.ts"] },
  { name: "workflows", command: [...node, "apps/cli/workflows/main.ts"] },
];

/** All of it, wherever it lies: examples and what tests deploy are read, too. */
const hcl = execFileSync(
  "git",
  ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.tf", "*.tfvars", "*.tftest.hcl"],
  { cwd: root, encoding: "utf8" },
)
  .split("\0")
  .filter((file) => file !== "" && existsSync(join(root, file)));

const failed: string[] = [];
const terraform = await findTerraform({ root, env: process.env });
if (terraform.ok) {
  checks.push({
    name: "Terraform format",
    command: [terraform.value.path, "fmt", "-check", "-diff", ...hcl],
    env: terraformEnv(process.env),
  });
} else {
  // What could not be looked at is not clean.
  const { what, why, next } = terraform.problem;
  process.stdout.write(`\n== Terraform format\n${what}: ${why}. ${next}\nfailed\n`);
  failed.push("Terraform format");
}

for (const { name, command, env } of checks) {
  const [file = "", ...args] = command;
  const started = performance.now();
  process.stdout.write(`\n== ${name}\n`);
  const { status, error } = spawnSync(file, args, { cwd: root, stdio: "inherit", env: env ?? process.env });
  if (error !== undefined) {
    process.stdout.write(`${file} could not be started: ${error.message}\n`);
  }
  if (status !== 0) {
    failed.push(name);
  }
  process.stdout.write(`${status === 0 ? "ok" : "failed"} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
}
process.stdout.write(failed.length === 0 ? "\nLint: all clean.\n" : `\nLint failed: ${failed.join(", ")}.\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
