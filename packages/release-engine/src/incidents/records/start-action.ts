import type { ActionKind } from "@slipway/contracts";
import type { IncidentAction } from "../incident-record.ts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

export interface StartActionRequest extends IncidentRequest {
  readonly kind: ActionKind;
  /** As a person would type it. */
  readonly command: string;
  readonly because: string;
  readonly automatic: boolean;
}

/** `entry` is undefined where the same is under way already: then it is not for whoever asked to do it. */
export interface StartedAction extends IncidentWrite {
  readonly action: IncidentAction;
}

/**
 * Writes down that something is about to be done about an incident, before it is done.
 *
 * @returns the action; the one that is under way, without an entry, where the same was begun and has not ended
 * @throws {ReleaseError} when there is no such incident, or the ledger cannot be read or written
 */
export async function startAction(ledger: IncidentLedger, request: StartActionRequest): Promise<StartedAction> {
  const { incident, kind, command, because, automatic } = request;
  let id = "";
  const write = await changeIncident(ledger, request, ({ actions }) => {
    const running = actions.findLast((each) => each.state === "running" && each.kind === kind);
    id = running?.id ?? `a${actions.length + 1}`;
    return running === undefined
      ? { type: "incident.action-started", incident, action: id, kind, command, because, automatic }
      : undefined;
  });
  const action = write.record.actions.find((each) => each.id === id);
  if (action === undefined) {
    throw new Error(`the action ${id} of ${incident} that was written down is not in the ledger`);
  }
  return { ...write, action };
}
