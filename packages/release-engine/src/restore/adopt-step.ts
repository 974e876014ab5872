import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { AdoptionState } from "../ports/table-restore.ts";
import type { StepContext, StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { type RestoreDeps, restoredVariables, restoreOf, variableOf } from "./restore-deps.ts";

/**
 * `data.adopt`: Terraform forgets the table, and gets the restored one in its place.
 *
 * ```
 * look: whose table is at the address?
 * ├─ the restored one ── nothing to do
 * ├─ the table before ── copy the state ── forget ─┐
 * └─ none (killed in between) ─────────────────────┴─ import ── look: the restored one
 * ```
 */
export function adoptStep(deps: RestoreDeps): StepHandler<"data.adopt"> {
  return async (context) => {
    const { adoption } = deps;
    const { plan, signal } = context;
    const restore = restoreOf(plan);
    const { table, restored, address } = restore;
    variableOf(restore);
    const stateBackup = `${plan.release}-before-${restored}`;
    const changed = await exchange(deps, context, {
      ...{ from: table, to: restored, address, variables: restoredVariables(plan) },
      before: () => adoption.keepCopy(stateBackup, signal),
    });
    return {
      outcome: changed ? "done" : "nothing-to-do",
      summary: `Terraform has ${restored} at ${address}; a copy of the state before is ${stateBackup}`,
      result: { address, stateBackup, stateSerial: await adoption.serial(signal) },
    };
  };
}

/** A table that takes the place of another one in Terraform's state. */
export interface Exchange {
  readonly from: string;
  readonly to: string;
  readonly address: string;
  /** Beside those of the environment: which table is in use. */
  readonly variables: ReturnType<typeof restoredVariables>;
  /** Done before anything is changed. */
  before(): Promise<void>;
}

/**
 * Puts one table in the place of another one in Terraform's state, wherever an earlier attempt was broken off.
 *
 * @returns whether there was anything to do
 * @throws {ReleaseError} `conflict` when a third table is there
 */
export async function exchange(
  { adoption, variables, flags }: Pick<RestoreDeps, "variables" | "flags"> & { readonly adoption: AdoptionState },
  { plan, line, signal }: Pick<StepContext, "plan" | "line" | "signal">,
  { from, to, address, variables: which, before }: Exchange,
): Promise<boolean> {
  let present = await adoption.tableAt(address, signal);
  if (present === to) {
    return false;
  }
  if (present !== undefined && present !== from) {
    throw new ReleaseError({
      kind: "conflict",
      what: `Terraform has another table than ${from} at ${address}`,
      why: `it has ${present}`,
      next: `find out who changed that; slipway rollback ${plan.environment}${flags} ends this rollback`,
    });
  }
  if (present === from) {
    assertNotInterrupted(signal, `before Terraform forgot ${from}`);
    await before();
    await adoption.forget(address, line);
  }
  // From here on it is finished, whoever asks for a stop: without a table at the address, Terraform would make one.
  await adoption.adopt(address, to, { ...variables, ...which }, line);
  present = await adoption.tableAt(address);
  if (present !== to) {
    throw new ReleaseError({
      kind: "conflict",
      what: `Terraform does not have ${to} at ${address}`,
      why: `it was imported, and now ${present ?? "nothing"} is there`,
      next: `slipway resume ${plan.environment}${flags}`,
    });
  }
  return true;
}
