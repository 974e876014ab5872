import type { IncidentTimes, LedgerEntry } from "@slipway/contracts";
import { hasHelped } from "../has-helped.ts";
import type { IncidentAction, IncidentRecord } from "../incident-record.ts";
import { type Cure, curesOf } from "./cures-of.ts";

/**
 * When an incident came to its turns. Mitigated it is by the last thing that was done before it was resolved: an action of the incident, or a
 * rollback that somebody ran without one.
 *
 * @param entries of the ledger, the incident's and the releases' among them
 */
export function incidentTimes(record: IncidentRecord, entries: readonly LedgerEntry[]): IncidentTimes {
  const { startedAt, openedAt: detectedAt, acknowledgedAt, resolvedAt, closedAt } = record;
  return {
    ...{ startedAt, detectedAt, acknowledgedAt: acknowledgedAt ?? null },
    mitigatedAt: mitigatedAt(record, entries),
    ...{ resolvedAt: resolvedAt ?? null, closedAt: closedAt ?? null },
  };
}

function mitigatedAt({ id, actions, startedAt, resolvedAt }: IncidentRecord, entries: readonly LedgerEntry[]) {
  const cures = curesOf(entries, startedAt);
  // What was done after it was written down as resolved was no part of its cure; reopened, it is not resolved.
  const until = resolvedAt === undefined ? undefined : resolutionOf(id, entries)?.at;
  const moments = [...actions.flatMap((action) => helpedAt(action, cures) ?? []), ...cures.map(({ at }) => at)];
  const within = moments.filter((at) => at >= startedAt && (until === undefined || at <= until));
  return within.toSorted().at(-1) ?? null;
}

function helpedAt(action: IncidentAction, cures: readonly Cure[]): string | undefined {
  return hasHelped(action)
    ? (cures.find((cure) => cure.release.id === action.release)?.at ?? action.endedAt)
    : undefined;
}

function resolutionOf(incident: string, entries: readonly LedgerEntry[]): LedgerEntry | undefined {
  return entries.findLast(({ body }) => body.type === "incident.resolved" && body.incident === incident);
}
