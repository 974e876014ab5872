import {
  type IncidentConfig,
  type IncidentSignal,
  type LedgerEntry,
  type Moment,
  severityNames,
} from "@slipway/contracts";
import type { Message } from "../../ports/notifier.ts";
import type { IncidentRecord } from "../incident-record.ts";
import { responseClock } from "./response-clock.ts";

export interface IncidentMessageOptions {
  /** Milliseconds since the epoch, on the target's clock. */
  readonly now: number;
  readonly flags: string;
  readonly config?: Pick<IncidentConfig, "respondWithinMinutes">;
  /** Whether it should have been told before. */
  readonly isLate: boolean;
}

/** So many lines are read; the ledger has all of them. */
const MOST_LINES = 5;

/**
 * What people are told of an entry about an incident.
 *
 * @param record the incident as it is now
 */
export function incidentMessage(
  { at, by, body, environment, sequence }: LedgerEntry,
  moment: Moment,
  record: IncidentRecord,
  { now, flags, config, isLate }: IncidentMessageOptions,
): Message {
  const { id, title, severity } = record;
  const command = (verb: string, rest = "") => `slipway incident ${verb} ${environment} ${id}${flags}${rest}`;
  const bad = `severity ${severity}, ${severityNames[severity]}`;
  const of = `${id} of ${environment}`;
  const clock = config && responseClock(record, config, now);
  const until = clock?.state === "due" ? [`Somebody has to acknowledge it until ${clock.dueAt}.`] : [];
  const about = { moment, environment, release: null, incident: id, entry: sequence };
  const message = (headline: string, lines: readonly string[], next: string): Message => ({
    ...{ ...about, title: headline, next },
    text: [...lines, ...(isLate ? [`told late: it was at ${at}`] : [])].join("\n"),
  });
  const answer = record.state === "open" ? command("ack") : command("show");
  switch (body.type) {
    case "incident.opened":
      return message(
        `${of} (${bad}): ${title}`,
        [...record.reasons, `It began at ${body.startedAt}.`, ...signalLines(body.signals), ...until],
        answer,
      );
    case "incident.reopened":
      return message(`${of} is back (${bad}): ${title}`, [body.reason, ...signalLines(body.signals), ...until], answer);
    case "incident.classified":
      return message(`${of} is worse (${bad}): ${title}`, [...body.reasons, ...until], answer);
    case "incident.escalated":
      return message(
        `Nobody has acknowledged ${of} (${bad}): ${title}`,
        [`Escalation ${body.level}: ${body.reason}.`, ...record.reasons],
        answer,
      );
    case "incident.noted":
      return message(`${of}: ${title}`, [body.text, `${by.name}, at ${at}; ${bad}, ${record.state}.`], command("show"));
    case "incident.action-ended": {
      const action = record.actions.find((each) => each.id === body.action);
      const done = action === undefined ? body.found : `${action.command}: ${body.found}`;
      return message(
        `${of} is mitigated: ${title}`,
        [done, "It is not over before its numbers are good again for a while."],
        command("resolve"),
      );
    }
    case "incident.resolved": {
      const { verdict, override } = body;
      const word = override === undefined ? [] : [`${by.name} says that it is over: ${override}`];
      return message(
        `${of} is resolved: ${title}`,
        [...word, verdict.reason, hitLine(record)].filter(Boolean),
        command("show"),
      );
    }
    default:
      throw new Error(`nobody is told of ${body.type}`);
  }
}

function signalLines(signals: readonly IncidentSignal[]): string[] {
  const more = signals.length - MOST_LINES;
  return [...signals.slice(0, MOST_LINES).map(({ what }) => what), ...(more > 0 ? [`and ${more} more`] : [])];
}

function hitLine({ impact, startedAt, resolvedAt }: IncidentRecord): string {
  const lasted = resolvedAt === undefined ? "" : `It hurt from ${startedAt} to ${resolvedAt}`;
  const count = (of: number) => of.toLocaleString("en-US");
  return impact === undefined
    ? `${lasted}.`
    : `${lasted}: ${count(impact.failed)} of ${count(impact.requests)} requests failed, ${count(impact.slow)} were slow.`;
}
