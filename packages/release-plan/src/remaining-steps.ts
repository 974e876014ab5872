import type { PlannedStep, ReleasePlan } from "@slipway/contracts";
import { isOver } from "./is-over.ts";
import { needsPuttingBack } from "./needs-putting-back.ts";
import type { ReleaseProgress } from "./release-progress.ts";
import { hasMovedTraffic, restoreStep } from "./restore-step.ts";
import { needsSettling, settleStep } from "./settle-step.ts";
import { needsThawing, thawStep } from "./thaw-step.ts";
import { needsVerifying, verifyRestoredStep } from "./verify-step.ts";

/**
 * What a release still does, in its order: the rest of its plan, or the way back where it is on it. Nothing for one that is over.
 */
export function remainingSteps(plan: ReleasePlan, progress: ReleaseProgress): readonly PlannedStep[] {
  const { state, steps, overtakenBy } = progress;
  const isOpen = ({ id }: PlannedStep) => {
    const at = steps.get(id)?.state;
    return at !== "done" && at !== "nothing-to-do";
  };
  if (isOver(progress)) {
    return [];
  }
  if (needsPuttingBack(progress)) {
    // The traffic first: users wait for it.
    const wayBack = [
      ...(hasMovedTraffic(progress) ? [restoreStep] : []),
      // A frozen table takes no writes: what is verified writes.
      ...(needsThawing(progress) ? [thawStep] : []),
      ...(needsVerifying(plan, progress) ? [verifyRestoredStep] : []),
      ...(needsSettling(progress) ? [settleStep] : []),
    ];
    return wayBack.filter(isOpen);
  }
  // Its windows would count what the other release did.
  if (state === "live" && overtakenBy !== undefined) {
    return [];
  }
  return plan.steps.filter(isOpen);
}
