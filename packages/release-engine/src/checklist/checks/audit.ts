import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { codeInputs, HOUR_MS } from "./inputs.ts";
import { lastLines, runCommand } from "./run-command.ts";

const SEVERITIES = ["low", "moderate", "high", "critical"] as const;
const MOST_SHOWN = 8;

/** New vulnerabilities become known without any change of ours, so that it is asked again after a while. */
export const audit: ChecklistCheck = {
  name: "audit",
  section: "Code Quality",
  title: ({ audit: argv }) => `No security vulnerabilities: ${argv.join(" ")}`,
  pace: "slow",
  lifetimeMs: 4 * HOUR_MS,
  inputs: codeInputs,
  async judge(facts, line): Promise<ChecklistFinding[]> {
    const { audit: argv, auditFails } = facts.subject.config.release.checklist;
    const command = argv.join(" ");
    const run = await runCommand(facts, argv, line);
    if ("unknown" in run) {
      return [run.unknown];
    }
    const report = readReport(run.ended.stdout);
    if (report === undefined || report.counts === undefined) {
      const found = `no audit came back: ${report?.problem ?? (lastLines(run.ended.tail, 3) || `exit code ${run.ended.code}`)}`;
      return [{ status: "unknown", found, next: `see that the registry answers audits, then: ${command}`, command }];
    }
    const { counts, names } = report;
    const text = SEVERITIES.filter((each) => counts[each] > 0).map((each) => `${counts[each]} ${each}`);
    const bad = SEVERITIES.slice(SEVERITIES.indexOf(auditFails)).some((each) => counts[each] > 0);
    if (bad) {
      const shown = names.slice(0, MOST_SHOWN).join(", ");
      const more = names.length > MOST_SHOWN ? ` and ${names.length - MOST_SHOWN} more` : "";
      const found = `known vulnerabilities: ${text.join(", ")} (${shown}${more})`;
      return [{ status: "fail", found, next: "npm audit fix", command }];
    }
    const found =
      text.length === 0
        ? "no known vulnerability"
        : `${text.join(", ")}; only ${auditFails} and worse stop a release (release.checklist.auditFails)`;
    return [{ status: "pass", found, command }];
  },
};

interface AuditReport {
  readonly counts?: Readonly<Record<(typeof SEVERITIES)[number], number>>;
  readonly names: readonly string[];
  readonly problem?: string;
}

/** What `npm audit --json` prints: a report, or why there is none. */
function readReport(text: string): AuditReport | undefined {
  try {
    const report = JSON.parse(text);
    const counts = report.metadata?.vulnerabilities;
    const isReport = SEVERITIES.every((each) => Number.isInteger(counts?.[each]));
    const problem = [report.error?.summary, report.message].find((each) => typeof each === "string" && each !== "");
    return {
      ...(isReport ? { counts } : {}),
      names: Object.keys(report.vulnerabilities ?? {}),
      ...(problem === undefined ? {} : { problem }),
    };
  } catch {
    return undefined;
  }
}
