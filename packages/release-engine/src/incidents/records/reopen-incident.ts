import type { IncidentSignal } from "@slipway/contracts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

export interface ReopenRequest extends IncidentRequest {
  /** What fires again. */
  readonly signals: readonly IncidentSignal[];
  readonly reason: string;
  /** ISO time at which that was measured: what was measured before it was resolved has not come back. By default now. */
  readonly seenAt?: string;
}

/**
 * Says that what was over has come back; it has to be acknowledged again.
 *
 * @returns without an entry where it is not over, or was resolved after the measurement
 * @throws {ReleaseError} when there is no such incident, or the ledger cannot be read or written
 */
export function reopenIncident(ledger: IncidentLedger, request: ReopenRequest): Promise<IncidentWrite> {
  const { incident, signals, reason, seenAt } = request;
  return changeIncident(ledger, request, ({ state, resolution }) => {
    const isOver = state === "resolved" || state === "closed";
    const wasBefore =
      seenAt !== undefined && resolution !== undefined && Date.parse(seenAt) < Date.parse(resolution.at);
    return isOver && !wasBefore ? { type: "incident.reopened", incident, signals: [...signals], reason } : undefined;
  });
}
