import type { PlanSummary } from "@slipway/contracts";
import {
  finishRestore,
  planStateRestore,
  ReleaseError,
  type RestoreFrom,
  restoreState,
  type StateRestorePlan,
} from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { thisActor } from "../release/this-actor.ts";
import { thisHolder } from "../release/this-holder.ts";
import { UserError } from "../user-error.ts";
import type { OpenedState } from "./open-state.ts";
import { renderRestorePlan, type StateRestoreReport } from "./state-restore-report.ts";

export interface RestoreRequest {
  readonly environment: string;
  readonly from: RestoreFrom;
  /** Shows, and changes nothing. */
  readonly planOnly: boolean;
  /** Words that were given beforehand. */
  readonly confirmation: string | undefined;
  readonly mayAsk: boolean;
  readonly io: CommandIo;
  /** Plans the infrastructure on what was put back. */
  planAfterwards(): Promise<PlanSummary>;
}

/** What has to be typed before a state is put back. */
export function restoreWords(environment: string, { isOtherLineage }: Pick<StateRestorePlan, "isOtherLineage">) {
  return isOtherLineage ? `restore another lineage of ${environment}` : `restore the state of ${environment}`;
}

/**
 * Shows what a restore of a state would do, asks, does it, and plans.
 *
 * @throws UserError when nobody can be asked, and the words are not there
 * @throws ReleaseError when it is refused or fails: unless it says otherwise, nothing was written
 */
export async function restoreEnvironmentState(
  { store, target, repository, ledger }: OpenedState,
  request: RestoreRequest,
): Promise<StateRestoreReport> {
  const { environment, from, planOnly, io, planAfterwards } = request;
  const { signal } = io;
  const opened = await ledger();
  const entries = await opened.ledger.read(signal);
  const { write, ...shown } = await planStateRestore(store, { environment, from, entries, signal });
  const plan: StateRestorePlan = { ...shown, write };
  const report = (outcome: StateRestoreReport["outcome"]): StateRestoreReport => ({
    ...{ version: 1, environment, target: target.label, location: store.location, outcome, ...shown },
    lineage: shown.lineage ?? null,
  });
  const actor = await thisActor({ repository, env: io.env, principal: opened.principal });
  const holder = thisHolder(actor, `slipway state restore ${environment}${target.flags}`);
  if (plan.isSame) {
    if (!planOnly) {
      await finishRestore({ store, ledger: opened.ledger }, plan, holder);
    }
    return report("nothing-to-do");
  }
  if (planOnly) {
    return report("planned");
  }
  const answer = await confirmed(request, report("planned"), restoreWords(environment, plan));
  if (answer !== true) {
    return report(answer);
  }
  const {
    afterwards,
    serial: _,
    ...restored
  } = await restoreState({ store, ledger: opened.ledger }, plan, {
    ...{ holder, signal },
    afterwards: () => planAfterwards().then((summary) => ({ plan: summary }), planProblem),
  });
  return { ...report("restored"), ...restored, ...afterwards };
}

async function confirmed(
  { environment, confirmation, mayAsk, io }: RestoreRequest,
  report: StateRestoreReport,
  words: string,
): Promise<true | "refused" | "interrupted"> {
  if (confirmation !== undefined) {
    if (confirmation.trim() !== words) {
      throw new UserError(`--confirm: is not what this restore asks for. To go on: --confirm '${words}'`);
    }
    return true;
  }
  if (io.ask === undefined || !mayAsk) {
    throw new UserError(
      `--confirm: is missing, and nobody can be asked here. Look with --plan first; to go on: --confirm '${words}'`,
    );
  }
  io.stderr.write(renderRestorePlan(report, io.columns));
  const answer = await io.ask(
    `${wrapText(`What Terraform believes of ${environment} is replaced. The present state stays among the versions.`, io.columns, "").join("\n")}\nType "${words}" to go on: `,
  );
  if (answer === undefined) {
    return "interrupted";
  }
  return answer.trim() === words ? true : "refused";
}

/** The state is put back, whatever becomes of the look at it. */
function planProblem(error: unknown): { readonly plan: null; readonly planProblem: string } {
  if (
    error instanceof ReleaseError ||
    error instanceof UserError ||
    (error instanceof Error && error.name === "SetupError")
  ) {
    return { plan: null, planProblem: error.message };
  }
  throw error;
}
