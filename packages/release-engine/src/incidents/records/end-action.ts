import { ReleaseError } from "../../release-error.ts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

export interface EndActionRequest extends IncidentRequest {
  /** `a1`. */
  readonly action: string;
  /** `waits`: for people; it can end again. */
  readonly outcome: "done" | "failed" | "waits";
  /** What came of it. */
  readonly found: string;
  /** The release that it was done by. */
  readonly release?: string;
}

/**
 * Writes down what came of an action.
 *
 * @returns without an entry where it has ended already
 * @throws {ReleaseError} when there is no such incident or action, or the ledger cannot be read or written
 */
export function endAction(ledger: IncidentLedger, request: EndActionRequest): Promise<IncidentWrite> {
  const { incident, action: id, outcome, found, release, flags = "" } = request;
  return changeIncident(ledger, request, ({ actions }) => {
    const action = actions.find((each) => each.id === id);
    if (action === undefined) {
      throw new ReleaseError({
        kind: "usage",
        what: `${incident} has no action ${id}`,
        why: `it has ${actions.length === 0 ? "none" : actions.map((each) => each.id).join(", ")}`,
        next: `look at it: slipway incident show ${ledger.environment} ${incident}${flags}`,
      });
    }
    const isSaid = action.state === "done" || action.state === "failed" || action.state === outcome;
    return isSaid
      ? undefined
      : { type: "incident.action-ended", incident, action: id, outcome, found, ...(release && { release }) };
  });
}
