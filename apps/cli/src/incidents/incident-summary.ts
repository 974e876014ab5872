import type { IncidentConfig, IncidentSummary } from "@slipway/contracts";
import { type IncidentRecord, responseClock } from "@slipway/release-engine";

/**
 * An incident in a line, for programs.
 *
 * @param now milliseconds since the epoch, on the target's clock
 */
export function incidentSummary(
  record: IncidentRecord,
  config: Pick<IncidentConfig, "respondWithinMinutes">,
  now: number,
): IncidentSummary {
  const { id: incident, title, state, severity, classifiedBy, startedAt, openedAt, openedBy, reopened } = record;
  const clock = responseClock(record, config, now);
  const { dueAt, lateMs, leftMs, nextEscalationAt = null } = clock;
  return {
    ...{ incident, title, state, severity, classifiedBy, startedAt, openedAt, openedBy },
    ...{ acknowledgedAt: record.acknowledgedAt ?? null, acknowledgedBy: record.acknowledgedBy ?? null },
    ...{ resolvedAt: record.resolvedAt ?? null, closedAt: record.closedAt ?? null, reopened },
    clock: { state: clock.state, dueAt, lateMs, leftMs, escalations: record.escalations, nextEscalationAt },
  };
}
