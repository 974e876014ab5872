import type { ActionKind, IncidentConfig, LedgerBody, LedgerEntry, Moment, Severity } from "@slipway/contracts";
import type { Message } from "../../ports/notifier.ts";
import type { IncidentRecord } from "../incident-record.ts";
import { incidents } from "../incidents.ts";
import { incidentMessage } from "./incident-message.ts";

/**
 * Whoever writes something down tells people of it in the next moment. Who finds after this time that nobody was told takes it that the
 * other one was killed.
 */
const LATE_MS = 60_000;

export interface MissedOptions {
  /** Milliseconds since the epoch, on the target's clock. */
  readonly now: number;
  /** What commands to type next need after the environment's name. */
  readonly flags: string;
  /** Whether nobody needs to hear of what was written down then. */
  readonly isStale?: (at: number) => boolean;
  /** Numbers of the entries that this process has written: they are told at once. */
  readonly own?: ReadonlySet<number>;
  /** Says until when somebody has to answer, where it is known. */
  readonly config?: Pick<IncidentConfig, "respondWithinMinutes">;
}

const DAY_MS = 86_400_000;

/**
 * What people have to be told of incidents, and were not: each entry that matters to them is told once, whoever tells it, and whatever else
 * was told of the same or of another incident. What does not matter any more, because of what was written since, is not told.
 */
export function missedIncidentMessages(entries: readonly LedgerEntry[], options: MissedOptions): readonly Message[] {
  const { now, own, isStale = (at) => now - at > DAY_MS } = options;
  const records = new Map(incidents(entries).map((record) => [record.id, record]));
  const told = new Set(
    entries.flatMap(({ body }) => (body.type === "notification.sent" && body.entry !== undefined ? [body.entry] : [])),
  );
  const severities = new Map<string, Severity>();
  const isNoHelp = (incident: string, action: string) =>
    NO_HELP.has(records.get(incident)?.actions.find(({ id }) => id === action)?.kind ?? "look");
  return entries.flatMap((entry, index) => {
    const { body } = entry;
    const incident = "incident" in body ? body.incident : undefined;
    if (incident === undefined) {
      return [];
    }
    const moment = momentOf(body, severities.get(incident), isNoHelp);
    if (body.type === "incident.opened" || body.type === "incident.classified") {
      severities.set(incident, body.severity);
    }
    const record = records.get(incident);
    if (moment === undefined || record === undefined || told.has(entry.sequence)) {
      return [];
    }
    const at = Date.parse(entry.at);
    const isLate = now - at >= LATE_MS;
    const isMine = own?.has(entry.sequence) === true;
    if ((!isMine && !isLate) || isStale(at) || isMoot(moment, record, entries.slice(index + 1))) {
      return [];
    }
    return [incidentMessage(entry, moment, record, { ...options, isLate })];
  });
}

/** What mitigates nothing by itself. */
const NO_HELP: ReadonlySet<ActionKind> = new Set(["wait", "look"]);

/** @param before how bad it was until then */
function momentOf(
  body: LedgerBody,
  before: Severity | undefined,
  isNoHelp: (incident: string, action: string) => boolean,
): Moment | undefined {
  switch (body.type) {
    case "incident.opened":
    case "incident.reopened":
      return "incident-opened";
    case "incident.classified":
      return before !== undefined && body.severity < before ? "incident-worse" : undefined;
    case "incident.escalated":
      return "incident-overdue";
    case "incident.noted":
      return body.about === "update" ? "incident-update" : undefined;
    case "incident.action-ended":
      return body.outcome === "done" && !isNoHelp(body.incident, body.action) ? "incident-mitigated" : undefined;
    case "incident.resolved":
      return "incident-resolved";
    default:
      return undefined;
  }
}

/** Whether something else is true by now, which has a message of its own. */
function isMoot(moment: Moment, record: IncidentRecord, later: readonly LedgerEntry[]): boolean {
  const isOver = record.state === "resolved" || record.state === "closed";
  const hasLater = (type: LedgerBody["type"]) =>
    later.some(({ body }) => body.type === type && "incident" in body && body.incident === record.id);
  switch (moment) {
    case "incident-opened":
      return isOver || hasLater("incident.reopened");
    case "incident-worse":
      return isOver || hasLater("incident.classified") || hasLater("incident.reopened");
    case "incident-overdue":
      return record.state !== "open" || hasLater("incident.escalated") || hasLater("incident.acknowledged");
    case "incident-mitigated":
      return isOver || hasLater("incident.reopened");
    case "incident-resolved":
      return hasLater("incident.reopened");
    default:
      return false;
  }
}
