import type { PlannedStep } from "@slipway/contracts";
import type { Journal } from "./journal.ts";
import { pauseRelease, stopRelease } from "./pause-release.ts";
import type { ReleaseOutcome } from "./release-outcome.ts";
import type { ReleasePorts } from "./release-ports.ts";
import { runPersistently } from "./run-persistently.ts";
import type { StepEnd, StepHandlers } from "./step-handler.ts";

export interface StepToTake {
  readonly journal: Journal;
  readonly handlers: StepHandlers;
  readonly step: PlannedStep;
  readonly attempt: number;
  /** Somebody wants a stop: this step is not begun then, unless it puts traffic back. */
  readonly asked: AbortSignal;
  /** Gets the id of a checkpoint that waits for a person: the release goes on without it. */
  readonly setAside: Set<string>;
}

/**
 * Takes a step of a release, and says whether the release stops at it.
 *
 * @returns where the release stands when it stops; undefined when the planner is to be asked again, also after a bad verdict
 * @throws what went wrong in the step: then the release is paused at it
 */
export async function takeStep(
  ports: ReleasePorts,
  { journal, handlers, step, attempt, asked, setAside }: StepToTake,
): Promise<ReleaseOutcome | undefined> {
  const { lost } = journal.held;
  const isWayBack = step.kind === "traffic.restore";
  if (asked.aborted && !isWayBack) {
    return await pauseRelease(ports, journal, step, "interrupted");
  }
  let end: StepEnd;
  try {
    // Ctrl-C leaves no traffic half put back.
    const signal = isWayBack ? lost : AbortSignal.any([asked, lost]);
    end = await runPersistently(ports, { journal, handlers, step, attempt, signal });
  } catch (error) {
    return await stopRelease(ports, journal, step, error, asked);
  }
  if (end.outcome !== "paused") {
    return undefined;
  }
  if (step.kind !== "checkpoint") {
    return await pauseRelease(ports, journal, step, "paused", end);
  }
  setAside.add(step.id);
  return undefined;
}
