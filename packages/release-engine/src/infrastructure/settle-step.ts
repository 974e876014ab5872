import type { ReleaseWorkspace } from "../ports/release-terraform.ts";
import type { StepContext, StepEnd, StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import type { InfrastructureSteps } from "./infrastructure-deps.ts";

/**
 * `infrastructure.settle`: a release that goes back was broken off while Terraform ran. Waits until that has ended, breaks the lock that
 * it has left where it was killed, and writes down the state as it is: nothing is applied, and nothing taken back.
 */
export function settleStep(deps: InfrastructureSteps): StepHandler<"infrastructure.settle"> {
  return async (context) => {
    const workspace = await deps.terraform.init({
      ...deps.target.init,
      onLine: (text) => context.line(text),
      signal: context.signal,
    });
    const brokenLock = await breakLeftLock(deps, context, workspace);
    return settled((await deps.state.read(context.signal))?.serial, brokenLock);
  };
}

/**
 * The same where somebody else has Terraform's folder: a state that nobody has locked is at rest, and can be written down without it.
 *
 * @throws {ReleaseError} `busy` where it is locked
 */
export function settleBeside({
  state,
  lock: findLock,
}: Pick<InfrastructureSteps, "state" | "lock">): StepHandler<"infrastructure.settle"> {
  return async ({ plan, signal }) => {
    const lock = await findLock(signal);
    if (lock !== undefined) {
      throw new ReleaseError({
        kind: "busy",
        what: `The Terraform state of ${plan.environment} is locked by ${lock.who}`,
        why: `${lock.operation} since ${lock.created}, and its process has not ended`,
        next: "wait until it has, or end it; then type the same command again",
      });
    }
    return settled((await state.read(signal))?.serial);
  };
}

function settled(stateSerial = 0, brokenLock?: string): StepEnd<"infrastructure.settle"> {
  const lock = brokenLock === undefined ? "" : ", and the lock that a killed Terraform left on it was broken";
  return {
    outcome: "done",
    summary: `the state has the serial ${stateSerial}${lock}; what was applied of the release stays`,
    result: { stateSerial, ...(brokenLock !== undefined && { brokenLock }) },
  };
}

/**
 * Breaks the lock on the state that the release's own Terraform has left, because it was killed.
 *
 * @returns its id, where there was one
 * @throws {ReleaseError} `busy` where it may be somebody else's
 */
export async function breakLeftLock(
  { lock: findLock }: Pick<InfrastructureSteps, "lock">,
  context: StepContext,
  workspace: ReleaseWorkspace,
): Promise<string | undefined> {
  const lock = await findLock(context.signal);
  if (lock === undefined) {
    return undefined;
  }
  context.assertHeld();
  await workspace.breakAbandonedLock({ lock, onLine: (text) => context.line(text), signal: context.signal });
  return lock.id;
}
