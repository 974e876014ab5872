import type { IncidentReport, TimelineLine } from "@slipway/contracts";
import { formatSpan, formatTime } from "../charts/format-time.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { clockWords, severityWords, withoutAddress } from "./incident-words.ts";
import { inZone, isUtc } from "./reader-zone.ts";

const LABEL_WIDTH = "Proposed".length + 2;
const MARKS = { done: "done   ", "to-do": "to do  ", bad: "BAD    " } as const;
const MARK_WIDTH = "to do".length + 4;

/** An incident for people: what needs somebody is in capitals. Times are in UTC, and in the reader's zone in brackets. */
export function renderIncident(report: IncidentReport, zone: string, columns: number): string {
  const now = Date.parse(report.now);
  const lines: string[] = [];
  const hanging = (head: string, text: string, width: number) => {
    const [first = "", ...more] = wrapText(escapeControls(text), columns, " ".repeat(width));
    lines.push(head.padEnd(width) + first.slice(width), ...more.map((line) => line.replace(/^ {2}/, "")));
  };
  const say = (label: string, text: string) => hanging(label, text, LABEL_WIDTH);
  const sayAll = (label: string, texts: readonly string[]) => {
    for (const [index, text] of texts.entries()) {
      say(index === 0 ? label : "", text);
    }
  };
  const time = (at: string) => `${formatTime(Date.parse(at))}${inZone(Date.parse(at), zone)}`;
  const { incident, environment, target, title, severity, state } = report;
  const word = state === "open" ? "OPEN" : state;
  lines.push(
    ...wrapText(
      escapeControls(`${incident} of ${environment} on ${target}, ${severityWords(severity)}: ${word}`),
      columns,
      "",
    ),
    ...wrapText(escapeControls(title), columns, ""),
    "",
  );
  say("Began", beganWords(report, now, time));
  say("Clock", clockWords(report));
  sayAll("Severity", report.reasons);
  say("Hit", impactWords(report));
  say("Changed", changedWords(report));
  sayAll("Fires", firingWords(report, now));
  sayAll("Suspects", suspectWords(report));
  if (report.proposal !== null && state !== "resolved" && state !== "closed") {
    say("Proposed", `${report.proposal.command}, because ${report.proposal.because}`);
  }
  sayAll("Actions", actionWords(report));
  say("People", peopleWords(report));
  if (report.resolution !== null) {
    const { at, by, verdict, override } = report.resolution;
    const why = override === undefined ? verdict.reason : `by override: ${override}. The numbers: ${verdict.reason}`;
    say("Resolved", `${time(at)} by ${withoutAddress(by)}, ${why}`);
  }
  lines.push("", `Timeline, in UTC${isUtc(zone) ? "" : `, and in ${zone} in brackets`}`);
  timelineLines(
    report.timeline,
    zone,
    (head, text, width) => hanging(head, text, width),
    (day) => lines.push(day),
  );
  lines.push("", "Checklist");
  for (const line of report.checklist) {
    hanging(MARKS[line.state], `${line.title}: ${line.found}`, MARK_WIDTH);
  }
  if (report.next !== null) {
    lines.push("", ...wrapText(escapeControls(`Next: ${report.next}`), columns, ""));
  }
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function beganWords(report: IncidentReport, now: number, time: (at: string) => string): string {
  const { startedAt, openedAt, openedBy, resolvedAt, reopened } = report;
  const end = resolvedAt === null ? now : Date.parse(resolvedAt);
  const lasted = formatSpan(end - Date.parse(startedAt));
  const found = Date.parse(openedAt) - Date.parse(startedAt);
  return [
    `${time(startedAt)}; ${resolvedAt === null ? "lasts for" : "lasted"} ${lasted}`,
    `opened ${found > 0 ? `${formatSpan(found)} later ` : ""}by ${withoutAddress(openedBy)}`,
    ...(reopened === 0 ? [] : [`came back ${reopened === 1 ? "once" : `${reopened} times`}`]),
  ].join("; ");
}

function impactWords({ impact }: IncidentReport): string {
  if (impact === null) {
    return "not measured yet";
  }
  const { requests, failed, slow, refused, callers, badMinutes } = impact;
  const count = (value: number) => value.toLocaleString("en-US");
  const share = requests === 0 ? "" : ` (${Number(((failed / requests) * 100).toPrecision(3))} %)`;
  return [
    `${count(failed)} of ${count(requests)} requests failed${share}`,
    ...(slow === null || slow === 0 ? [] : [`${count(slow)} were slow`]),
    ...(refused === null || refused === 0 ? [] : [`${count(refused)} were refused`]),
    ...(callers === null ? [] : [callers === 1 ? "1 caller was hit" : `${count(callers)} callers were hit`]),
    ...(badMinutes === null ? [] : [`in ${count(badMinutes)} bad ${badMinutes === 1 ? "minute" : "minutes"}`]),
  ].join(", ");
}

function changedWords({ lastRelease, startedAt }: IncidentReport): string {
  if (lastRelease === null) {
    return "no release had gone live before it";
  }
  const { release, liveAt, by, commit } = lastRelease;
  const span = formatSpan(Date.parse(startedAt) - Date.parse(liveAt));
  const what = commit === null ? release : `${release} (${commit.slice(0, 7)})`;
  return `${what} of ${withoutAddress(by)} had gone live ${span} before it began`;
}

function firingWords({ signals }: IncidentReport, now: number): string[] {
  const firing = signals.filter(({ clearedAt }) => clearedAt === undefined);
  const quiet = signals.length - firing.length;
  const isAll = quiet === 0 && firing.length > 0;
  const rest = quiet === 0 ? "nothing that is measured" : `${quiet} ${quiet === 1 ? "signal" : "signals"} not any more`;
  return [
    ...firing.map(({ what, since }) => `${what}, for ${formatSpan(now - Date.parse(since))}`),
    ...(isAll ? [] : [rest]),
  ];
}

function suspectWords({ suspects }: IncidentReport): string[] {
  return suspects.map(
    ({ release, likelihood, reasons }) => `${release} (${Math.round(likelihood * 100)} %): ${reasons[0] ?? ""}`,
  );
}

function actionWords({ actions }: IncidentReport): string[] {
  const words = { running: "UNDER WAY", done: "done", failed: "FAILED", waits: "WAITS" } as const;
  return actions.map(({ id, state, command, by, automatic, found, because }) => {
    const who = automatic ? "without a person" : `by ${withoutAddress(by)}`;
    return `${id} ${words[state]} ${who}: ${command}; ${found ?? `because ${because}`}`;
  });
}

function peopleWords({ roles, acknowledgedBy }: IncidentReport): string {
  const assigned = Object.entries(roles).map(([role, person]) => `${role} ${withoutAddress(person)}`);
  if (assigned.length > 0) {
    return assigned.join(", ");
  }
  return acknowledgedBy === null ? "nobody yet" : `${withoutAddress(acknowledgedBy)} has acknowledged it; no roles yet`;
}

function timelineLines(
  timeline: readonly TimelineLine[],
  zone: string,
  hanging: (head: string, text: string, width: number) => void,
  newDay: (day: string) => void,
): void {
  const heads = timeline.map(({ at }) => {
    const moment = Date.parse(at);
    const iso = new Date(moment).toISOString();
    return { day: iso.slice(0, 10), head: `${iso.slice(11, 19)}Z${inZone(moment, zone)}` };
  });
  const width = Math.max(0, ...heads.map(({ head }) => head.length)) + 2;
  let day = "";
  for (const [index, { by, text }] of timeline.entries()) {
    const { day: its = "", head = "" } = heads[index] ?? {};
    if (its !== day) {
      day = its;
      newDay(day);
    }
    hanging(head, by === undefined ? text : `${text} (${withoutAddress(by)})`, width);
  }
}
