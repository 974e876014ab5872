import type { IncidentConfig, IncidentReport, LedgerEntry } from "@slipway/contracts";
import { type IncidentRecord, incidentChecklist, incidentTimeline, releases } from "@slipway/release-engine";
import { incidentSummary } from "./incident-summary.ts";
import { nextCommand } from "./incident-words.ts";

/** What releases did so long before it began to hurt is a part of its timeline. */
const BEFORE_MS = 2 * 3_600_000;

export interface ReportPlace {
  readonly environment: string;
  readonly target: { readonly label: string; readonly flags: string };
  readonly config: Pick<IncidentConfig, "respondWithinMinutes">;
  /** Milliseconds since the epoch, on the target's clock. */
  readonly now: number;
}

/**
 * Everything that the ledger tells of an incident.
 *
 * @param entries all of the ledger's, those of releases among them
 */
export function incidentReport(
  record: IncidentRecord,
  entries: readonly LedgerEntry[],
  { environment, target, config, now }: ReportPlace,
): IncidentReport {
  const { reasons, signals, impact, resolution, suspects, proposal, actions, roles, startedAt } = record;
  const overAt = record.closedAt ?? record.resolution?.at;
  const from = Date.parse(startedAt) - BEFORE_MS;
  const to = overAt === undefined ? now : Date.parse(overAt);
  return {
    ...{ version: 1, environment, target: target.label, now: new Date(now).toISOString() },
    ...incidentSummary(record, config, now),
    ...{ reasons: [...reasons], signals: [...signals], impact: impact ?? null, resolution: resolution ?? null },
    ...{ suspects: [...suspects], proposal: proposal ?? null, actions: [...actions], roles: { ...roles } },
    lastRelease: lastRelease(entries, startedAt),
    timeline: [...incidentTimeline({ record, entries, alarms: [], from, to })],
    checklist: [...incidentChecklist(record, entries, { environment, flags: target.flags })],
    next: nextCommand(record, environment, target.flags),
  };
}

function lastRelease(entries: readonly LedgerEntry[], before: string): IncidentReport["lastRelease"] {
  const live = releases(entries).flatMap(({ id, liveAt, startedBy: by, plan }) =>
    liveAt !== undefined && Date.parse(liveAt) <= Date.parse(before)
      ? [{ release: id, liveAt, by, commit: plan.source.commit }]
      : [],
  );
  return live.toSorted((left, right) => Date.parse(left.liveAt) - Date.parse(right.liveAt)).at(-1) ?? null;
}
