import type { PlannedStep } from "@slipway/contracts";
import { runPhase } from "../run-phase.ts";
import type { Journal } from "./journal.ts";
import type { ReleasePorts } from "./release-ports.ts";

/**
 * Waits until a checkpoint is due, and shows that it does, as the phase `ENV.wait.WINDOW`. The lease is held meanwhile.
 *
 * @param asked given when nobody wants to wait any longer; a lost lease ends it, too
 */
export async function waitForCheckpoint(
  { clock, systemClock, progress, flags = "" }: ReleasePorts,
  { plan, held }: Journal,
  { step, dueAt }: { readonly step: PlannedStep; readonly dueAt: number },
  asked: AbortSignal,
): Promise<void> {
  const phase = `${plan.environment}.wait.${step.window}`;
  const title = `wait until ${new Date(dueAt).toISOString()} to ${step.title}`;
  await runPhase({ clock: systemClock, progress }, { phase, title }, async () => {
    const minutes = Math.ceil((dueAt - clock.now()) / 60_000);
    progress.report({
      ...{ type: "phase-line", phase, isWait: true },
      text: `the release is live; waiting ${minutes} min, until ${new Date(dueAt).toISOString()}, to ${step.title}; Ctrl-C leaves that to slipway watch ${plan.environment}${flags}`,
    });
    await clock.sleep(dueAt - clock.now(), AbortSignal.any([asked, held.lost]));
    return { value: undefined };
  });
}
