// node apps/cli/workflows/main.ts: the workflows of GitHub Actions, as a check with an exit code.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commands } from "../src/commands.ts";
import { listWorkflows } from "./list-workflows.ts";
import { workflowProblems } from "./workflow-problems.ts";

const repository = resolve(import.meta.dirname, "../../..");
const files = listWorkflows(repository);
const problems: string[] = [];
for (const file of files) {
  const source = readFileSync(join(repository, file), "utf8");
  problems.push(...(await workflowProblems(file, source, { repository, commands, aws: new Map() })));
}
process.stdout.write(
  problems.length === 0 ? `${files.length} workflows are as they should be.\n` : `${problems.join("\n")}\n`,
);
process.exitCode = problems.length === 0 && files.length > 0 ? 0 : 1;
