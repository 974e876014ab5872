import type { AlarmEvent } from "@slipway/release-engine";
import { formatSpan, formatTime } from "../charts/format-time.ts";
import { wrapText as wrapPlain } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import type { AlarmsReport, SeenAlarm } from "./alarms-report.ts";
import { MISSING_WORD, STATE_WIDTH, STATE_WORDS } from "./state-words.ts";

const INDENT = " ".repeat(STATE_WIDTH + 2);
const LABEL_WIDTH = "runbook".length + 2;
const MORE = `${INDENT}${" ".repeat(LABEL_WIDTH)}`;

/**
 * Alarms for people, the worst first; then what happened to them.
 *
 * @param all - whether quiet ones are told all about, too
 */
export function renderAlarms(report: AlarmsReport, columns: number, { all }: { readonly all: boolean }): string {
  const { environment, target, now, alarms, missing, history } = report;
  const shortened = !all && alarms.some(({ state }) => state === "OK");
  const parts = [
    `${environment} on ${target}, ${formatTime(now)}`,
    ...alarms.map((alarm) => renderAlarm(alarm, now, columns, all || alarm.state !== "OK").join("\n")),
    ...missing.map((name) => {
      const text = `It is in the state of ${environment} and not on AWS: nobody watches what it should.`;
      return [`${MISSING_WORD.padEnd(STATE_WIDTH)}  ${name}`, ...wrapText(text, columns, INDENT)].join("\n");
    }),
    ...(history === undefined ? [] : [renderHistory(history, columns)]),
    `${summaryOf(report)}${shortened ? "\nName one to see when it goes off, whom it tells, and its runbook." : ""}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Reasons and descriptions are other people's texts: a terminal must not do what they say. */
function wrapText(text: string, columns: number, indent: string): string[] {
  return wrapPlain(escapeControls(text), columns, indent);
}

/** What all of it comes to, in one sentence. */
export function summaryOf({ counts, missing }: AlarmsReport): string {
  const { ALARM: alarming, INSUFFICIENT_DATA: unknown } = counts;
  const total = alarming + unknown + counts.OK + missing.length;
  // As it is now: what went off and has come back is in the history.
  const alarmed =
    total === 1
      ? `The alarm is ${alarming === 0 ? "not " : ""}in ALARM`
      : `${alarming === 0 ? "None" : alarming} of ${total} alarms ${alarming > 1 ? "are" : "is"} in ALARM`;
  return [
    alarmed,
    ...(unknown === 0 ? [] : [`; ${unknown} ${unknown === 1 ? "has" : "have"} no data to judge by`]),
    ...(missing.length === 0 ? [] : [`; ${missing.length} ${missing.length === 1 ? "is" : "are"} missing`]),
    ".",
  ].join("");
}

function renderAlarm(alarm: SeenAlarm, now: number, columns: number, all: boolean): string[] {
  const { state, name, since, description = "", condition, kind, childStates, missingData, suppressor } = alarm;
  const [says = "", runbook] = description.split(/\s*\bRunbook:\s*/);
  const head = `${STATE_WORDS[state].padEnd(STATE_WIDTH)}  ${name}, since ${formatTime(since)} (${formatSpan(now - since)})`;
  const line = (label: string, text: string) => {
    const [first = "", ...rest] = wrapText(text, columns, MORE);
    return [`${INDENT}${label.padEnd(LABEL_WIDTH)}${first.slice(MORE.length)}`, ...rest];
  };
  const above = [head, ...(says === "" ? [] : wrapText(says, columns, INDENT))];
  if (!all) {
    return alarm.actionsEnabled ? above : [...above, ...line("tells", tellsWhom(alarm))];
  }
  return [
    ...above,
    // Of a quiet one, it says only that it is quiet.
    ...(state === "OK" ? [] : line("because", alarm.reason)),
    ...line(kind === "composite" ? "rule" : "when", condition),
    ...childStates.map((child) => {
      const word = child.state === undefined ? MISSING_WORD : STATE_WORDS[child.state];
      return `${MORE}${word.padEnd(STATE_WIDTH)}  ${child.name}`;
    }),
    ...(missingData === undefined || state !== "INSUFFICIENT_DATA" ? [] : line("no data", `is ${missingData} to it`)),
    ...line("tells", tellsWhom(alarm)),
    ...(suppressor === undefined
      ? []
      : line(
          "silent",
          suppressor.suppressedBecause === undefined
            ? `while ${suppressor.alarm} is in ALARM`
            : `NOW, because of ${suppressor.alarm}: ${suppressor.suppressedBecause}`,
        )),
    ...(runbook === undefined ? [] : line("runbook", runbook)),
  ];
}

function tellsWhom({ actionsEnabled, alarmActions, okActions, kind }: SeenAlarm): string {
  const names = (arns: readonly string[]) => arns.map(targetName).join(", ");
  if (alarmActions.length === 0 && okActions.length === 0) {
    return kind === "composite" ? "nobody" : "nobody by itself";
  }
  const off = actionsEnabled ? "" : "NOBODY NOW, its actions are off; otherwise ";
  const isSame = names(alarmActions) === names(okActions);
  return isSame
    ? `${off}${names(alarmActions)}, also when it ends`
    : `${off}${names(alarmActions) || "nobody"}${okActions.length === 0 ? "" : `; when it ends ${names(okActions)}`}`;
}

/** `arn:aws:sns:us-east-1:123456789012:alarms` is the topic alarms. */
function targetName(arn: string): string {
  const [, , service, , , ...rest] = arn.split(":");
  const name = rest.join(":");
  switch (service) {
    case "sns":
      return `the topic ${name}`;
    case "lambda":
      return `the function ${name.replace(/^function:/, "")}`;
    default:
      return arn;
  }
}

function renderHistory(events: readonly AlarmEvent[], columns: number): string {
  if (events.length === 0) {
    return "Nothing has happened to them in this time.";
  }
  return events
    .map((event) => {
      const time = `${new Date(event.at).toISOString().slice(0, 19)}Z  `;
      const [first = "", ...rest] = wrapText(
        `${event.alarm}: ${whatHappened(event)}`,
        columns,
        " ".repeat(time.length),
      );
      return [`${time}${first.trimStart()}`, ...rest].join("\n");
    })
    .join("\n");
}

function whatHappened({ kind, summary, from, to, succeeded, detail }: AlarmEvent): string {
  if (kind === "state" && from !== undefined && to !== undefined) {
    return `${STATE_WORDS[from]} -> ${STATE_WORDS[to]}${detail === undefined ? "" : `. ${detail}`}`;
  }
  if (kind === "action") {
    return succeeded === true ? `told ${detail === undefined ? summary : targetName(detail)}` : `FAILED: ${summary}`;
  }
  return summary;
}
