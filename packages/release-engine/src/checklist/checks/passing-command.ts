import type { ChecklistConfig } from "@slipway/contracts";
import type { ChecklistCheck } from "../checklist-check.ts";
import { codeInputs, DAY_MS } from "./inputs.ts";
import { lastLines, runCommand } from "./run-command.ts";

/**
 * A line that a command of the repository decides: its exit code is the verdict.
 *
 * @param name of the line, and of the key below `release.checklist` that says what to run
 * @param demand what is demanded, in words that the command follows
 */
export function passingCommand(name: "lint" | "tests", demand: string): ChecklistCheck {
  const argvOf = (config: ChecklistConfig) => config[name];
  return {
    name,
    section: "Code Quality",
    title: (config) => `${demand}: ${argvOf(config).join(" ")}`,
    pace: "slow",
    lifetimeMs: DAY_MS,
    inputs: codeInputs,
    async judge(facts, line) {
      const argv = argvOf(facts.subject.config.release.checklist);
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
}
