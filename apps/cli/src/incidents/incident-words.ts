import { type IncidentSummary, type Severity, severityNames } from "@slipway/contracts";
import type { IncidentRecord } from "@slipway/release-engine";
import { formatSpan, formatTime } from "../charts/format-time.ts";

/** `severity 2 (high)`. */
export function severityWords(severity: Severity): string {
  return `severity ${severity} (${severityNames[severity]})`;
}

/** How people's answer stands; what needs somebody is in capitals. */
export function clockWords({ clock, acknowledgedBy }: Pick<IncidentSummary, "clock" | "acknowledgedBy">): string {
  const { state, dueAt, lateMs, leftMs, escalations } = clock;
  const due = formatTime(Date.parse(dueAt));
  const late = lateMs === 0 ? "in time" : `${formatSpan(lateMs)} late`;
  switch (state) {
    case "due":
      return `to be acknowledged until ${due}, in ${formatSpan(leftMs)}`;
    case "overdue":
      return `OVERDUE: was to be acknowledged until ${due}, ${formatSpan(lateMs)} ago`;
    case "escalated":
      return `OVERDUE: was to be acknowledged until ${due}, ${formatSpan(lateMs)} ago; told others ${escalations === 1 ? "once" : `${escalations} times`}`;
    case "acknowledged":
      return `acknowledged by ${acknowledgedBy === null ? "somebody" : withoutAddress(acknowledgedBy)}, ${late}`;
    case "stopped":
      return acknowledgedBy === null
        ? "over before anybody acknowledged it"
        : `acknowledged by ${withoutAddress(acknowledgedBy)}, ${late}`;
  }
}

/** The same where there is little room. */
export function shortClock({ clock: { state, lateMs, leftMs } }: Pick<IncidentSummary, "clock">): string {
  switch (state) {
    case "due":
      return `${formatSpan(leftMs)} left`;
    case "overdue":
    case "escalated":
      return `OVERDUE ${formatSpan(lateMs)}`;
    default:
      return lateMs === 0 ? "in time" : `${formatSpan(lateMs)} late`;
  }
}

/** `Jane Doe` of `Jane Doe <jane@example.com>`. */
export function withoutAddress(name: string): string {
  return name.replace(/ <[^>]*>$/, "");
}

/** What to type now; null where nothing is left to do. */
export function nextCommand(
  record: Pick<IncidentRecord, "id" | "state" | "proposal" | "actions">,
  environment: string,
  flags: string,
): string | null {
  const command = (verb: string) => `slipway incident ${verb} ${environment} ${record.id}${flags}`;
  switch (record.state) {
    case "open":
      return command("ack");
    case "acknowledged":
      if (record.actions.some(({ state }) => state === "running")) {
        return command("show");
      }
      if (record.actions.some(({ state }) => state === "done")) {
        return command("resolve");
      }
      return record.proposal === undefined ? command("investigate") : record.proposal.command;
    case "resolved":
      return command("postmortem");
    case "closed":
      return null;
  }
}
