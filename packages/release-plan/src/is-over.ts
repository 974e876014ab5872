import type { ReleaseProgress } from "./release-progress.ts";

/** Whether nothing is left to do of a release, whatever its plan says. A live one has checkpoints, and can be put back. */
export function isOver({ state }: Pick<ReleaseProgress, "state">): boolean {
  return state === "done" || state === "failed" || state === "put-back" || state === "superseded";
}
