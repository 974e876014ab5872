import type { PlannedStep } from "@slipway/contracts";
import type { ReleaseProgress } from "./release-progress.ts";

/**
 * What a release that goes back does about an infrastructure that it was broken off in: nothing is changed, and what it was left as is
 * written down. Like putting the traffic back it is in no plan of a release.
 */
export const settleStep: PlannedStep = {
  id: "infrastructure.settle",
  kind: "infrastructure.settle",
  title: "write down the infrastructure as it was left",
  guide: "Rollback Procedures, Scenario 2: Infrastructure Issues",
  undo: "It changes nothing but a lock on the state that a dead process has left: the next release plans from what is there.",
};

/** Steps that run Terraform on the state, and that a kill may leave with a lock on it, or the state ahead of the ledger. */
const withTerraform: ReadonlySet<string> = new Set([
  "infrastructure.plan",
  "infrastructure.approve",
  "infrastructure.apply",
]);

/** Whether Terraform was begun whose end was never written down. An apply that waits for approval may be the rest of such a one. */
export function needsSettling({ steps }: ReleaseProgress): boolean {
  return [...steps.values()].some(
    ({ kind, state }) =>
      withTerraform.has(kind) && (state === "started" || (state === "paused" && kind === "infrastructure.apply")),
  );
}
