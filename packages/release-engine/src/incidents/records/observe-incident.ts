import type { IncidentImpact, IncidentSignal } from "@slipway/contracts";
import type { IncidentRecord } from "../incident-record.ts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

export interface ObserveRequest extends IncidentRequest {
  /** All that fire now; none, when it is quiet. */
  readonly signals: readonly IncidentSignal[];
  readonly impact?: IncidentImpact;
}

/** A number is news when it has grown to twice of what was written down, or shrunk to half of it: so that a long incident has few entries. */
const NEWS_FACTOR = 2;

/**
 * Writes down what a look has found, where that is another than before: other signals fire, or one of their numbers, or the count of
 * failed requests, is another by a factor of two. Of an incident that is over nothing is written: `reopenIncident` does that.
 *
 * @throws {ReleaseError} when there is no such incident, or the ledger cannot be read or written
 */
export function observeIncident(ledger: IncidentLedger, request: ObserveRequest): Promise<IncidentWrite> {
  const { incident, signals, impact } = request;
  return changeIncident(ledger, request, (record) => {
    const isOver = record.state === "resolved" || record.state === "closed";
    if (isOver || !isNews(record, signals, impact)) {
      return undefined;
    }
    return { type: "incident.observed", incident, signals: [...signals], ...(impact && { impact }) };
  });
}

function isNews(
  record: IncidentRecord,
  signals: readonly IncidentSignal[],
  impact: IncidentImpact | undefined,
): boolean {
  const firing = record.signals.filter(({ clearedAt }) => clearedAt === undefined);
  const known = new Map(firing.map((signal) => [signal.id, signal]));
  const hasChanged = signals.some((signal) => {
    const before = known.get(signal.id);
    return before === undefined || before.version !== signal.version || isOther(before.value, signal.value);
  });
  const ids = new Set(signals.map(({ id }) => id));
  const isWorse = impact !== undefined && (record.impact === undefined || isOther(record.impact.failed, impact.failed));
  return hasChanged || firing.some(({ id }) => !ids.has(id)) || isWorse;
}

function isOther(before: number | undefined, now: number | undefined): boolean {
  if (before === undefined || now === undefined) {
    return before !== now;
  }
  const [less, more] = [before, now].map(Math.abs).sort((left, right) => left - right) as [number, number];
  return before !== now && more >= less * NEWS_FACTOR;
}
