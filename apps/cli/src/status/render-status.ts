import { formatSpan, formatTime } from "../charts/format-time.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { clockWords, severityWords } from "../incidents/incident-words.ts";
import { commitWords } from "../ledger/release-words.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { isUnknown, type StatusFunction, type StatusReport } from "./status-report.ts";

const LABEL_WIDTH = "Checkpoints".length + 2;

/** Where an environment stands, for people: what needs one is in capitals. */
export function renderStatus(report: StatusReport, flags: string, columns: number): string {
  const now = Date.parse(report.now);
  const lines = [`${report.environment} on ${report.target}, ${formatTime(now)}`, ""];
  const say = (label: string, text: string) => {
    const [first = "", ...more] = wrapText(escapeControls(text), columns, " ".repeat(LABEL_WIDTH));
    lines.push(label.padEnd(LABEL_WIDTH) + first.slice(LABEL_WIDTH), ...more);
  };
  say("Runs", runsWords(report, now));
  if (isUnknown(report.functions)) {
    say("Versions", `UNKNOWN: ${report.functions.unknown}`);
  } else {
    for (const [index, each] of report.functions.entries()) {
      say(index === 0 ? "Versions" : "", functionWords(each, report.environment, flags));
    }
  }
  if (!isUnknown(report.api)) {
    // On one line, however long it is: people copy it.
    lines.push("API".padEnd(LABEL_WIDTH) + escapeControls(report.api.url));
  } else if (!isUnknown(report.functions) || report.functions.unknown !== report.api.unknown) {
    say("API", `UNKNOWN: ${report.api.unknown}`);
  }
  say("Health", healthWords(report, flags));
  for (const [index, { window, state, at }] of report.checkpoints.entries()) {
    const moment = formatTime(Date.parse(at));
    const words = {
      ...{ pass: `passed ${moment}`, fail: `FAILED ${moment}`, unknown: `UNKNOWN ${moment}` },
      ...{ "to-come": `can be judged from ${moment} on`, due: `due since ${moment}` },
      overdue: `OVERDUE since ${moment}: slipway watch ${report.environment}${flags}`,
    };
    say(index === 0 ? "Checkpoints" : "", `${window.padEnd("immediate".length)} ${words[state]}`);
  }
  say("Lease", leaseWords(report));
  say("Unfinished", unfinishedWords(report, now));
  for (const [index, words] of incidentWords(report, now, flags).entries()) {
    say(index === 0 ? "Incident" : "", words);
  }
  return `${lines.join("\n")}\n`;
}

function runsWords({ release }: StatusReport, now: number): string {
  if (release === null) {
    return "nothing that was released with Slipway";
  }
  const since = Date.parse(release.since);
  return `${release.release} (${commitWords(release.source)}) since ${formatTime(since)} (${formatSpan(now - since)}), released by ${release.by}`;
}

function functionWords(
  { name, alias, versions, expected }: StatusFunction,
  environment: string,
  flags: string,
): string {
  const shares = versions.map(({ version, percent }) => (percent === 100 ? version : `${version} (${percent} %)`));
  const what = `${name} ${shares.join(" and ")}, alias ${alias}`;
  return expected === undefined
    ? what
    : `${what}: NOT AS RELEASED, the ledger says ${expected}. Look who moved it (slipway history ${environment}${flags}; CloudTrail, UpdateAlias)`;
}

function healthWords({ health, environment }: StatusReport, flags: string): string {
  if (isUnknown(health)) {
    return `UNKNOWN: ${health.unknown}`;
  }
  const { counts, alarming, missing } = health;
  const total = counts.OK + counts.ALARM + counts.INSUFFICIENT_DATA + missing.length;
  return [
    alarming.length === 0
      ? `none of ${total} alarms is in ALARM`
      : `${alarming.length} of ${total} alarms in ALARM: ${alarming.map(({ name, since }) => `${name} since ${formatTime(Date.parse(since))}`).join(", ")} (slipway alarms ${environment}${flags})`,
    ...(counts.INSUFFICIENT_DATA === 0 ? [] : [`${counts.INSUFFICIENT_DATA} without data`]),
    ...(missing.length === 0 ? [] : [`MISSING: ${missing.join(", ")}`]),
  ].join("; ");
}

function leaseWords({ lease }: StatusReport): string {
  if (lease === null) {
    return "free";
  }
  const { holder, takenAt, expiresAt } = lease;
  const who = `${holder.actor.name}, ${holder.command} on ${holder.host} (process ${holder.pid})`;
  return lease.state === "over"
    ? `free: that of ${who} is over, and the next command takes it`
    : `${who}, since ${formatTime(Date.parse(takenAt))}, good until ${formatTime(Date.parse(expiresAt))} and renewed while it lives`;
}

function unfinishedWords({ unfinished, lease }: StatusReport, now: number): string {
  if (unfinished === null) {
    return "nothing";
  }
  const { release, source, state, since, at, reason, next } = unfinished;
  const isRunning = lease?.state === "held";
  const word = state === "paused" ? "PAUSED" : isRunning ? "running" : "STOPPED";
  return [
    `${release} (${commitWords(source)}) ${word}${at === null ? "" : ` at: ${at}`}, begun ${formatSpan(now - Date.parse(since))} ago.`,
    ...(reason === null
      ? []
      : [`${reason.charAt(0).toUpperCase()}${reason.slice(1)}${/[.!?]$/.test(reason) ? "" : "."}`]),
    ...(isRunning ? [] : [`Next: ${next}`]),
  ].join(" ");
}

/** Those that are open, and the last one where it is over. */
function incidentWords(
  { openIncidents, lastIncident, environment }: StatusReport,
  now: number,
  flags: string,
): string[] {
  const open = openIncidents.map(
    (each) =>
      `${each.incident} ${each.state === "open" ? "OPEN" : "under way"}, ${severityWords(each.severity)}, for ${formatSpan(now - Date.parse(each.startedAt))}: ${each.title}; ${clockWords(each)} (slipway incident show ${environment} ${each.incident}${flags})`,
  );
  if (lastIncident === null || lastIncident.overAt === undefined) {
    return open.length === 0 ? ["none recorded"] : open;
  }
  const { incident, severity, state, overAt, title } = lastIncident;
  const last = `the last was ${incident}, ${severityWords(severity)}, ${state}, over since ${formatTime(Date.parse(overAt))} (${formatSpan(now - Date.parse(overAt))}): ${title}`;
  return [...open, open.length === 0 ? `none is open; ${last}` : last];
}
