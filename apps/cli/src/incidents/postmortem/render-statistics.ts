import { type IncidentStatistics, severityNames } from "@slipway/contracts";
import { formatSpan, formatTime } from "../../charts/format-time.ts";
import { formatValue } from "../../charts/format-value.ts";
import { escapeControls } from "../../terminal/escape-controls.ts";
import { table } from "../../terminal/table.ts";

type Group = IncidentStatistics["all"];
type Spread = Group["times"]["detect"];

/** How often there were incidents, and how long they took: the middle one, and what nine of ten were below. */
export function renderStatistics(statistics: IncidentStatistics, target: string): string {
  const { environment, from, to, per30Days, all, bySeverity } = statistics;
  const span = `${formatTime(Date.parse(from))} to ${formatTime(Date.parse(to))}`;
  const heading = `${escapeControls(environment)} on ${escapeControls(target)}, ${span}\n`;
  if (all.incidents === 0) {
    return `${heading}\nNo incidents.\n`;
  }
  const rate = per30Days === null ? "" : `, ${formatValue(per30Days)} in 30 days`;
  const facts = [
    `${all.incidents} ${all.incidents === 1 ? "incident" : "incidents"}${rate}`,
    `${all.openedByRule} opened by rule`,
    ...(all.reopened === 0 ? [] : [`${all.reopened} reopened`]),
    ...(all.unresolved === 0 ? [] : [`${all.unresolved} not resolved`]),
  ];
  const groups = bySeverity.filter(({ incidents }) => incidents > 0);
  const rows = [
    ["severity", "incidents", "detect", "acknowledge", "mitigate", "resolve"],
    ...groups.map(({ severity, ...group }) => [`${severity} ${severityNames[severity]}`, ...cells(group)]),
    ...(groups.length < 2 ? [] : [["all", ...cells(all)]]),
  ];
  return `${heading}${facts.join(", ")}\n\n${table(rows)}\nTimes are the median and, behind it, what nine of ten took at most. To detect, mitigate and resolve counts from when it began to hurt;\nto acknowledge from when it was opened. -: not known of any.\n`;
}

function cells({ incidents, times }: Group): readonly string[] {
  const { detect, acknowledge, mitigate, resolve } = times;
  return [String(incidents), ...[detect, acknowledge, mitigate, resolve].map(spreadWords)];
}

function spreadWords(spread: Spread): string {
  if (spread === null) {
    return "-";
  }
  const { medianSeconds, p90Seconds } = spread;
  return medianSeconds === p90Seconds
    ? formatSpan(medianSeconds * 1_000)
    : `${formatSpan(medianSeconds * 1_000)} / ${formatSpan(p90Seconds * 1_000)}`;
}
