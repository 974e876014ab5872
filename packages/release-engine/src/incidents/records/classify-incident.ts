import type { Severity } from "@slipway/contracts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

export interface ClassifyRequest extends IncidentRequest {
  readonly severity: Severity;
  /** Why it is that bad: with numbers. */
  readonly reasons: readonly string[];
  readonly classifiedBy: "rule" | "person";
}

/**
 * Says how bad an incident is. A rule only makes it worse, and changes nothing that a person has said: an incident is as bad as it got, also
 * while it gets better. Where it is worse than what somebody has acknowledged, it has to be acknowledged again.
 *
 * @throws {ReleaseError} when there is no such incident, or the ledger cannot be read or written
 */
export function classifyIncident(ledger: IncidentLedger, request: ClassifyRequest): Promise<IncidentWrite> {
  const { incident, severity, reasons, classifiedBy } = request;
  return changeIncident(ledger, request, (record) => {
    const isOver = record.state === "resolved" || record.state === "closed";
    const isForPeople = record.classifiedBy === "person" || isOver || severity >= record.severity;
    const isSaid =
      record.severity === severity &&
      record.classifiedBy === "person" &&
      reasons.join("\n") === record.reasons.join("\n");
    if (classifiedBy === "rule" ? isForPeople : isSaid) {
      return undefined;
    }
    return { type: "incident.classified", incident, severity, reasons: [...reasons], classifiedBy };
  });
}
