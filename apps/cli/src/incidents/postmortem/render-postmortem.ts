import { type ContributingChange, type Postmortem, severityNames } from "@slipway/contracts";
import { formatSpan } from "../../charts/format-time.ts";
import { formatValue } from "../../charts/format-value.ts";
import { withoutAddress } from "../incident-words.ts";
import { isUtc } from "../reader-zone.ts";
import type { IncidentChart } from "./incident-charts.ts";
import { codeSpan, markdownTable, escapeMarkdown as text } from "./markdown.ts";
import { utcTime, zonedTime } from "./zoned-time.ts";

/** How a post-mortem is written. */
export interface PostmortemLook {
  /** The zone of who reads it: times are in UTC and in this one. */
  readonly zone: string;
  /** Charts with the paths that they lie at, from the Markdown. */
  readonly charts: readonly (Pick<IncidentChart, "title"> & { readonly path: string })[];
  /** What commands to type need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
}

/** A post-mortem as Markdown. Whatever comes from outside is escaped; what only people know is a line with TODO. */
export function renderPostmortem(postmortem: Postmortem, look: PostmortemLook): string {
  const { incident, title, environment } = postmortem;
  const sections = [
    `# Post-mortem of ${incident}: ${text(title)}\n`,
    head(postmortem),
    section("Summary", summary(postmortem, look)),
    section("Impact", impact(postmortem, look)),
    section("Times", times(postmortem, look)),
    section("Timeline", timeline(postmortem, look)),
    section("What has changed before it", changes(postmortem, look)),
    section("Root cause", rootCause(postmortem, look)),
    section("What was done", actions(postmortem, look)),
    section("Action items", actionItems(postmortem)),
    section("Checklist of the guide", checklist(postmortem)),
    section("Open questions", openQuestions(postmortem)),
    `---\n\nWritten by ${codeSpan(`slipway incident postmortem ${environment} ${incident}${look.flags}`)} at ${utcTime(Date.parse(postmortem.madeAt))} UTC, from the ledger, metrics, logs and alarms. Numbers are those of CloudWatch, to the request; what is to be filled in is marked TODO.\n`,
  ];
  return sections.join("\n");
}

/** Who it was; where to write to them is no matter of a document that is passed around. */
function name(of: string): string {
  return text(withoutAddress(of));
}

function section(heading: string, body: string): string {
  return `## ${heading}\n\n${body}`;
}

function head({ environment, target, severity, state, roles, reopened }: Postmortem): string {
  const people = Object.entries(roles).map(([role, person]) => `${role}: ${name(person)}`);
  return [
    `- **Where**: ${text(environment)} on ${text(target)}`,
    `- **Severity**: ${severity} (${severityNames[severity]})`,
    `- **State**: ${state}${reopened === 0 ? "" : `; reopened ${timesWords(reopened)}`}`,
    `- **People**: ${people.length === 0 ? "nobody was given a role" : people.join(", ")}`,
    "",
  ].join("\n");
}

function timesWords(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function summary(postmortem: Postmortem, { zone }: PostmortemLook): string {
  const { times: at, impact: hit, openedBy, reasons, state } = postmortem;
  const span =
    at.resolvedAt === null
      ? `It has hurt since ${both(at.startedAt, zone)}, and is not over: it is ${state}.`
      : `It hurt for ${between(at.startedAt, at.resolvedAt)}, from ${both(at.startedAt, zone)} until ${both(at.resolvedAt, zone)}.`;
  const failed =
    hit === null
      ? []
      : [
          `Of ${formatExact(hit.requests)} requests ${formatExact(hit.failed)} failed${shareOf(hit.failed, hit.requests)}${hit.callers === null ? "" : `, and ${hit.callers === 1 ? "1 caller was" : `${formatExact(hit.callers)} callers were`} hit`}.`,
        ];
  const turns = [
    `It was detected ${after(at.startedAt, at.detectedAt)} (${name(openedBy)})`,
    ...(at.acknowledgedAt === null ? [] : [`acknowledged ${after(at.startedAt, at.acknowledgedAt)}`]),
    ...(at.mitigatedAt === null ? [] : [`mitigated ${after(at.startedAt, at.mitigatedAt)}`]),
  ];
  return [
    [span, ...failed, `${turns.join(", ")}.`].join(" "),
    "",
    `It is of that severity because of this: ${reasons.map(text).join("; ")}.`,
    "",
    todo("say in two sentences what happened, for those who were not there"),
    "",
  ].join("\n");
}

function impact(postmortem: Postmortem, { charts, zone }: PostmortemLook): string {
  const { impact: hit, budget, slowMs, gaps, signals } = postmortem;
  const rows =
    hit === null
      ? []
      : [
          ["Requests", formatExact(hit.requests)],
          ["Answered with 5xx", `${formatExact(hit.failed)}${shareOf(hit.failed, hit.requests)}`],
          [`Slower than ${formatValue(slowMs, "ms")}`, `${formatExact(hit.slow)}${shareOf(hit.slow, hit.requests)}`],
          [
            "Refused with 429",
            hit.refused === null ? "not known" : `${formatExact(hit.refused)}${shareOf(hit.refused, hit.requests)}`,
          ],
          ["Callers that were hit", hit.callers === null ? "not known" : formatExact(hit.callers)],
          ["Bad minutes", hit.badMinutes === null ? "not known" : formatExact(hit.badMinutes)],
          ...(budget === null
            ? []
            : [
                [
                  "Error budget",
                  `${percent(budget.incidentPercent)} used by it; ${percent(budget.usedPercent)} in the ${budget.days} days to its end (${formatExact(budget.failed)} of ${formatExact(budget.requests)} requests failed, ${formatExact(Math.floor(budget.allowed))} may by the objective of ${budget.availabilityPercent} %)`,
                ],
              ]),
        ];
  const counted = hit === null ? [] : [`Counted from ${both(hit.from, zone)} to ${both(hit.to, zone)}.`, ""];
  return [
    ...(rows.length === 0 ? ["Nothing is known of it in numbers.", ""] : [markdownTable(["", "Count"], rows)]),
    ...counted,
    ...gaps.map((gap) => `- not known: ${text(gap)}`),
    ...(gaps.length === 0 ? [] : [""]),
    ...charts.flatMap(({ title, path }) => [`![${text(title)}](${encodeURI(path)})`, ""]),
    ...(signals.length === 0 ? [] : ["What was seen:", ""]),
    ...signals.map(
      ({ what, since, clearedAt }) =>
        `- ${text(what)} (since ${utcTime(Date.parse(since))} UTC${clearedAt === null ? "" : `, gone at ${utcTime(Date.parse(clearedAt))} UTC`})`,
    ),
    ...(signals.length === 0 ? [] : [""]),
  ].join("\n");
}

function times({ times: at }: Postmortem, { zone }: PostmortemLook): string {
  const rows: readonly (readonly [string, string | null])[] = [
    ["Began", at.startedAt],
    ["Detected", at.detectedAt],
    ["Acknowledged", at.acknowledgedAt],
    ["Mitigated", at.mitigatedAt],
    ["Resolved", at.resolvedAt],
    ["Closed", at.closedAt],
  ];
  const cells = rows.map(([turn, time]) => [
    ...[turn, ...timeCells(time, zone)],
    time === null || time === at.startedAt ? "" : between(at.startedAt, time),
  ]);
  return markdownTable(["", ...timeHeadings(zone), "After it began"], cells);
}

function timeline({ timeline: lines }: Postmortem, { zone }: PostmortemLook): string {
  return markdownTable(
    [...timeHeadings(zone), "From", "Who", "What"],
    lines.map(({ at, source, by, text: what }) => [
      ...timeCells(at, zone),
      ...[source, by === undefined ? "" : name(by), text(what)],
    ]),
  );
}

function changes({ changes: suspects, otherReleases }: Postmortem, look: PostmortemLook): string {
  const others = otherReleases.map(
    ({ release, liveAt, by, what, commit }) =>
      `- ${release}: ${text(what)} by ${name(by)}, live at ${both(liveAt, look.zone)}${commit === null ? "" : `, commit ${codeSpan(commit.slice(0, 12))}`}\n`,
  );
  return [
    suspects.length === 0 ? "No release is suspected.\n" : suspects.map((change) => changeOf(change, look)).join("\n"),
    ...(others.length === 0 ? [] : [`Went live in the day before it began, or while it hurt:\n\n${others.join("")}`]),
  ].join("\n");
}

function changeOf(change: ContributingChange, { zone }: PostmortemLook): string {
  const { release, part, likelihood, changedAt, by, commit, reasons, commits, moreCommits, withoutCommits } = change;
  const of = [
    `${part}, changed at ${both(changedAt, zone)}`,
    ...(by === undefined ? [] : [`by ${name(by)}`]),
    ...(commit === undefined ? [] : [`commit ${codeSpan(commit.slice(0, 12))}`]),
  ];
  return [
    `### ${release}: ${percent(100 * likelihood)} likely`,
    "",
    `${of.join(", ")}.`,
    "",
    ...reasons.map((reason) => `- ${text(reason)}`),
    "",
    ...(commits.length === 0 ? [] : ["Its commits:", ""]),
    ...commits.map((each) => `- ${codeSpan(each.commit.slice(0, 12))} ${text(each.subject)} (${name(each.author)})`),
    ...(moreCommits === 0 ? [] : [`- and ${moreCommits} more`]),
    ...(commits.length === 0 ? [] : [""]),
    ...(withoutCommits === undefined ? [] : [`Its commits are not known: ${text(withoutCommits)}`, ""]),
  ].join("\n");
}

function rootCause({ rootCause: known, environment, incident }: Postmortem, { flags }: PostmortemLook): string {
  return known === null
    ? `${todo(`write down the root cause: slipway incident note ${environment} ${incident} "..." --about root-cause${flags}`)}\n`
    : `${text(known.text)} (${name(known.by)}, ${utcTime(Date.parse(known.at))} UTC)\n`;
}

function actions({ actions: done, resolution }: Postmortem, { zone }: PostmortemLook): string {
  const rows = done.map((each) => [
    ...timeCells(each.startedAt, zone),
    `${name(each.by)}${each.automatic ? ", without a person" : ""}`,
    `${codeSpan(each.command)}, because ${text(each.because)}`,
    `${each.state}${each.endedAt === null ? "" : ` after ${between(each.startedAt, each.endedAt)}`}${each.found === undefined ? "" : `: ${text(each.found)}`}`,
  ]);
  const end =
    resolution === null
      ? "It is not resolved."
      : resolution.override === undefined
        ? `It was resolved by ${name(resolution.by)}: ${text(resolution.reason)}.`
        : `It was resolved by the word of ${name(resolution.by)}: ${text(resolution.override)}. The numbers said: ${text(resolution.reason)}.`;
  return rows.length === 0
    ? `Nothing was recorded as done about it. ${end}\n`
    : `${markdownTable([...timeHeadings(zone), "Who", "What", "Outcome"], rows)}\n${end}\n`;
}

function actionItems({ actionItems: items }: Postmortem): string {
  return items.length === 0
    ? `${todo("what will keep it from happening again, who does it, and until when")}\n`
    : items.map((item) => `- [ ] ${text(item.text)} (${name(item.by)}, ${item.at.slice(0, 10)})\n`).join("");
}

function checklist({ checklist: lines }: Postmortem): string {
  return lines
    .map(
      ({ title, state, found }) =>
        `- [${state === "done" ? "x" : " "}] ${text(title)}: ${state === "bad" ? "**not good**: " : ""}${text(found)}\n`,
    )
    .join("");
}

function openQuestions({ questions }: Postmortem): string {
  return questions.map((question) => `${todo(question)}\n`).join("");
}

/** What people have to fill in: one line, so that it can be searched for. */
function todo(what: string): string {
  return `- [ ] TODO: ${text(what)}`;
}

function timeHeadings(zone: string): readonly string[] {
  return isUtc(zone) ? ["UTC"] : ["UTC", text(zone)];
}

function timeCells(iso: string | null, zone: string): readonly string[] {
  if (iso === null) {
    return isUtc(zone) ? ["-"] : ["-", "-"];
  }
  const moment = Date.parse(iso);
  return isUtc(zone) ? [utcTime(moment)] : [utcTime(moment), zonedTime(moment, zone)];
}

function both(iso: string, zone: string): string {
  const moment = Date.parse(iso);
  return isUtc(zone) ? `${utcTime(moment)} UTC` : `${utcTime(moment)} UTC (${zonedTime(moment, zone)})`;
}

function between(from: string, to: string): string {
  return formatSpan(Date.parse(to) - Date.parse(from));
}

function after(from: string, to: string): string {
  return Date.parse(to) <= Date.parse(from) ? "at once" : `after ${between(from, to)}`;
}

/** Counts are told to the last request: people hold them against the metrics. */
function formatExact(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? "" : ` (${share(part, whole)})`;
}

function share(part: number, whole: number): string {
  return percent((100 * part) / whole);
}

function percent(value: number): string {
  return formatValue(value, "%");
}
