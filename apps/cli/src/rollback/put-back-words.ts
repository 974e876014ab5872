import {
  type ReleaseRecord,
  type RollbackDecision,
  restoredWrites,
  restoredWritesWords,
} from "@slipway/release-engine";
import { hasMovedTraffic } from "@slipway/release-plan";

type InPlace = Extract<RollbackDecision, { way: "put-back" | "go-on" }>;

/** What a rollback would do that needs no plan of its own, in a sentence or two. */
export function putBackWords(decision: InPlace, to: string | undefined): string {
  const { record } = decision;
  const { id, plan } = record;
  if (decision.way === "go-on") {
    return `It would go on with ${id}, the rollback from ${plan.rollsBack?.from} to ${plan.rollsBack?.to} that was broken off.`;
  }
  const then =
    decision.goesOn === true
      ? ` Then it would go on${to === undefined ? " with what is asked for" : ` to ${to}`}.`
      : "";
  if (plan.undo !== undefined) {
    return `It would end ${id}, which takes bad writes back: what it has written back stays. To take that back, too: slipway rollback ${plan.environment} data --undo-of ${id}.${then}`;
  }
  if (!hasMovedTraffic(record)) {
    return `It would end ${id}, which has moved no traffic yet. What it has done to the infrastructure stays.${then}`;
  }
  if (decision.straight !== undefined) {
    const straight = decision.straight.map(
      ({ functionName, from, version }) => `${functionName} from version ${from} to ${version}`,
    );
    return `It would send the traffic of ${id} straight to ${to}, and not by the versions before: ${straight.join(", ")}, one call a function. ${id} would end.${then}`;
  }
  const each = movesOf(record);
  const what = each.length === 0 ? "all functions to the versions before it" : each.join(", ");
  const leads =
    plan.rollsBack === undefined ? "" : ` That is what ${plan.rollsBack.from} had, from which ${id} goes back.`;
  return `It would put the traffic of ${id} back: ${what}, one call a function.${leads} ${restWords(record)}${then}`;
}

function restWords(record: ReleaseRecord): string {
  const loss = restoredWrites(record);
  return loss === undefined
    ? "The infrastructure stays as it is."
    : `Terraform gets ${loss.table} back. MIND: ${restoredWritesWords(loss)}.`;
}

function movesOf({ plan, functions }: ReleaseRecord): string[] {
  const moves =
    functions.length > 0
      ? functions.map(({ functionName, version, previousVersion }) => ({ functionName, version, previousVersion }))
      : (plan.rollsBack?.functions ?? []).map(({ functionName, version, from }) => ({
          ...{ functionName, version, previousVersion: from },
        }));
  return moves.map(
    ({ functionName, version, previousVersion }) => `${functionName} from version ${version} to ${previousVersion}`,
  );
}
