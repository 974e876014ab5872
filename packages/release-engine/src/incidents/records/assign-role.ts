import type { IncidentRole } from "@slipway/contracts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

/**
 * Says who does what in an incident.
 *
 * @throws {ReleaseError} when there is no such incident, or the ledger cannot be read or written
 */
export function assignRole(
  ledger: IncidentLedger,
  request: IncidentRequest & { readonly role: IncidentRole; readonly person: string },
): Promise<IncidentWrite> {
  const { incident, role } = request;
  const person = request.person.trim();
  return changeIncident(ledger, request, ({ roles }) =>
    roles[role] === person ? undefined : { type: "incident.role", incident, role, person },
  );
}
