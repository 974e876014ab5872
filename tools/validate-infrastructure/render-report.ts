import type { Evidence, FindingSeverity, InfrastructureFinding, InfrastructureReport } from "@slipway/contracts";

/**
 * The report for people: what Terraform says of each folder, what came out of each root module, the findings with the worst last,
 * and one sentence.
 *
 * @param columns width to break lines at
 */
export function renderReport({ folders, evidence, findings, verdict }: InfrastructureReport, columns: number): string {
  const parts = [
    table([
      ["folder", "format", "init", "validate", "tests", "time"],
      ...folders.map(({ folder, format, init, validate, tests, durationMs }) => [
        ...[folder, format, init, validate, tests],
        `${(durationMs / 1000).toFixed(1)} s`,
      ]),
    ]),
    folders.flatMap(({ folder, messages }) => messages.map((message) => `${folder}: ${message}\n`)).join(""),
    rootTable(evidence),
    reasonsOfUnknown(evidence, columns),
    groups(findings)
      .map((group) => renderGroup(group, columns))
      .join(""),
    `${sentence(folders.length, evidence, findings, verdict)}\n`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}

const ROOT_CHECKS = ["infrastructure.plan-policy", "infrastructure.tags", "infrastructure.iam"];
const WORDS = { pass: "ok", fail: "FAIL", unknown: "UNKNOWN", waived: "accepted" } as const;

function rootTable(evidence: readonly Evidence[]): string {
  const of = evidence.filter(({ check }) => ROOT_CHECKS.includes(check));
  const roots = [...new Set(of.map(({ subject = "" }) => subject))];
  const word = (root: string, check: string) => {
    const found = of.find((each) => each.subject === root && each.check === check);
    return found === undefined ? "" : WORDS[found.status];
  };
  return table([
    ["root module", "plan policy", "tags", "IAM"],
    ...roots.map((root) => [root, ...ROOT_CHECKS.map((check) => word(root, check))]),
  ]);
}

/** One reason for a root, not one for each of its checks. */
function reasonsOfUnknown(evidence: readonly Evidence[], columns: number): string {
  const reasons = evidence
    .filter(({ check, status }) => ROOT_CHECKS.includes(check) && status === "unknown")
    .map(({ subject, found }) => `${subject}: ${found}`);
  return [...new Set(reasons)].map((reason) => `${wrap(reason, columns, "").join("\n")}\n`).join("");
}

/** Findings that differ only in where they are. */
interface Group {
  readonly finding: InfrastructureFinding;
  readonly places: readonly string[];
}

const SEVERITIES: Readonly<Record<FindingSeverity, number>> = { low: 0, medium: 1, high: 2 };
const STATUSES: Readonly<Record<InfrastructureFinding["status"], number>> = { waived: 0, unknown: 1, fail: 2 };

function groups(findings: readonly InfrastructureFinding[]): Group[] {
  const found = new Map<string, { finding: InfrastructureFinding; places: string[] }>();
  for (const finding of findings) {
    const { id, severity, status, accepted, reason, next } = finding;
    // What is accepted needs its reason told once, however many reasons against it there are.
    const key = JSON.stringify(status === "waived" ? [id, accepted] : [id, severity, status, reason, next]);
    const group = found.get(key) ?? { finding, places: [] };
    group.places.push(placeOf(finding));
    found.set(key, group);
  }
  const rank = ({ finding: { status, severity } }: Group) => STATUSES[status] * 10 + SEVERITIES[severity];
  return [...found.values()].sort((left, right) => rank(left) - rank(right));
}

function placeOf({ root, address, attribute, statement }: InfrastructureFinding): string {
  const where = root === undefined ? address : `${root}: ${address}`;
  const what = attribute === undefined ? "" : `, ${attribute}`;
  return `${where}${what}${statement === undefined ? "" : `, statement ${statement}`}`;
}

const MARKS = { fail: "FAIL   ", unknown: "UNKNOWN", waived: "waived " } as const;
const INDENT = " ".repeat(9);
/** More of the same are counted. */
const MAX_PLACES = 5;

function renderGroup({ finding, places }: Group, columns: number): string {
  const { id, severity, status, reason, next, accepted } = finding;
  const shown = status === "waived" ? places.slice(0, 1) : places.slice(0, MAX_PLACES);
  const more = places.length - shown.length;
  const until = accepted?.expires === undefined ? "" : ` (until ${accepted.expires})`;
  return [
    `${MARKS[status]}  ${severity.padEnd(6)}  ${id}`,
    ...shown.flatMap((place) => wrap(place, columns, INDENT)),
    ...(more > 0 ? [`${INDENT}and ${more} more`] : []),
    ...(accepted === undefined
      ? [...wrap(reason, columns, INDENT), ...wrap(`Next: ${next}`, columns, INDENT)]
      : wrap(`Accepted${until}: ${accepted.reason}`, columns, INDENT)),
    "",
  ].join("\n");
}

function sentence(
  folders: number,
  evidence: readonly Evidence[],
  findings: readonly InfrastructureFinding[],
  verdict: InfrastructureReport["verdict"],
): string {
  const failed = findings.filter(({ status }) => status === "fail").length;
  const broken = new Set(
    evidence
      .filter(({ check, status }) => status === "fail" && !ROOT_CHECKS.includes(check))
      .map(({ subject }) => subject),
  ).size;
  const open = evidence.filter(({ status }) => status === "unknown").length;
  const waived = findings.filter(({ status }) => status === "waived").length;
  if (verdict === "fail") {
    const parts = [
      ...(broken > 0 ? [`${broken} of ${folders} folders ${broken === 1 ? "is" : "are"} not valid`] : []),
      ...(failed > 0 ? [`${failed} ${failed === 1 ? "finding is" : "findings are"} open`] : []),
      ...(open > 0 ? [`${open} ${open === 1 ? "check is" : "checks are"} unknown`] : []),
    ];
    return `The infrastructure is NOT as it should be: ${parts.join(", ")}.`;
  }
  if (verdict === "unknown") {
    return `Nobody knows whether the infrastructure is as it should be: ${open} ${open === 1 ? "check" : "checks"} could not be made.`;
  }
  return `All ${folders} folders are valid, and nothing is found that is not accepted (${waived} ${waived === 1 ? "is" : "are"}).`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** Breaks between words; an address or ARN that is longer than a line stays whole, so that it can be copied. */
function wrap(text: string, columns: number, indent: string): string[] {
  const width = Math.max(40, columns - indent.length);
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(indent + line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    lines.push(indent + line);
  }
  return lines;
}
