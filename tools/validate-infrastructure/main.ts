// npm run validate:infrastructure [-- --output json]

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readSetupRecord } from "../../scripts/setup/setup-record.mjs";
import { type FolderReport, validateInfrastructure } from "./validate-infrastructure.ts";

const root = resolve(import.meta.dirname, "../..");

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function outputOf(): string {
  try {
    const { values } = parseArgs({ options: { output: { type: "string", default: "text" } } });
    return values.output;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n  Next: the only option is --output text|json`);
  }
}

const output = outputOf();
if (output !== "text" && output !== "json") {
  fail(`--output is "${output}".\n  Why:  only text and json are known.\n  Next: --output json`);
}
const setup = readSetupRecord(root);
if (setup === undefined) {
  fail(
    "Terraform is not set up.\n  Why:  .slipway/setup.json does not exist.\n  Next: npm run validate:infrastructure",
  );
}

const reports = await validateInfrastructure({
  infrastructure: join(root, "infrastructure"),
  terraform: setup.terraform.path,
  env: process.env,
  pluginDir: setup.provider.source === "mirror" ? setup.provider.dir : undefined,
  onReport: ({ folder, messages, durationMs }) =>
    process.stderr.write(
      `${folder}: ${messages.length === 0 ? "valid" : "not valid"} (${(durationMs / 1000).toFixed(1)} s)\n`,
    ),
});
const isGood = reports.every((report) => report.messages.length === 0);
process.stdout.write(
  output === "json"
    ? `${JSON.stringify({ ok: isGood, terraform: setup.terraform.version, folders: reports }, undefined, 2)}\n`
    : table(reports),
);
process.exitCode = isGood ? 0 : 1;

function table(rows: readonly FolderReport[]): string {
  const width = Math.max(...rows.map(({ folder }) => folder.length), "folder".length);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(index === 0 ? width : 9))
      .join("  ")
      .trimEnd();
  const lines = [line(["folder", "format", "init", "validate", "tests", "time"])];
  for (const { folder, format, init, validate, tests, durationMs } of rows) {
    lines.push(line([folder, format, init, validate, tests, `${(durationMs / 1000).toFixed(1)} s`]));
  }
  const messages = rows.flatMap(({ folder, messages }) => messages.map((message) => `${folder}: ${message}`));
  const bad = rows.filter((row) => row.messages.length > 0).length;
  const end = bad === 0 ? `All ${rows.length} folders are valid.` : `${bad} of ${rows.length} folders are not valid.`;
  return `${[...lines, ...(messages.length === 0 ? [] : ["", ...messages]), "", end].join("\n")}\n`;
}
