import type { StepContext } from "../release/step-handler.ts";
import { copyState } from "../state-backups/back-up-state.ts";
import type { InfrastructureSteps } from "./infrastructure-deps.ts";

/**
 * Makes a named copy of the state before a rollback is applied: should Terraform, or the old code, leave a state that nothing can be planned
 * from, this is what was true. A copy that an attempt before has made of the same state stays.
 *
 * @throws {ReleaseError} when it cannot be made: then nothing is applied
 */
export async function keepState(
  { states: store, entries }: InfrastructureSteps,
  context: StepContext,
  stateSerial: number,
): Promise<void> {
  const { environment, release } = context.plan;
  const name = `rollback-${release}-serial-${stateSerial}`;
  const { resources: _, ...copy } = await copyState(store, { environment, name, signal: context.signal });
  const isKnown = (await entries()).some(({ body }) => body.type === "state.backed-up" && body.name === name);
  if (!isKnown) {
    await context.write({ type: "state.backed-up", ...copy });
    context.line(`the state is kept: slipway state list ${environment} shows it as ${name}`);
  }
}
