import { type IncidentSpreads, type IncidentStatistics, type LedgerEntry, severities } from "@slipway/contracts";
import type { IncidentRecord } from "../incident-record.ts";
import { incidents } from "../incidents.ts";
import { incidentTimes } from "./incident-times.ts";

const DAY_MS = 86_400_000;

/** Over which incidents: milliseconds since the epoch on the target's clock. */
export interface StatisticsQuestion {
  readonly environment: string;
  /** Only those that were opened from then on; the ledger's first entry, unless given. */
  readonly since?: number;
  readonly now: number;
}

/** How often there are incidents, and how long they take to be detected, acknowledged, mitigated and resolved. */
export function incidentStatistics(
  entries: readonly LedgerEntry[],
  { environment, since, now }: StatisticsQuestion,
): IncidentStatistics {
  const begin = Math.min(now, since ?? Date.parse(entries[0]?.at ?? new Date(now).toISOString()));
  const records = incidents(entries).filter(({ openedAt }) => Date.parse(openedAt) >= begin);
  const days = (now - begin) / DAY_MS;
  return {
    ...{ version: 1, environment },
    ...{ from: new Date(begin).toISOString(), to: new Date(now).toISOString() },
    per30Days: days < 1 ? null : (30 * records.length) / days,
    all: groupOf(records, entries),
    bySeverity: severities.map((severity) => ({
      severity,
      ...groupOf(
        records.filter((record) => record.severity === severity),
        entries,
      ),
    })),
  };
}

function groupOf(records: readonly IncidentRecord[], entries: readonly LedgerEntry[]): IncidentStatistics["all"] {
  return {
    incidents: records.length,
    unresolved: records.filter(({ state }) => state === "open" || state === "acknowledged").length,
    reopened: records.reduce((sum, each) => sum + each.reopened, 0),
    openedByRule: records.filter((record) => isOpenedByRule(record, entries)).length,
    times: spreadsOf(records, entries),
  };
}

function isOpenedByRule({ id }: IncidentRecord, entries: readonly LedgerEntry[]): boolean {
  return entries.some(
    ({ body }) => body.type === "incident.opened" && body.incident === id && body.openedBy === "rule",
  );
}

function spreadsOf(records: readonly IncidentRecord[], entries: readonly LedgerEntry[]): IncidentSpreads {
  const times = records.map((record) => incidentTimes(record, entries));
  const between = (
    from: (each: (typeof times)[number]) => string,
    to: (each: (typeof times)[number]) => string | null,
  ) =>
    spreadOf(
      times.flatMap((each) => {
        const end = to(each);
        // The numbers are by the minute, people are not: what was over before it was written down took no time.
        return end === null ? [] : [Math.max(0, Date.parse(end) - Date.parse(from(each))) / 1_000];
      }),
    );
  return {
    detect: between(
      ({ startedAt }) => startedAt,
      ({ detectedAt }) => detectedAt,
    ),
    acknowledge: between(
      ({ detectedAt }) => detectedAt,
      ({ acknowledgedAt }) => acknowledgedAt,
    ),
    mitigate: between(
      ({ startedAt }) => startedAt,
      ({ mitigatedAt }) => mitigatedAt,
    ),
    resolve: between(
      ({ startedAt }) => startedAt,
      ({ resolvedAt }) => resolvedAt,
    ),
  };
}

/** Median as the middle, or the mean of the middle two; 90th percentile by the nearest rank. */
function spreadOf(seconds: readonly number[]): IncidentSpreads["detect"] {
  const sorted = seconds.toSorted((left, right) => left - right);
  const { length } = sorted;
  const at = (index: number) => sorted[index] ?? 0;
  return length === 0
    ? null
    : {
        count: length,
        medianSeconds: (at(Math.floor((length - 1) / 2)) + at(Math.floor(length / 2))) / 2,
        p90Seconds: at(Math.ceil(0.9 * length) - 1),
      };
}
