import type { Orphan, OrphanReport } from "@slipway/contracts";
import { seconds } from "../terminal/progress-printer.ts";
import { table } from "../terminal/table.ts";
import { wrapShell } from "./wrap-shell.ts";

const NARROWEST = 60;
const WIDEST = 120;
const INDENT = "  ";
const LABEL = "  delete  ";

type Seen = OrphanReport["undecided"][number] | Orphan;

/**
 * The report for people.
 *
 * @param columns width of the terminal; only a name or a word of a command that is wider than it goes beyond
 */
export function renderOrphans(report: OrphanReport, columns: number): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  const lines = [
    ...wrap(`Orphans in account ${report.account}, ${report.region}: ${report.target}`, width, ""),
    ...wrap(headline(report), width, ""),
    ...renderGaps(report, width),
    "",
    ...renderCounts(report, width),
    ...renderStates(report, width),
    ...renderRules(report, width),
    ...report.orphans.flatMap((orphan) => ["", ...renderOrphan(orphan, width)]),
    ...renderUndecided(report, width),
    ...renderRemarks(report, width),
    "",
    ...wrap(summary(report), width, ""),
    ...(report.hidden === 0
      ? []
      : wrap(`${report.hidden} more belong to no or another environment: slipway orphans all`, width, "")),
  ];
  return `${lines.join("\n")}\n`;
}

function headline({ environment, services, scannedAt, durationMs }: OrphanReport): string {
  const what = environment === "all" ? "everything" : `what belongs to ${environment}`;
  return `${what} in ${services.join(", ")}; ${scannedAt.slice(0, 16).replace("T", " ")} UTC, ${seconds(durationMs)}`;
}

function summary(report: OrphanReport): string {
  const { totals, verdict, undecided } = report;
  const price = totals.withoutPrice === 0 ? "" : ` (${totals.withoutPrice} without a known price)`;
  const found = `${counted(totals.orphans, "orphan")}: ${totals.untagged} untagged, ${totals.idle} idle, ${usd(totals.monthlyUsd)} per month${price}.`;
  switch (verdict) {
    case "clean":
      return report.environment === "all"
        ? "Clean: everything has an owner."
        : `Clean: everything that seems to belong to ${report.environment} has an owner.`;
    case "orphans":
      return `${found} To import one, write its resource block first; to delete one, be sure that nobody needs it.`;
    case "incomplete":
      return `INCOMPLETE, which is not clean: ${undecided.length} undecided. What was found: ${found}`;
  }
}

function renderGaps({ gaps }: OrphanReport, width: number): string[] {
  return gaps.length === 0
    ? []
    : [
        "",
        ...wrap("INCOMPLETE: this scan did not see everything.", width, ""),
        ...gaps.flatMap(({ subject, kind, why, next }) => [
          ...wrap(`${subject}: ${kind}`, width, INDENT),
          ...wrap(`Why:  ${why}`, width, INDENT.repeat(2)),
          ...wrap(`Next: ${next}`, width, INDENT.repeat(2)),
        ]),
      ];
}

function renderCounts({ scanned }: OrphanReport, width: number): string[] {
  const shown = scanned.filter(({ found, complete }) => found > 0 || !complete);
  const none = scanned.filter((each) => !shown.includes(each)).map(({ type }) => type);
  return [
    ...(shown.length === 0
      ? []
      : table([
          ["type", "found", "in state", "by rule", "otherwise", "orphans", "undecided"],
          ...shown.map((row) => [
            row.type,
            `${row.found}${row.complete ? "" : "+"}`.padStart(5),
            String(row.inState).padStart(8),
            String(row.byRule).padStart(7),
            String(row.otherwise).padStart(9),
            String(row.orphans).padStart(7),
            String(row.undecided).padStart(9),
          ]),
        ])
          .trimEnd()
          .split("\n")),
    ...(none.length === 0 ? [] : wrap(`None at all: ${none.join(", ")}.`, width, "")),
  ];
}

function renderStates({ states }: OrphanReport, width: number): string[] {
  const words = {
    read: ({ resources }: { resources: number }) => counted(resources, "resource"),
    none: () => "no state yet",
    failed: () => "NOT READ",
  };
  const listed = states.map((state) => `${state.name} (${words[state.outcome](state)})`);
  return ["", ...wrap(`States: ${listed.join(", ")}`, width, "")];
}

function renderRules({ rules }: OrphanReport, width: number): string[] {
  return rules
    .filter(({ expired, matched }) => expired || matched === 0)
    .flatMap(({ reason, expired, expires }) =>
      wrap(
        expired
          ? `The ownership rule "${reason}" expired on ${expires ?? ""}: renew it, or take it out.`
          : `The ownership rule "${reason}" owns nothing: take it out if it is not needed.`,
        width,
        "",
      ),
    );
}

function renderOrphan(orphan: Orphan, width: number): string[] {
  return [
    ...renderSeen(orphan, orphan.reason, width),
    ...(orphan.import === undefined
      ? wrap("Terraform has no resource for it, so it cannot be imported.", width, INDENT)
      : renderCommand("  import  ", orphan.import, width)),
    ...orphan.delete.flatMap((command, index) =>
      renderCommand(index === 0 ? LABEL : " ".repeat(LABEL.length), command, width),
    ),
  ];
}

function renderCommand(label: string, command: string, width: number): string[] {
  const [first = "", ...rest] = wrapShell(command, width, width - label.length, " ".repeat(LABEL.length + 2));
  return [label + first, ...rest];
}

function renderSeen(seen: Seen, reason: string, width: number): string[] {
  return [
    ...wrap(`${seen.type}  ${seen.name}`, width, ""),
    ...wrap(reason, width, INDENT),
    ...wrap(facts(seen), width, INDENT),
    ...wrap(seen.arn, width, INDENT),
  ];
}

function facts(seen: Seen): string {
  const { environment, ageDays, createdAt, use, untagged, tags } = seen;
  const age =
    ageDays === undefined
      ? "age unknown"
      : `${createdAt === undefined ? "at least " : ""}${counted(ageDays, "day")} old`;
  const cost =
    "monthlyCost" in seen && seen.monthlyCost !== undefined
      ? `${usd(seen.monthlyCost.usd)} per month (${seen.monthlyCost.formula})`
      : "price unknown";
  return [
    environment ?? "no environment",
    age,
    `${use.verdict === "unknown" ? "use unknown" : use.verdict}: ${use.why}`,
    cost,
    tags === undefined ? "no tags to be had" : untagged ? "UNTAGGED" : `tags ${tagText(tags)}`,
  ].join("; ");
}

function tagText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => (value === "" ? key : `${key}=${value}`))
    .join(", ");
}

function renderUndecided({ undecided }: OrphanReport, width: number): string[] {
  return undecided.length === 0
    ? []
    : [
        "",
        ...wrap("Undecided, because of what was not seen; no command is given for them:", width, ""),
        ...undecided.flatMap(({ type, name, reason }) => wrap(`${type}  ${name}: ${reason}`, width, INDENT)),
      ];
}

function renderRemarks({ remarks }: OrphanReport, width: number): string[] {
  return remarks.length === 0
    ? []
    : [
        "",
        ...wrap("Owned, but worth a look:", width, ""),
        ...remarks.flatMap(({ type, name, untagged, use }) => {
          const findings = [...(untagged ? ["untagged"] : []), ...(use.verdict === "idle" ? [`idle: ${use.why}`] : [])];
          return wrap(`${type}  ${name}: ${findings.join("; ")}`, width, INDENT);
        }),
      ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Less than a cent is not nothing. */
function usd(amount: number): string {
  return amount > 0 && amount < 0.01 ? "under $0.01" : `$${amount.toFixed(2)}`;
}

/** Breaks at spaces; further lines are indented by two more. A word that is wider than the width stays whole. */
function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  // Two spaces stand between columns, and stay.
  for (const word of text.split(/(?<! ) (?! )|\n/)) {
    const before = lines.length === 0 ? indent : `${indent}${INDENT}`;
    if (line !== "" && before.length + line.length + 1 + word.length > width) {
      lines.push(before + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, (lines.length === 0 ? indent : `${indent}${INDENT}`) + line];
}
