import type { HeldLedger } from "../ledger/ledger.ts";
import { assertAlone } from "./assert-alone.ts";
import { followRelease } from "./follow-release.ts";
import { Journal } from "./journal.ts";
import type { ReleaseOutcome } from "./release-outcome.ts";
import type { ReleasePorts } from "./release-ports.ts";
import type { StepHandlers } from "./step-handler.ts";

export interface RunReleaseOptions {
  readonly held: HeldLedger;
  /** Its id: a release that `startRelease` has begun, or that was broken off, paused, or went live and has checkpoints to come. */
  readonly release: string;
  readonly handlers: StepHandlers;
  /** Which checkpoints that are not due yet are waited for. */
  readonly waitFor: "none" | "immediate" | "all";
  /** Ctrl-C was typed once: the step that is under way is finished, and no other begun. */
  readonly signal?: AbortSignal;
}

/**
 * Takes the steps of a release that are left, wherever it was broken off. A release that was on its way back goes on going back.
 *
 * @throws {ReleaseError} what went wrong in a step; the release is paused at it then, and can be resumed. `fenced` when the lease was
 *   lost: from then on nothing was changed or written; `busy` for a live release while a later one is unfinished
 */
export async function runRelease(ports: ReleasePorts, options: RunReleaseOptions): Promise<ReleaseOutcome> {
  const journal = await Journal.open(ports, options.held, options.release);
  assertAlone(journal);
  const { state, steps } = journal.record;
  if (state === "paused" || (state === "running" && steps.size > 0)) {
    await journal.write({ type: "release.resumed" });
  }
  return await followRelease(ports, journal, options);
}
