import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { codeInputs, DAY_MS } from "./inputs.ts";
import { lastLines, runCommand } from "./run-command.ts";

export const apiDocumentation: ChecklistCheck = {
  name: "api-documentation",
  section: "Documentation",
  title: "API documentation updated",
  pace: "quick",
  lifetimeMs: DAY_MS,
  inputs: codeInputs,
  async judge(facts, line): Promise<ChecklistFinding[]> {
    const { api } = facts.subject.config.release.checklist.documentation;
    if (api === undefined) {
      const found = "nothing says which document describes the API";
      return [{ status: "unknown", found, next: "set release.checklist.documentation.api in slipway.config.ts" }];
    }
    if (!(await facts.files()).includes(api.document)) {
      return [{ status: "fail", found: `${api.document} does not exist`, next: `write ${api.document}` }];
    }
    if (api.check === undefined) {
      const found = `${api.document} exists; nothing says how to find out whether it is what the code does`;
      return [{ status: "unknown", found, next: "set release.checklist.documentation.api.check" }];
    }
    const command = api.check.join(" ");
    const run = await runCommand(facts, api.check, line);
    if ("unknown" in run) {
      return [run.unknown];
    }
    const { code, tail } = run.ended;
    return code === 0
      ? [{ status: "pass", found: `${api.document} is what the code says`, command }]
      : [{ status: "fail", found: `${api.document} is not current\n${lastLines(tail)}`, next: command, command }];
  },
};
