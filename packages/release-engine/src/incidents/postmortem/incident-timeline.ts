import type { LedgerBody, LedgerBodyOf, LedgerEntry, ReleasePlan, StepKind, TimelineLine } from "@slipway/contracts";
import type { AlarmEvent } from "../../ports/alarms.ts";
import type { IncidentRecord } from "../incident-record.ts";

/** What is in a timeline. Times are milliseconds since the epoch on the target's clock. */
export interface TimelineQuestion {
  readonly record: IncidentRecord;
  /** Of the ledger, the incident's and the releases' among them. */
  readonly entries: readonly LedgerEntry[];
  readonly alarms: readonly AlarmEvent[];
  /** From when on releases and alarms belong to it: what changed before it began may be why. */
  readonly from: number;
  readonly to: number;
}

/** Steps of releases that change what runs; the others are a release's own matter. */
const CHANGES: ReadonlySet<StepKind> = new Set([
  ...(["infrastructure.apply", "infrastructure.settle"] as const),
  ...(["traffic.shift", "traffic.promote", "traffic.return", "traffic.restore"] as const),
  ...(["data.freeze", "data.adopt", "data.write-back", "data.thaw"] as const),
]);

/** What happened, oldest first: the incident's own entries, what releases changed, what alarms did, and when it began to hurt. */
export function incidentTimeline({ record, entries, alarms, from, to }: TimelineQuestion): readonly TimelineLine[] {
  const isWithin = (at: number) => at >= from && at <= to;
  const { startedAt, resolvedAt } = record;
  const began: TimelineLine = {
    at: startedAt,
    source: "metrics",
    text: "It begins to hurt, as far as the numbers tell.",
  };
  // By override they need not be.
  const good: TimelineLine[] =
    resolvedAt === undefined || record.resolution?.override !== undefined
      ? []
      : [{ at: resolvedAt, source: "metrics", text: "The numbers are good again from here on." }];
  const seen = new Set<string>();
  const own = entries.flatMap((entry) => ownLine(entry, record.id, seen));
  const others = entries.filter(({ at }) => isWithin(Date.parse(at))).flatMap(releaseLine);
  const lines = [began, ...good, ...own, ...others, ...alarms.filter(({ at }) => isWithin(at)).flatMap(alarmLine)];
  // At the same moment the numbers come first, then what they set off.
  return lines.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
}

function ownLine({ at, by, body }: LedgerEntry, incident: string, seen: Set<string>): TimelineLine[] {
  if (!("incident" in body) || body.incident !== incident) {
    return [];
  }
  const isPersons = body.type === "incident.noted" || body.type === "incident.acknowledged";
  return wordsOf(body, seen).map((text) => ({ at, source: isPersons ? "person" : "incident", by: by.name, text }));
}

/** @param seen ids of signals that fired before; kept up to date here */
function wordsOf(body: LedgerBody, seen: Set<string>): string[] {
  switch (body.type) {
    case "incident.opened":
      seen.clear();
      for (const { id } of body.signals) seen.add(id);
      return [
        `Opened ${body.openedBy === "rule" ? "by rule" : "by hand"} as severity ${body.severity}: ${body.title}. ${body.reasons.join("; ")}`,
        ...body.signals.map(({ what }) => `Seen: ${what}`),
      ];
    case "incident.observed": {
      const fresh = body.signals.filter(({ id }) => !seen.has(id));
      const gone = [...seen].filter((id) => body.signals.every((each) => each.id !== id));
      seen.clear();
      for (const { id } of body.signals) seen.add(id);
      return [
        ...fresh.map(({ what }) => `Seen: ${what}`),
        ...(gone.length === 0 ? [] : [`Not seen any more: ${gone.join(", ")}`]),
      ];
    }
    case "incident.classified":
      return [
        `Severity ${body.severity} ${body.classifiedBy === "rule" ? "by rule" : "by hand"}: ${body.reasons.join("; ")}`,
      ];
    case "incident.acknowledged":
      return ["Acknowledged: somebody is at it."];
    case "incident.escalated":
      return [`Escalated, level ${body.level}: ${body.reason}`];
    case "incident.investigated":
      return [...investigated(body)];
    case "incident.action-started":
      return [
        `${body.action} begun${body.automatic ? " without a person" : ""}: ${body.command}, because ${body.because}`,
      ];
    case "incident.action-ended":
      return [`${body.action} ${body.outcome}: ${body.found}`];
    case "incident.noted":
      return [`${NOTED[body.about] ?? `Noted for ${body.about}`}: ${body.text}`];
    case "incident.role":
      return [`${body.person} is ${body.role}.`];
    case "incident.resolved":
      seen.clear();
      return [
        body.override === undefined
          ? `Resolved: ${body.verdict.reason}`
          : `Resolved by override: ${body.override}. The numbers: ${body.verdict.reason}`,
      ];
    case "incident.reopened":
      for (const { id } of body.signals) seen.add(id);
      return [`Reopened: ${body.reason}`, ...body.signals.map(({ what }) => `Seen: ${what}`)];
    case "incident.closed":
      return [`Closed: ${body.reason}`];
    case "notification.sent":
      return [
        body.outcome === "sent"
          ? `Told ${body.channel}: ${body.moment}`
          : `NOT told ${body.channel}: ${body.moment}${body.detail === undefined ? "" : `, ${body.detail}`}`,
      ];
    default:
      return [];
  }
}

const NOTED: Readonly<Record<string, string>> = {
  note: "Noted",
  update: "Told stakeholders",
  "action-item": "To be done later",
  "root-cause": "Root cause",
};

function* investigated({ suspects, proposal, withoutSources }: LedgerBodyOf<"incident.investigated">) {
  const [first] = suspects;
  yield first === undefined
    ? "Investigated: no release is suspected"
    : `Investigated: ${first.release} is suspected (${Math.round(first.likelihood * 100)} %): ${first.reasons[0]}`;
  yield `Proposed: ${proposal.command}, because ${proposal.because}`;
  if (withoutSources.length > 0) {
    yield `Without ${withoutSources.map(({ source, why }) => `${source} (${why})`).join(", ")}`;
  }
}

function releaseLine({ at, by, release, body }: LedgerEntry): TimelineLine[] {
  const line = (text: string): TimelineLine[] => [{ at, source: "release", by: by.name, text }];
  switch (body.type) {
    case "release.started":
      return line(`${body.plan.release} begins: ${planWords(body.plan)}`);
    case "step.finished":
      return CHANGES.has(body.kind) && body.outcome !== "nothing-to-do"
        ? line(`${release ?? "a release"} ${body.step} ${body.outcome}: ${body.summary}`)
        : [];
    case "release.putting-back":
      return line(`${release ?? "a release"} is put back: ${body.reason}`);
    case "release.paused":
      return line(`${release ?? "a release"} pauses at ${body.step}: ${body.reason}`);
    case "release.ended":
      return line(`${release ?? "a release"} ends ${body.outcome}: ${body.reason}`);
    case "checkpoint.judged":
      return body.verdict === "pass"
        ? []
        : line(`${release ?? "a release"}: checkpoint ${body.window} ${body.verdict}`);
    case "lease.broken":
      return line(`The lease of ${body.holder.command} was broken: ${body.reason}`);
    case "break-glass.reconciled":
      return line(`What was done to the traffic without the ledger was written down: ${body.journal.length} entries`);
    case "state.restored":
      return line(`The Terraform state was restored from ${body.from}`);
    default:
      return [];
  }
}

function planWords({ rollsBack, source }: ReleasePlan): string {
  if (rollsBack !== undefined) {
    return `takes back ${rollsBack.parts.join(" and ")} from ${rollsBack.from} to ${rollsBack.to}`;
  }
  return source.commit === null
    ? "without a commit"
    : `commit ${source.commit.slice(0, 7)}${source.dirty ? " with changes" : ""}`;
}

function alarmLine({ alarm, at, kind, from, to, detail }: AlarmEvent): TimelineLine[] {
  return kind !== "state" || to === undefined
    ? []
    : [
        {
          at: new Date(at).toISOString(),
          source: "alarm",
          text: `${alarm}: ${from === undefined ? "" : `${from} to `}${to}${detail === undefined ? "" : `: ${detail}`}`,
        },
      ];
}
