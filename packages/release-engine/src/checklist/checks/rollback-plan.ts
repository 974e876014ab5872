import type { ReleasedFunction } from "@slipway/contracts";
import { ReleaseError } from "../../release-error.ts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { noInputs } from "./inputs.ts";

/** Where a release is put back to is written down, and is still there. */
export const rollbackPlan: ChecklistCheck = {
  name: "rollback-plan",
  section: "Backup & Recovery",
  title: "Rollback plan documented",
  pace: "quick",
  lifetimeMs: 0,
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { environment, flags } = facts.subject;
    const running = await facts.running();
    if (running === undefined) {
      const found = `the ledger has no release of ${environment} that could be gone back to: this one is undone by the next one, or by slipway destroy ${environment}${flags}`;
      return [{ status: "pass", found }];
    }
    if (running.functions.length === 0) {
      const found = `the ledger does not say which versions ${running.id} left behind`;
      return [{ status: "unknown", found, next: `slipway show ${environment} ${running.id}${flags}` }];
    }
    return Promise.all(running.functions.map((each) => judgeFunction(facts, running.id, each)));
  },
};

async function judgeFunction(
  { ports, subject: { environment, flags } }: ChecklistFacts,
  release: string,
  { functionName, version }: ReleasedFunction,
): Promise<ChecklistFinding> {
  const subject = functionName;
  const undo = `slipway rollback ${environment}${flags} puts it back to version ${version} of ${release}`;
  try {
    const { state } = await ports.functions.readFunction(functionName, version);
    return state === "Active" || state === "Inactive"
      ? { subject, status: "pass", found: `${undo}, which is there` }
      : {
          ...{ subject, status: "fail", found: `${undo}, but that version is ${state}` },
          next: `aws lambda get-function-configuration --function-name ${functionName} --qualifier ${version}`,
        };
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.kind === "interrupted") {
      throw error;
    }
    return error.kind === "not-found"
      ? {
          ...{ subject, status: "fail", found: `version ${version} of ${release} does not exist any more` },
          next: "find out who deleted it; until then there is nothing to go back to",
        }
      : { subject, status: "unknown", found: `${error.what}: ${error.why}`, next: error.next };
  }
}
