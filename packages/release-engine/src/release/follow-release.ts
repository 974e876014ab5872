import type { PlannedStep } from "@slipway/contracts";
import { nextStep } from "@slipway/release-plan";
import { runPhase } from "../run-phase.ts";
import { endRelease, goLive } from "./end-release.ts";
import type { Journal } from "./journal.ts";
import { outcomeOf } from "./outcome-of.ts";
import { pauseRelease, stopRelease } from "./pause-release.ts";
import type { ReleaseOutcome } from "./release-outcome.ts";
import type { ReleasePorts } from "./release-ports.ts";
import { runPersistently } from "./run-persistently.ts";
import type { RunReleaseOptions } from "./run-release.ts";

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
  const { held } = journal;
  const setAside = new Set<string>();
  for (;;) {
    held.assertHeld();
    const next = nextStep(journal.plan, journal.record, ports.clock.now(), setAside);
    switch (next.type) {
      case "run": {
        const { step } = next;
        if (asked.aborted && !isWayBack(step)) {
          return await pauseRelease(ports, journal, step, "interrupted");
        }
        // Ctrl-C leaves no traffic half put back.
        const signal = isWayBack(step) ? held.lost : AbortSignal.any([asked, held.lost]);
        try {
          const end = await runPersistently(ports, { ...next, journal, handlers, signal });
          if (end.outcome === "paused" && step.kind === "checkpoint") {
            setAside.add(step.id);
          } else if (end.outcome === "paused") {
            return await pauseRelease(ports, journal, step, "paused", end);
          }
        } catch (error) {
          return await stopRelease(ports, journal, step, error, asked);
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
        await waitForCheckpoint(ports, journal, next, AbortSignal.any([asked, held.lost]));
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

function isWayBack({ kind }: PlannedStep): boolean {
  return kind === "traffic.restore";
}

async function waitForCheckpoint(
  { clock, systemClock, progress }: ReleasePorts,
  { plan }: Journal,
  { step, dueAt }: { step: PlannedStep; dueAt: number },
  signal: AbortSignal,
): Promise<void> {
  const until = new Date(dueAt).toISOString();
  const phase = `${plan.environment}.wait.${step.window ?? step.id}`;
  await runPhase(
    { clock: systemClock, progress },
    { phase, title: `wait until ${until} to ${step.title}` },
    async () => {
      await clock.sleep(dueAt - clock.now(), signal);
      return { value: undefined };
    },
  );
}
