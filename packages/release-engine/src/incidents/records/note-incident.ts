import type { IncidentItem } from "@slipway/contracts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

export interface IncidentNoteRequest extends IncidentRequest {
  readonly text: string;
  /** A line of the checklist; `update`: what stakeholders are told; `action-item`; `note`: all else. */
  readonly about: IncidentItem | "update" | "action-item" | "note";
}

/**
 * Writes down what somebody has found out, done or decided; of an incident that is over, too. What the same person has just said is not
 * written twice.
 *
 * @throws {ReleaseError} when there is no such incident, or the ledger cannot be read or written
 */
export function noteIncident(ledger: IncidentLedger, request: IncidentNoteRequest): Promise<IncidentWrite> {
  const { incident, about, by } = request;
  const text = request.text.trim();
  return changeIncident(ledger, request, ({ notes }) => {
    const last = notes.findLast((note) => note.about === about);
    const isSaid = last?.text === text && last.by === by.name;
    return isSaid ? undefined : { type: "incident.noted", incident, about, text };
  });
}
