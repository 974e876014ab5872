import { needsPuttingBack } from "./needs-putting-back.ts";
import type { ReleaseProgress } from "./release-progress.ts";

/**
 * Whether a release has to be resumed or put back before another one may begin: one that has not come to its end, and a live one whose
 * putting back has begun. A live one with checkpoints to come is finished in this sense.
 */
export function isUnfinished(progress: ReleaseProgress): boolean {
  const { state } = progress;
  return state === "running" || state === "paused" || (state === "live" && needsPuttingBack(progress));
}
