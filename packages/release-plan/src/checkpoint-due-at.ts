import type { PlannedStep } from "@slipway/contracts";
import type { ReleaseProgress } from "./release-progress.ts";
import { windowSeconds } from "./window-seconds.ts";

/**
 * When a checkpoint of a live release can be judged: its window has ended then.
 *
 * @returns milliseconds since the epoch
 */
export function checkpointDueAt({ id, window }: PlannedStep, { liveAt }: Pick<ReleaseProgress, "liveAt">): number {
  if (window === undefined || liveAt === undefined) {
    throw new Error(`${id} has ${window === undefined ? "no window" : "no time to count from"}`);
  }
  return Date.parse(liveAt) + windowSeconds[window] * 1_000;
}
