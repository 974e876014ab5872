import type { ChecklistCheck } from "../checklist-check.ts";
import { codeInputs, DAY_MS } from "./inputs.ts";
import { lastLines, runCommand } from "./run-command.ts";

/** What the command ends with where it could not find out. */
const NOT_FOUND_OUT = 2;

export const infrastructureScripts: ChecklistCheck = {
  name: "infrastructure-scripts",
  section: "Infrastructure Validation",
  title: ({ validateInfrastructure: argv }) => `Infrastructure scripts pass: ${argv.join(" ")}`,
  pace: "slow",
  lifetimeMs: DAY_MS,
  inputs: codeInputs,
  async judge(facts, line) {
    const argv = facts.subject.config.release.checklist.validateInfrastructure;
    const run = await runCommand(facts, argv, line);
    if ("unknown" in run) {
      return [run.unknown];
    }
    const { code, tail } = run.ended;
    const command = argv.join(" ");
    if (code === 0) {
      return [{ status: "pass", found: lastLines(tail, 1) || "it ended with exit code 0", command }];
    }
    const status = code === NOT_FOUND_OUT ? "unknown" : "fail";
    return [{ status, found: `exit code ${code}\n${lastLines(tail)}`, next: command, command }];
  },
};
