import type { PlannedStep, ReleasePlan } from "@slipway/contracts";
import { checkpointDueAt } from "./checkpoint-due-at.ts";
import { needsPuttingBack } from "./needs-putting-back.ts";
import type { ReleaseProgress } from "./release-progress.ts";
import { hasMovedTraffic, restoreStep } from "./restore-step.ts";

/** What a release does next. */
export type NextStep =
  /** A step of the plan, or the one that puts the traffic back. */
  | { readonly type: "run"; readonly step: PlannedStep; readonly attempt: number }
  /** A checkpoint that is not due before `dueAt` (milliseconds since the epoch). */
  | { readonly type: "wait"; readonly step: PlannedStep; readonly dueAt: number }
  /** All of the traffic goes to it and it answers: that is to be written down. */
  | { readonly type: "go-live" }
  /** It is over, and that is to be written down. */
  | { readonly type: "end"; readonly outcome: "failed" | "put-back" }
  /** There is nothing left. */
  | { readonly type: "nothing" };

/**
 * Decides what a release does next, from its plan and from what the ledger says has been done. The same decision is made by who begins
 * it, who resumes it and who puts it back.
 *
 *     steps of the plan ----> go-live ----> checkpoints, each once it is due ----> nothing
 *            |                                    |
 *            +-- one was judged bad, or putting it back has begun --> traffic.restore, if traffic may have moved --> end
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
  if (state === "failed" || state === "put-back" || state === "superseded") {
    return { type: "nothing" };
  }
  if (needsPuttingBack(progress)) {
    return wayBack(progress);
  }
  const isOpen = ({ id }: PlannedStep) => !isDone(progress, id) && !setAside.has(id);
  const isCheckpoint = ({ kind }: PlannedStep) => kind === "checkpoint";

  if (state !== "live") {
    const step = plan.steps.find((each) => isOpen(each) && !isCheckpoint(each));
    return step === undefined ? { type: "go-live" } : run(progress, step);
  }
  const checkpoint = plan.steps.find((each) => isOpen(each) && isCheckpoint(each));
  if (checkpoint === undefined) {
    return { type: "nothing" };
  }
  const dueAt = checkpointDueAt(checkpoint, progress);
  // A step that was begun was due, whatever the clock says now.
  return now >= dueAt || steps.has(checkpoint.id)
    ? run(progress, checkpoint)
    : { type: "wait", step: checkpoint, dueAt };
}

/** Putting back, and then the end; a release that has moved nothing just ends. */
function wayBack(progress: ReleaseProgress): NextStep {
  const restored = isDone(progress, restoreStep.id);
  if (!restored && (hasMovedTraffic(progress) || progress.steps.has(restoreStep.id))) {
    return run(progress, restoreStep);
  }
  return { type: "end", outcome: restored || progress.puttingBack !== undefined ? "put-back" : "failed" };
}

function run({ steps }: ReleaseProgress, step: PlannedStep): NextStep {
  return { type: "run", step, attempt: (steps.get(step.id)?.attempts ?? 0) + 1 };
}

function isDone({ steps }: ReleaseProgress, id: string): boolean {
  const state = steps.get(id)?.state;
  return state === "done" || state === "nothing-to-do";
}
