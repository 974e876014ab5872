import type { IncidentList, IncidentSummary } from "@slipway/contracts";
import { formatSpan, formatTime } from "../charts/format-time.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { fittedTable } from "../terminal/fitted-table.ts";
import { clockWords, shortClock } from "./incident-words.ts";

/** Incidents for people: a line for each, and below it what those need that are not over. */
export function renderIncidents(list: IncidentList, flags: string, columns: number): string {
  const { environment, target, incidents, isCut } = list;
  const [newest] = incidents;
  if (newest === undefined) {
    return `${environment} on ${target} has had no incidents.\n`;
  }
  const now = Date.parse(list.now);
  const rows = incidents.map((each) => [
    each.incident,
    String(each.severity),
    each.state === "open" ? "OPEN" : each.state,
    formatTime(Date.parse(each.startedAt)),
    lastedOf(each, now),
    shortClock(each),
    escapeControls(each.title),
  ]);
  const open = incidents.filter(({ state }) => state === "open" || state === "acknowledged");
  const needs = open.flatMap((each) =>
    wrapText(escapeControls(`${each.incident}: ${each.title}; ${clockWords(each)}`), columns, ""),
  );
  const hints = [
    ...(isCut ? ["Older ones: --limit N."] : []),
    `One of them: slipway incident show ${environment} ${(open[0] ?? newest).incident}${flags}`,
  ];
  return [
    `${environment} on ${target}, the newest first\n\n`,
    tableOf(rows, columns),
    ...(needs.length === 0 ? [] : [`\n${needs.join("\n")}\n`]),
    `\n${hints.join(" ")}\n`,
  ].join("");
}

/** With a line of its own for each title where there is no room for it beside the rest: what is cut says little. */
function tableOf(rows: readonly (readonly string[])[], columns: number): string {
  const heading = ["id", "severity", "state", "began", "lasted", "answer", "title"];
  const whole = fittedTable([heading, ...rows], columns);
  const isWhole = !whole.isCut && whole.text.split("\n").length === rows.length + 2;
  if (isWhole) {
    return whole.text;
  }
  const [head = "", ...lines] = fittedTable(
    [heading, ...rows].map((row) => row.slice(0, -1)),
    columns,
  ).text.split("\n");
  const titled = rows.flatMap((row, index) => [lines[index] ?? "", ...wrapText(row.at(-1) ?? "", columns, "    ")]);
  return `${[head, ...titled].join("\n")}\n`;
}

function lastedOf({ startedAt, resolvedAt }: IncidentSummary, now: number): string {
  return formatSpan((resolvedAt === null ? now : Date.parse(resolvedAt)) - Date.parse(startedAt));
}
