import type { IncidentSignal, Severity } from "@slipway/contracts";
import type { IncidentRecord } from "../incident-record.ts";
import { type IncidentLedger, type IncidentRequest, type IncidentWrite, writeIncident } from "./write-incident.ts";

export interface OpenRequest extends Omit<IncidentRequest, "incident"> {
  /** One line. */
  readonly title: string;
  readonly severity: Severity;
  readonly reasons: readonly string[];
  /** ISO time at which it began to hurt. */
  readonly startedAt: string;
  readonly signals: readonly IncidentSignal[];
  readonly openedBy: "rule" | "person";
  /**
   * ISO time at which what is reported was measured: an incident that was resolved since is what it was, and no reason for another. By
   * default it is measured now.
   */
  readonly seenAt?: string;
  /**
   * Whether one that is under way has the same cause. By default one that shares a signal with it, and for what a person says, one that the
   * same person has called by the same title.
   */
  readonly isSame?: (underWay: IncidentRecord) => boolean;
}

/**
 * Opens an incident, unless one is under way for the same cause: also where another process opens it at the same moment.
 *
 * @returns the one that was opened, or the one that is under way, without an entry
 * @throws {ReleaseError} when the ledger cannot be read or written
 */
export function openIncident(ledger: IncidentLedger, request: OpenRequest): Promise<IncidentWrite> {
  const { title, severity, reasons, startedAt, signals, openedBy, by, seenAt } = request;
  const isSame = request.isSame ?? ((record) => sharesSignal(record, signals) || isRepeated(record, request));
  return writeIncident(ledger, { by, ...(request.signal && { signal: request.signal }) }, (records) => {
    const same = records.findLast((record) => isUnderWay(record, seenAt) && isSame(record));
    if (same !== undefined) {
      return { incident: same.id };
    }
    const incident = `i${1 + records.reduce((most, { id }) => Math.max(most, Number(id.slice(1))), 0)}`;
    const body = { type: "incident.opened", incident, title, severity, startedAt, openedBy } as const;
    return { incident, body: { ...body, reasons: [...reasons], signals: [...signals] } };
  });
}

function isUnderWay({ state, resolution, closedAt }: IncidentRecord, seenAt: string | undefined): boolean {
  if (state === "open" || state === "acknowledged") {
    return true;
  }
  const overAt = resolution?.at ?? closedAt;
  return seenAt !== undefined && overAt !== undefined && Date.parse(overAt) > Date.parse(seenAt);
}

function sharesSignal(record: IncidentRecord, signals: readonly IncidentSignal[]): boolean {
  const known = new Set(record.signals.map(({ id }) => id));
  return signals.some(({ id }) => known.has(id));
}

/** Whoever got no answer types it again. */
function isRepeated({ title, openedBy }: IncidentRecord, request: OpenRequest): boolean {
  return request.openedBy === "person" && title === request.title.trim() && openedBy === request.by.name;
}
