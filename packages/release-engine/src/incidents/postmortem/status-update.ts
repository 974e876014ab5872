import type { IncidentImpact, SignalKind } from "@slipway/contracts";
import type { IncidentRecord } from "../incident-record.ts";

/** Where an incident stands, as status pages call it. */
export const updateKinds = ["investigating", "identified", "monitoring", "resolved"] as const;

export type UpdateKind = (typeof updateKinds)[number];

/** Whom it is written for: customers learn what they see, and nothing of how it is built; colleagues learn what is known. */
export type UpdateAudience = "customers" | "colleagues";

/**
 * A status update from a template. It promises nothing, and guesses nothing: what is not known is not in it.
 *
 * @param impact as it was measured last; undefined where nobody has
 */
export function statusUpdate(
  record: IncidentRecord,
  impact: IncidentImpact | undefined,
  kind: UpdateKind,
  audience: UpdateAudience = "colleagues",
): string {
  const sentences = audience === "customers" ? forCustomers(record, impact, kind) : forColleagues(record, impact, kind);
  return sentences.filter((sentence) => sentence !== undefined).join(" ");
}

function forCustomers(record: IncidentRecord, impact: IncidentImpact | undefined, kind: UpdateKind) {
  const since = `since ${timeOf(record.startedAt)}`;
  const { now, before } = seenByCustomers(record);
  switch (kind) {
    case "investigating":
      return [
        `We are looking into a problem: ${since}, ${now}.`,
        shareForCustomers(impact, "So far this affects"),
        "We will write again as soon as we know more.",
      ];
    case "identified":
      return [
        `We have found the cause of a problem: ${since}, ${now}. We are working on it.`,
        shareForCustomers(impact, "So far this affects"),
        "We will write again when it is fixed.",
      ];
    case "monitoring":
      return [
        `We have put a fix in place for the problem ${since}: ${before}. We are watching whether it holds.`,
        "We will write again when it is over.",
      ];
    case "resolved":
      return [
        `The problem is over. ${capital(spanOf(record))}, ${before}.`,
        shareForCustomers(impact, "This affected"),
        "We are sorry for the trouble.",
      ];
  }
}

function spanOf({ startedAt, resolvedAt }: IncidentRecord): string {
  return resolvedAt === undefined ? `since ${timeOf(startedAt)}` : `from ${timeOf(startedAt)} to ${timeOf(resolvedAt)}`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function forColleagues(record: IncidentRecord, impact: IncidentImpact | undefined, kind: UpdateKind) {
  const { id, title, severity, startedAt, roles, suspects, proposal, actions } = record;
  const head = `${id}, severity ${severity}, ${kind}: ${title}.`;
  const numbers = impact && numbersOf(impact);
  const commander = roles.commander === undefined ? "Nobody commands it yet." : `${roles.commander} commands it.`;
  const [suspect] = suspects;
  const suspected =
    suspect &&
    `${suspect.release} is suspected (${Math.round(suspect.likelihood * 100)} %): ${withoutPeriod(suspect.reasons[0] ?? "")}.`;
  const done = actions.findLast(({ state }) => state === "done");
  const running = actions.findLast(({ state }) => state === "running" || state === "waits");
  const acted = done && `Done: ${done.command}${done.found === undefined ? "" : ` (${withoutPeriod(done.found)})`}.`;
  switch (kind) {
    case "investigating":
      return [head, `Since ${timeOf(startedAt)}.`, numbers, suspected ?? "The cause is not known yet.", commander];
    case "identified":
      return [
        ...[head, `Since ${timeOf(startedAt)}.`, numbers, cause(record) ?? suspected],
        running === undefined
          ? proposal && `Next: ${proposal.command}, because ${withoutPeriod(proposal.because)}.`
          : `Under way: ${running.command}.`,
        commander,
      ];
    case "monitoring":
      return [head, acted, numbers, "It is not over before the numbers say so.", commander];
    case "resolved":
      return [
        head,
        `${capital(spanOf(record))}.`,
        ...[numbers, cause(record) ?? suspected, acted],
        record.resolution?.override === undefined
          ? record.resolution && `${withoutPeriod(record.resolution.verdict.reason)}.`
          : `${record.resolution.by} says that it is over: ${withoutPeriod(record.resolution.override)}.`,
      ];
  }
}

function cause({ notes }: IncidentRecord): string | undefined {
  const last = notes.findLast(({ about }) => about === "root-cause");
  return last && `The cause: ${withoutPeriod(last.text)}.`;
}

/** What users notice of signals, the worst first. */
const SEEN: readonly { readonly kinds: readonly SignalKind[]; readonly now: string; readonly before: string }[] = [
  {
    ...{ kinds: ["data"] },
    ...{ now: "some data is not shown as it should be", before: "some data was not shown as it should be" },
  },
  { kinds: ["errors", "probe", "log-errors"], now: "some requests fail", before: "some requests failed" },
  { kinds: ["traffic"], now: "the service may be out of reach", before: "the service may have been out of reach" },
  {
    ...{ kinds: ["throttling"] },
    ...{ now: "some requests are refused and have to be sent again", before: "some requests were refused" },
  },
  {
    ...{ kinds: ["latency", "resources"] },
    ...{ now: "answers take longer than usual", before: "answers took longer than usual" },
  },
  {
    ...{ kinds: ["backup"] },
    ...{ now: "one of our regular backups is missing", before: "one of our regular backups was missing" },
  },
];

function seenByCustomers({ signals }: IncidentRecord): { readonly now: string; readonly before: string } {
  const kinds = new Set(signals.map(({ kind }) => kind));
  const seen = SEEN.filter((each) => each.kinds.some((kind) => kinds.has(kind)));
  return seen.length === 0
    ? { now: "the service may not work as it should", before: "the service may not have worked as it should" }
    : { now: listed(seen.map(({ now }) => now)), before: listed(seen.map(({ before }) => before)) };
}

/** Customers get a share they can grasp, no counts of a system that they do not know. */
function shareForCustomers(impact: IncidentImpact | undefined, subject: string): string | undefined {
  if (impact === undefined || impact.requests === 0) {
    return undefined;
  }
  const hit = impact.failed + (impact.refused ?? 0);
  return hit === 0 ? undefined : `${subject} about ${percent(hit, impact.requests)} of all requests.`;
}

function numbersOf({ requests, failed, slow, refused, callers }: IncidentImpact): string {
  if (requests === 0) {
    return "No requests were counted.";
  }
  const parts = [
    `${count(failed)} of ${count(requests)} requests failed (${percent(failed, requests)})`,
    ...(slow === 0 ? [] : [`${count(slow)} were slow`]),
    ...(refused === null || refused === 0 ? [] : [`${count(refused)} were refused with 429`]),
    ...(callers === null || callers === 0
      ? []
      : [callers === 1 ? "1 caller was hit" : `${count(callers)} callers were hit`]),
  ];
  return `${listed(parts)}.`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function percent(part: number, whole: number): string {
  const value = (100 * part) / whole;
  return value > 0 && value < 0.1 ? "less than 0.1 %" : `${Number(value.toPrecision(2))} %`;
}

function timeOf(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

function withoutPeriod(text: string): string {
  return text.replace(/\.+$/, "");
}
