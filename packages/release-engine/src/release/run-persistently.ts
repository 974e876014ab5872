import { ReleaseError } from "../release-error.ts";
import type { ReleasePorts } from "./release-ports.ts";
import { runStep, type StepRun } from "./run-step.ts";
import type { StepEnd } from "./step-handler.ts";

/** AWS's own clients have tried three times by then: what is left is a throttle or an outage of seconds. */
const pausesMs = [1_000, 4_000];

/** Traffic on a bad version is the worst place to stop at. */
const wayBackPausesMs = [1_000, 2_000, 4_000, 8_000, 15_000];

/**
 * Takes a step, and takes it again where AWS was too busy or could not be reached: every step can be repeated. Putting traffic back is
 * tried again whatever went wrong.
 *
 * @throws what went wrong the last time
 */
export async function runPersistently(ports: ReleasePorts, run: StepRun): Promise<StepEnd> {
  const pauses = run.step.kind === "traffic.restore" ? wayBackPausesMs : pausesMs;
  for (let tried = 0; ; tried += 1) {
    try {
      return mustEndWell(run, await runStep(ports, { ...run, attempt: run.attempt + tried }));
    } catch (error) {
      const pauseMs = pauses[tried];
      if (pauseMs === undefined || !isWorthAnotherTry(error, run)) {
        throw error;
      }
      await ports.systemClock.sleep(pauseMs, run.signal);
      if (run.signal.aborted) {
        throw error;
      }
    }
  }
}

/** Putting back knows no other end than that the traffic is back: there is nothing behind it to fall back to. */
function mustEndWell({ step }: StepRun, end: StepEnd): StepEnd {
  if (step.kind === "traffic.restore" && (end.outcome === "failed" || end.outcome === "paused")) {
    const { summary: why, next } = end;
    throw new ReleaseError({ kind: "failed", what: "The traffic could not be put back", why, next });
  }
  return end;
}

function isWorthAnotherTry(error: unknown, { journal, step, signal }: StepRun): boolean {
  // What failed may have been the ledger: then what it says is to be read anew before anything else is done.
  if (!(error instanceof ReleaseError) || !journal.isWhole || signal.aborted) {
    return false;
  }
  if (step.kind === "traffic.restore") {
    return error.kind !== "fenced" && error.kind !== "denied" && error.kind !== "usage";
  }
  return error.kind === "throttled" || error.kind === "unreachable";
}
