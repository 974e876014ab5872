export { checkpointDueAt } from "./checkpoint-due-at.ts";
export { isUnfinished } from "./is-unfinished.ts";
export { type NextStep, nextStep } from "./next-step.ts";
export { planRelease, type ReleaseFacts, type ReleasePolicy } from "./plan-release.ts";
export type { ReleaseProgress, StepProgress } from "./release-progress.ts";
export { remainingSteps } from "./remaining-steps.ts";
export { hasMovedTraffic, restoreStep } from "./restore-step.ts";
export { needsSettling, settleStep } from "./settle-step.ts";
export { windowSeconds } from "./window-seconds.ts";
