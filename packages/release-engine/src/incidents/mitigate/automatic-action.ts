import type { ActionKind, IncidentConfig, Proposal } from "@slipway/contracts";
import { isUnderWay } from "../detect/incident-for.ts";
import type { IncidentRecord } from "../incident-record.ts";

/** An action whose process was killed is taken up again after that: nobody is at it any more, or the lease says who is. */
const FORGOTTEN_MS = 300_000;

/**
 * What may be done about an incident without a person: what was proposed for it, where that is safe, the configuration lets it, and it was
 * not tried before. What has not helped once is for people.
 *
 * @param now milliseconds since the epoch, on the target's clock
 */
export function automaticAction(
  record: IncidentRecord,
  { automatic }: Pick<IncidentConfig, "automatic">,
  now: number,
): Proposal | undefined {
  const { proposal, actions } = record;
  if (!isUnderWay(record) || proposal === undefined || !proposal.safe || !isAllowed(proposal.kind, automatic)) {
    return undefined;
  }
  const before = actions.filter(({ kind }) => kind === proposal.kind);
  const isForgotten = before.every(
    ({ state, startedAt }) => state === "running" && now - Date.parse(startedAt) >= FORGOTTEN_MS,
  );
  return before.length === 0 || isForgotten ? proposal : undefined;
}

function isAllowed(kind: ActionKind, automatic: IncidentConfig["automatic"]): boolean {
  return (kind === "rollback-code" && automatic.rollback) || (kind === "unlock" && automatic.unlock);
}
