import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { DAY_MS, noInputs } from "./inputs.ts";

/** What a drill of the recovery writes into the ledger: evidence with such an id. */
const OF_A_DRILL = /^(recovery|drill)\./;

export const recoveryTested: ChecklistCheck = {
  name: "recovery-tested",
  section: "Backup & Recovery",
  title: "Recovery procedures tested",
  pace: "quick",
  lifetimeMs: 0,
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { environment, config, now } = facts.subject;
    const { testedWithinDays } = config.release.checklist.recovery;
    const drills = (await facts.entries()).flatMap(({ body }) =>
      body.type === "evidence" ? body.evidence.filter(({ check }) => OF_A_DRILL.test(check)) : [],
    );
    const newest = drills.at(-1);
    const next = `rehearse the recovery of ${environment}; or waive this with who answers for it`;
    if (newest === undefined) {
      const found = "the ledger has no drill of the recovery: nobody knows whether it works";
      return [{ status: "unknown", found, next }];
    }
    const days = Math.floor((now - Date.parse(newest.at)) / DAY_MS);
    const found = `${newest.check} was tried ${days === 0 ? "today" : `${days} days ago`}: ${newest.found}`;
    if (newest.status === "fail") {
      return [{ status: "fail", found, next: newest.next ?? next }];
    }
    if (newest.status !== "pass") {
      return [{ status: "unknown", found, next: newest.next ?? next }];
    }
    return days <= testedWithinDays
      ? [{ status: "pass", found }]
      : [{ status: "unknown", found: `${found}; a drill counts for ${testedWithinDays} days`, next }];
  },
};
