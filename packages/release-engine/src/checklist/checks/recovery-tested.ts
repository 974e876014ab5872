import { drillPaths } from "../../drill/drill-paths.ts";
import { drillSubject } from "../../drill/drill-subject.ts";
import { judgeDrills } from "../../drill/judge-drills.ts";
import { releases } from "../../ledger/releases.ts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { noInputs } from "./inputs.ts";

/** Each way back was rehearsed by `slipway drill`: with these files, and to the release that is live. */
export const recoveryTested: ChecklistCheck = {
  name: "recovery-tested",
  section: "Backup & Recovery",
  title: "Recovery procedures tested",
  pace: "quick",
  lifetimeMs: 0,
  notInRehearsal: "what is rehearsed has nobody's data and traffic that would have to come back",
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { environment, config, now, flags } = facts.subject;
    const entries = await facts.entries();
    const proofs = judgeDrills({
      ...{ paths: drillPaths, entries, now },
      subject: drillSubject(environment, config, releases(entries), await facts.revision()),
      testedWithinDays: config.release.checklist.recovery.testedWithinDays,
    });
    const next = `slipway drill ${environment}${flags}`;
    return proofs.map(({ path, status, found }) => ({
      ...{ subject: path.name, status, found },
      ...(status === "pass" ? {} : { next }),
    }));
  },
};
