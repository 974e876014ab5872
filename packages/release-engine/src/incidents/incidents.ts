import { type IncidentSignal, type LedgerBody, type LedgerEntry, type Severity, severities } from "@slipway/contracts";
import type { IncidentAction, IncidentRecord, IncidentResponse } from "./incident-record.ts";

type IncidentBody = Extract<LedgerBody, { incident: string; type: `incident.${string}` }>;

/** The incidents of an environment, oldest first, as its ledger's entries tell them. */
export function incidents(entries: readonly LedgerEntry[]): IncidentRecord[] {
  const records = new Map<string, IncidentRecord>();
  for (const entry of entries) {
    const { body } = entry;
    if (!isAboutIncident(body)) {
      continue;
    }
    if (body.type === "incident.opened") {
      records.set(body.incident, opened(entry, body));
      continue;
    }
    const record = records.get(body.incident);
    if (record !== undefined) {
      records.set(body.incident, changed(record, entry, body));
    }
  }
  return [...records.values()];
}

function isAboutIncident(body: LedgerBody): body is IncidentBody {
  return body.type.startsWith("incident.");
}

function opened({ at, by }: LedgerEntry, body: Extract<IncidentBody, { type: "incident.opened" }>): IncidentRecord {
  const { incident: id, title, severity, reasons, startedAt, signals, openedBy } = body;
  return {
    ...{ id, title, severity, reasons, startedAt, state: "open", classifiedBy: openedBy },
    ...{ openedAt: at, openedBy: by.name, signals: signals.map((signal) => ({ ...signal, lastSeenAt: at })) },
    response: { since: sinceOf(severity, at) },
    ...{ escalations: 0, suspects: [], actions: [], notes: [], roles: {}, reopened: 0 },
  };
}

function changed(record: IncidentRecord, { at, by }: LedgerEntry, body: IncidentBody): IncidentRecord {
  switch (body.type) {
    case "incident.observed": {
      const seen = { ...record, signals: withSignals(record.signals, body.signals, at) };
      return body.impact === undefined ? seen : { ...seen, impact: body.impact };
    }
    case "incident.classified": {
      const { severity, reasons, classifiedBy } = body;
      return { ...record, severity, reasons, classifiedBy, ...asked(record, severity, at) };
    }
    case "incident.acknowledged":
      // Who is at it already has answered; the first one counts.
      return record.state === "open"
        ? {
            ...record,
            acknowledgedAt: record.acknowledgedAt ?? at,
            acknowledgedBy: record.acknowledgedBy ?? by.name,
            state: "acknowledged",
            response: { ...record.response, answered: { at, by: by.name, severity: record.severity } },
          }
        : record;
    case "incident.escalated":
      return { ...record, escalations: body.level, escalatedDueAt: body.dueAt };
    case "incident.investigated":
      return { ...record, suspects: body.suspects, proposal: body.proposal };
    case "incident.action-started": {
      const { action: id, kind, command, because, automatic } = body;
      const action: IncidentAction = {
        id,
        kind,
        command,
        because,
        automatic,
        by: by.name,
        startedAt: at,
        state: "running",
      };
      return { ...record, actions: [...record.actions, action] };
    }
    case "incident.action-ended": {
      const { outcome: state, found, release } = body;
      const ended = { state, found, endedAt: at, ...(release === undefined ? {} : { release }) };
      return {
        ...record,
        actions: record.actions.map((each) => (each.id === body.action ? { ...each, ...ended } : each)),
      };
    }
    case "incident.noted":
      return { ...record, notes: [...record.notes, { at, by: by.name, about: body.about, text: body.text }] };
    case "incident.role":
      return { ...record, roles: { ...record.roles, [body.role]: body.person } };
    case "incident.resolved": {
      const { resolvedAt, verdict, override, impact } = body;
      return {
        ...record,
        ...{ state: "resolved", resolvedAt, signals: withSignals(record.signals, [], at) },
        resolution: { verdict, by: by.name, at, ...(override === undefined ? {} : { override }) },
        ...(impact === undefined ? {} : { impact }),
      };
    }
    case "incident.reopened": {
      const { resolvedAt: _, resolution: __, closedAt: ___, ...open } = record;
      return {
        ...open,
        ...{ state: "open", reopened: record.reopened + 1 },
        ...{ response: { since: sinceOf(record.severity, at) }, escalations: 0 },
        signals: withSignals(record.signals, body.signals, at),
      };
    }
    case "incident.closed":
      return { ...record, state: "closed", closedAt: at };
    default:
      return record;
  }
}

/** Whom a new severity asks: those who have answered only where it is worse than what they answered to. */
function asked(
  { state, severity: before, response }: IncidentRecord,
  severity: Severity,
  at: string,
): Partial<Pick<IncidentRecord, "state" | "response" | "escalations">> {
  if (state === "open") {
    // At least as bad as something milder it was when it was worse, too.
    const since = severity < before ? at : response.since[before];
    return { response: { since: { ...sinceOf(severity, since ?? at), ...keptOf(response, severity) } } };
  }
  const answered = response.answered?.severity ?? before;
  return state === "acknowledged" && severity < answered
    ? { state: "open", response: { since: sinceOf(severity, at) }, escalations: 0 }
    : {};
}

function sinceOf(severity: Severity, at: string): IncidentResponse["since"] {
  return Object.fromEntries(severities.filter((each) => each >= severity).map((each) => [each, at]));
}

function keptOf({ since }: IncidentResponse, severity: Severity): IncidentResponse["since"] {
  return Object.fromEntries(
    severities.flatMap((each) => (each >= severity && since[each] ? [[each, since[each]]] : [])),
  );
}

/** What fires now is as it was seen now; what does not any more has ended. */
function withSignals(
  known: IncidentRecord["signals"],
  firing: readonly IncidentSignal[],
  at: string,
): IncidentRecord["signals"] {
  const now = new Map(firing.map((signal) => [signal.id, signal]));
  const kept = known.map((signal) => {
    const seen = now.get(signal.id);
    if (seen === undefined) {
      return signal.clearedAt === undefined ? { ...signal, clearedAt: at } : signal;
    }
    // It began when it was first seen to, also where it has come back.
    return { ...seen, since: signal.since, lastSeenAt: at };
  });
  const ids = new Set(known.map(({ id }) => id));
  return [...kept, ...firing.filter(({ id }) => !ids.has(id)).map((signal) => ({ ...signal, lastSeenAt: at }))];
}
