import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { codeInputs, DAY_MS } from "./inputs.ts";
import { lastLines, runCommand } from "./run-command.ts";

export const coverage: ChecklistCheck = {
  name: "coverage",
  section: "Code Quality",
  title: ({ coverage: { leastPercent, command } }) =>
    `Code coverage meets the minimum (${leastPercent}%): ${command.join(" ")}`,
  pace: "slow",
  lifetimeMs: DAY_MS,
  inputs: codeInputs,
  async judge(facts, line): Promise<ChecklistFinding[]> {
    const { ports, subject } = facts;
    const { command: argv, summary, leastPercent } = subject.config.release.checklist.coverage;
    const command = argv.join(" ");
    const before = await ports.files.modifiedAt(summary);
    const run = await runCommand(facts, argv, line);
    if ("unknown" in run) {
      return [run.unknown];
    }
    const { code, tail } = run.ended;
    // An old summary is there after a run that has died, too.
    const isNew = (await ports.files.modifiedAt(summary)) !== before;
    const percent = isNew ? linesCovered(await ports.files.read(summary)) : undefined;
    const measured = percent === undefined ? "" : `${percent} % of the lines are covered`;
    if (percent !== undefined && percent < leastPercent) {
      return [
        { status: "fail", found: `${measured}, at least ${leastPercent} % are demanded`, next: command, command },
      ];
    }
    if (code !== 0) {
      const found = [`exit code ${code}`, measured, lastLines(tail)].filter(Boolean).join("\n");
      return [{ status: "fail", found, next: command, command }];
    }
    return percent === undefined
      ? [
          {
            ...{ status: "unknown", found: `it wrote no summary with the share of lines to ${summary}`, command },
            next: "have it write istanbul's json-summary, or correct release.checklist.coverage.summary",
          },
        ]
      : [{ status: "pass", found: measured, command }];
  },
};

/** Of istanbul's json-summary: `{ total: { lines: { pct: 93.4 } } }`. */
function linesCovered(text: string | undefined): number | undefined {
  try {
    const percent: unknown = JSON.parse(text ?? "").total?.lines?.pct;
    // Without any line it is the text "Unknown".
    return typeof percent === "number" ? percent : undefined;
  } catch {
    return undefined;
  }
}
