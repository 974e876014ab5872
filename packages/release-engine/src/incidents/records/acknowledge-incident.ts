import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

/**
 * Says that somebody is at it: the clock stops, until it gets worse or comes back.
 *
 * @returns without an entry where somebody else was faster, or it is over
 * @throws {ReleaseError} when there is no such incident, or the ledger cannot be read or written
 */
export function acknowledgeIncident(ledger: IncidentLedger, request: IncidentRequest): Promise<IncidentWrite> {
  return changeIncident(ledger, request, ({ id, state }) =>
    state === "open" ? { type: "incident.acknowledged", incident: id } : undefined,
  );
}
