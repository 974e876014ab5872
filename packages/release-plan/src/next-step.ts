import type { PlannedStep, ReleasePlan } from "@slipway/contracts";
import { checkpointDueAt } from "./checkpoint-due-at.ts";
import { isOver } from "./is-over.ts";
import { movesTraffic } from "./moves-traffic.ts";
import { needsPuttingBack } from "./needs-putting-back.ts";
import type { ReleaseProgress } from "./release-progress.ts";
import { remainingSteps } from "./remaining-steps.ts";
import { restoreStep } from "./restore-step.ts";

/** What a release does next. */
export type NextStep =
  /** A step of the plan, or the one that puts the traffic back. */
  | { readonly type: "run"; readonly step: PlannedStep; readonly attempt: number }
  /** A checkpoint that is not due before `dueAt` (milliseconds since the epoch). */
  | { readonly type: "wait"; readonly step: PlannedStep; readonly dueAt: number }
  /** All of the traffic goes to it and it answers: that is to be written down. */
  | { readonly type: "go-live" }
  /** It is over, and that is to be written down. */
  | { readonly type: "end"; readonly outcome: "done" | "failed" | "put-back" }
  /** There is nothing left. */
  | { readonly type: "nothing" };

/**
 * Decides what a release does next, from its plan and from what the ledger says has been done. The same decision is made by who begins
 * it, who resumes it and who puts it back.
 *
 *     steps of the plan ----> go-live ----> checkpoints, each once it is due ----> nothing
 *            |                                    |
 *            +-- one was judged bad, or putting it back has begun --> traffic.restore, if traffic may have moved
 *                     --> infrastructure.settle, if it was broken off while Terraform ran --> end
 *
 * @param now milliseconds since the epoch, on the clock that the ledger's times are of
 * @param setAside ids of checkpoints that wait for a person: those after them do not wait with them
 */
export function nextStep(
  plan: ReleasePlan,
  progress: ReleaseProgress,
  now: number,
  setAside: ReadonlySet<string> = new Set(),
): NextStep {
  const { state, steps } = progress;
  if (isOver(progress)) {
    return { type: "nothing" };
  }
  const isLive = state === "live";
  const [step] = remainingSteps(plan, progress).filter(
    ({ id, kind }) => !setAside.has(id) && (isLive || kind !== "checkpoint"),
  );
  if (step === undefined) {
    if (needsPuttingBack(progress)) {
      return { type: "end", outcome: isPutBack(progress) ? "put-back" : "failed" };
    }
    if (isLive) {
      return { type: "nothing" };
    }
    return movesTraffic(plan) ? { type: "go-live" } : { type: "end", outcome: "done" };
  }
  // A checkpoint that was begun was due, whatever the clock says now.
  if (step.kind === "checkpoint" && !steps.has(step.id)) {
    const dueAt = checkpointDueAt(step, progress);
    if (now < dueAt) {
      return { type: "wait", step, dueAt };
    }
  }
  return { type: "run", step, attempt: (steps.get(step.id)?.attempts ?? 0) + 1 };
}

/** What somebody wanted back is put back, also where no traffic had to be moved for it. */
function isPutBack({ puttingBack, steps }: ReleaseProgress): boolean {
  return puttingBack !== undefined || steps.has(restoreStep.id);
}
