import type { IncidentLookReport, IncidentSignal } from "@slipway/contracts";
import { formatTime } from "../charts/format-time.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { clockWords, severityWords } from "./incident-words.ts";

const WORDS: Readonly<Record<IncidentLookReport["outcome"], string>> = {
  quiet: "quiet",
  open: "NOT WELL",
  unknown: "NOT FOUND OUT",
};

/** What a look has found, for people: the incidents with what fires of them, what fires besides, and what could not be looked at. */
export function renderLook(report: IncidentLookReport, columns: number): string {
  const { environment, target, now, outcome, groups, unknown, incidents, changes, next } = report;
  const lines = (text: string, indent: string) => wrapText(escapeControls(text), columns, indent);
  const ofIncident = incidents.flatMap((each) => {
    const signals = groups.filter(({ incident }) => incident === each.incident).flatMap((group) => group.signals);
    const done = changes.filter(({ incident }) => incident === each.incident).map(({ what }) => what);
    const news = done.includes("opened") ? ", opened now" : done.includes("reopened") ? ", has come back" : "";
    return [
      "",
      ...lines(`${each.incident}, ${severityWords(each.severity)}${news}: ${each.title}; ${clockWords(each)}`, ""),
      ...(signals.length === 0
        ? ["  nothing of it is seen now"]
        : signals.flatMap((signal) => lines(wordsOf(signal), "  "))),
    ];
  });
  const over = changes.filter(({ what }) => what === "resolved").map(({ incident }) => incident);
  const others = groups.filter(({ incident }) => incident === null);
  return `${[
    ...lines(`${environment} on ${target} at ${formatTime(Date.parse(now))}: ${WORDS[outcome]}`, ""),
    ...ofIncident,
    ...over.flatMap((incident) => ["", ...lines(`${incident} is over: its numbers are good again`, "")]),
    ...others.flatMap(({ signals, why }) => [
      "",
      ...lines(`opens no incident: ${why ?? ""}`, ""),
      ...signals.flatMap((signal) => lines(signal.what, "  ")),
    ]),
    ...unknown.flatMap(({ source, why }) => ["", ...lines(`not looked at: ${source}: ${why}`, "")]),
    ...(next === null ? [] : ["", ...lines(`Next: ${next}`, "")]),
  ].join("\n")}\n`;
}

function wordsOf({ what, aside, version }: IncidentSignal): string {
  return [
    what,
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(aside === undefined ? [] : [`does not count: ${aside}`]),
  ].join("; ");
}

/** What makes one look another than the last: its numbers change with every one. */
export function sameAs(left: IncidentLookReport | undefined, right: IncidentLookReport): boolean {
  return left !== undefined && keyOf(left) === keyOf(right);
}

function keyOf({ outcome, groups, unknown, incidents, changes }: IncidentLookReport): string {
  return JSON.stringify([
    outcome,
    groups.map(({ incident, signals }) => [incident, signals.map(({ id, aside }) => [id, aside === undefined])]),
    unknown.map(({ source }) => source),
    incidents.map(({ incident, state, severity, clock }) => [incident, state, severity, clock.state]),
    changes.filter(({ what }) => what !== "observed"),
  ]);
}
