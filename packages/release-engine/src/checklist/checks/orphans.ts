import type { OrphanReport } from "@slipway/contracts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { deployedInputs, MINUTE_MS } from "./inputs.ts";

const MOST_SHOWN = 5;

export const orphans: ChecklistCheck = {
  name: "orphans",
  section: "Infrastructure Validation",
  title: "No orphaned resources detected",
  // It scans the whole account.
  pace: "slow",
  lifetimeMs: 30 * MINUTE_MS,
  notInRehearsal: "a local AWS is there to try things out in",
  inputs: deployedInputs,
  async judge({ ports, signal, subject: { environment, flags } }): Promise<ChecklistFinding[]> {
    const report = await ports.orphans.find(signal);
    const command = `slipway orphans${flags}`;
    if (report.verdict === "incomplete") {
      const found = ["not everything could be looked at", ...report.gaps.slice(0, MOST_SHOWN).map(gapText)].join("\n");
      return [{ status: "unknown", found, next: `slipway orphans ${environment}${flags}`, command }];
    }
    const count = report.totals.orphans;
    if (count > 0) {
      const names = report.orphans.slice(0, MOST_SHOWN).map(({ type, id }) => `${type} ${id}`);
      const more = count > names.length ? [`and ${count - names.length} more`] : [];
      const found = [`${count} resource${count === 1 ? "" : "s"} that no state has`, ...names, ...more].join("\n");
      return [{ status: "fail", found, next: command, command }];
    }
    return [
      { status: "pass", found: "every resource of the account belongs to a state, or to somebody by a rule", command },
    ];
  },
};

function gapText({ subject, why }: OrphanReport["gaps"][number]): string {
  return `${subject}: ${why}`;
}
