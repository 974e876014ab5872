import type { PlannedStep, ReleasePlan } from "@slipway/contracts";
import { hasPredecessor } from "./has-predecessor.ts";
import type { ReleaseProgress } from "./release-progress.ts";
import { hasMovedTraffic } from "./restore-step.ts";

/** What a rollback does once the traffic is back. What it finds turns nothing round: it is said, and people decide. */
export const verifyStep: PlannedStep = {
  id: "traffic.verify",
  kind: "traffic.verify",
  title: "see that all of the traffic is there, and is answered well",
  because: "aliases, calls and errors by version since they were moved, and the smoke test through the gateway",
  guide: "Rollback Procedures, Scenario 1: Lambda Code Issues, Steps 4 and 5",
  undo: "It deletes what it creates.",
};

/** The same after a release was put back: a rollback that is put back may have taken the other one before. */
export const verifyRestoredStep: PlannedStep = { ...verifyStep, id: "traffic.verify.restored" };

/**
 * Whether it is looked at how things are after a release was put back: where somebody asked for it, and there is something to look at.
 * Before a first release there was only Terraform's placeholder, which answers nobody.
 */
export function needsVerifying(plan: ReleasePlan, progress: ReleaseProgress): boolean {
  return progress.puttingBack !== undefined && hasMovedTraffic(progress) && hasPredecessor(plan);
}
