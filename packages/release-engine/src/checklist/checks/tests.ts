import type { ChecklistCheck } from "../checklist-check.ts";
import { codeInputs, DAY_MS } from "./inputs.ts";
import { lastLines, runCommand } from "./run-command.ts";

export const tests: ChecklistCheck = {
  name: "tests",
  section: "Code Quality",
  title: ({ tests: argv }) => `All tests pass locally: ${argv.join(" ")}`,
  pace: "slow",
  lifetimeMs: DAY_MS,
  inputs: codeInputs,
  async judge(facts, line) {
    const argv = facts.subject.config.release.checklist.tests;
    const run = await runCommand(facts, argv, line);
    if ("unknown" in run) {
      return [run.unknown];
    }
    const { code, tail } = run.ended;
    const command = argv.join(" ");
    return code === 0
      ? [{ status: "pass", found: lastLines(tail, 1) || "it ended with exit code 0", command }]
      : [{ status: "fail", found: `exit code ${code}\n${lastLines(tail)}`, next: command, command }];
  },
};
