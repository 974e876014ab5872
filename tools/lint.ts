// npm run lint: format and lint rules, types, dependency direction, workflows, Terraform format. All of them run, whatever the
// first one finds; the exit code is 1 when any found something.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { findTerraform } from "../scripts/setup/terraform.mjs";
import { terraformEnv } from "../scripts/setup/terraform-env.mjs";

const root = resolve(import.meta.dirname, "..");
const bin = (name: string) => join(root, "node_modules/.bin", name);

const checks: { name: string; command: readonly string[]; env?: NodeJS.ProcessEnv }[] = [
  { name: "format and lint (biome)", command: [bin("biome"), "check", "--error-on-warnings", "."] },
  { name: "types (tsc)", command: [bin("tsc"), "-p", "tsconfig.json"] },
  { name: "dependency direction", command: [process.execPath, "tools/check-dependencies/main.ts"] },
  { name: "workflows", command: [process.execPath, "apps/cli/workflows/main.ts"] },
];

const notes: string[] = [];
const terraform = await findTerraform({ root, env: process.env });
if (!existsSync(join(root, "infrastructure"))) {
  notes.push("Terraform format: not checked, there is no infrastructure folder");
} else if (terraform.ok) {
  checks.push({
    name: "Terraform format",
    command: [terraform.value.path, "fmt", "-check", "-diff", "-recursive", "infrastructure", "examples"],
    env: terraformEnv(process.env),
  });
} else {
  notes.push(`Terraform format: not checked. ${terraform.problem.what}: ${terraform.problem.why}`);
}

const failed: string[] = [];
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
process.stdout.write(
  `\n${[...notes, failed.length === 0 ? "Lint: all clean." : `Lint failed: ${failed.join(", ")}.`].join("\n")}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
