import { type Dependencies, haveOneCause, topicOf } from "@slipway/analysis";
import type { IncidentSignal } from "@slipway/contracts";
import type { IncidentRecord } from "../incident-record.ts";

/** What comes back within this time has not been cured: it is the same incident. */
const LATELY_MS = 60 * 60_000;

/** Whether an incident is not over. */
export function isUnderWay({ state }: Pick<IncidentRecord, "state">): boolean {
  return state === "open" || state === "acknowledged";
}

/**
 * The incident that signals of one cause belong to: one that is under way, or was over a moment ago, whose signals they are, or have one
 * cause with; undefined where it is a new one.
 *
 * @param now milliseconds since the epoch, on the target's clock
 */
export function incidentFor(
  signals: readonly IncidentSignal[],
  records: readonly IncidentRecord[],
  dependencies: Dependencies,
  now: number,
): IncidentRecord | undefined {
  const underWay = records.filter(isUnderWay);
  const lately = records.filter((record) => !isUnderWay(record) && now - overAt(record) <= LATELY_MS);
  return (
    underWay.findLast((record) => knows(record, signals)) ??
    underWay.findLast((record) => belongTo(record, signals, dependencies, now)) ??
    lately.findLast((record) => knows(record, signals) || belongTo(record, signals, dependencies, now))
  );
}

function overAt({ resolution, resolvedAt, closedAt, openedAt }: IncidentRecord): number {
  return Date.parse(resolution?.at ?? resolvedAt ?? closedAt ?? openedAt);
}

function knows(record: IncidentRecord, signals: readonly IncidentSignal[]): boolean {
  return record.signals.some(({ id }) => signals.some((signal) => signal.id === id));
}

/** Whether signals have one cause with those of an incident, which go on until they have cleared. */
export function belongTo(
  record: IncidentRecord,
  signals: readonly IncidentSignal[],
  dependencies: Dependencies,
  now: number,
): boolean {
  if (record.signals.length === 0) {
    // Somebody has seen it before any rule did.
    const openedAt = Date.parse(record.openedAt);
    return signals.some(
      ({ kind, since }) => topicOf(kind) === "service" && Math.abs(Date.parse(since) - openedAt) <= LATELY_MS,
    );
  }
  const at = new Date(now).toISOString();
  return record.signals.some(({ kind, resource, clearedAt }) =>
    signals.some((signal) => haveOneCause({ kind, resource, since: clearedAt ?? at }, signal, dependencies)),
  );
}
