import { nextStep } from "@slipway/release-plan";
import { endRelease, goLive } from "./end-release.ts";
import type { Journal } from "./journal.ts";
import { outcomeOf } from "./outcome-of.ts";
import { pauseRelease } from "./pause-release.ts";
import type { ReleaseOutcome } from "./release-outcome.ts";
import type { ReleasePorts } from "./release-ports.ts";
import type { RunReleaseOptions } from "./run-release.ts";
import { takeStep } from "./take-step.ts";
import { waitForCheckpoint } from "./wait-for-checkpoint.ts";

/**
 * Asks the planner what comes next, does it, and asks again, until nothing is left or something has to be waited for:
 *
 *     release.started
 *       step.started -> handler -> step.finished     each step; one that is judged bad turns the release round
 *     release.ended live                             after the last step before the checkpoints
 *       checkpoints                                  each once it is due
 *
 *     turned round: traffic.restore -> release.ended put-back, or release.ended failed where no traffic had moved
 *
 * Every decision is made from what the ledger says: it does not matter who took the steps before, or where they were killed.
 */
export async function followRelease(
  ports: ReleasePorts,
  journal: Journal,
  { handlers, waitFor, signal: asked = neverAsked }: Omit<RunReleaseOptions, "held" | "release">,
): Promise<ReleaseOutcome> {
  const setAside = new Set<string>();
  for (;;) {
    journal.held.assertHeld();
    const next = nextStep(journal.plan, journal.record, ports.clock.now(), setAside);
    switch (next.type) {
      case "run": {
        const stopped = await takeStep(ports, { ...next, journal, handlers, asked, setAside });
        if (stopped !== undefined) {
          return stopped;
        }
        break;
      }
      case "wait":
        if (asked.aborted) {
          return await pauseRelease(ports, journal, next.step, "interrupted");
        }
        if (waitFor === "none" || (waitFor === "immediate" && next.step.window !== "immediate")) {
          return outcomeOf(journal, { setAside });
        }
        await waitForCheckpoint(ports, journal, next, asked);
        break;
      case "go-live":
        await goLive(ports, journal);
        break;
      case "end":
        await endRelease(ports, journal, next.outcome);
        break;
      case "nothing":
        return outcomeOf(journal, { setAside });
    }
  }
}

const neverAsked = new AbortController().signal;
