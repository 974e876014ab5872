import { findingName, stopsPlan } from "@slipway/analysis";
import type { ChangeCounts, InfrastructureFinding, PlannedResource, PlanSummary } from "@slipway/contracts";

/** Findings that say the same, as one. */
export interface Risk {
  /** How serious it is, in a word: `STOPS`, `high`, `later` for what is known only after the apply. */
  readonly mark: string;
  readonly id: string;
  /** Where, the first few of them. */
  readonly places: readonly string[];
  readonly more: number;
  readonly reason: string;
  readonly next: string;
}

/** What a plan does alike. */
export interface ChangeGroup {
  readonly title: string;
  readonly total: number;
  readonly lines: readonly { readonly address: string; readonly detail: string }[];
  /** How many are not listed, by their types. */
  readonly more: readonly { readonly type: string; readonly count: number }[];
}

/** A plan as a person reads it in a minute: risks first, then what is lost, then the rest. */
export interface PlanReport {
  readonly headline: string;
  readonly risks: readonly Risk[];
  readonly groups: readonly ChangeGroup[];
  /** One sentence each. */
  readonly notes: readonly string[];
}

const TITLES: readonly (readonly [PlannedResource["action"], string, most: number])[] = [
  ["destroy", "Destroyed", 25],
  ["replace", "Replaced (destroyed and made anew)", 25],
  ["forget", "Forgotten (left behind without an owner)", 15],
  ["change", "Changed", 15],
  ["import", "Imported", 10],
  ["move", "Moved (renamed, nothing happens to them)", 10],
  ["add", "Added", 10],
];
/** Places of one risk that are listed. */
const MOST_PLACES = 3;

export function planReport(summary: PlanSummary): PlanReport {
  const { findings, resources, omitted, omittedFindings, outputs } = summary;
  const waived = findings.filter(({ status }) => status === "waived").length;
  return {
    headline: headline(summary),
    risks: risks(findings.filter(({ status }) => status !== "waived")),
    groups: TITLES.flatMap(([action, title, most]) => {
      const those = resources.filter((resource) => resource.action === action);
      return those.length === 0 ? [] : [group(title, those, most)];
    }),
    notes: [
      ...(omitted === 0 ? [] : [`${omitted} more resources change that are not listed.`]),
      ...reversibility(resources),
      ...(outputs.length === 0 ? [] : [`Outputs that change: ${outputs.join(", ")}.`]),
      ...(waived === 0 ? [] : [`${count(waived, "finding")} accepted in slipway.config.ts.`]),
      ...(omittedFindings === 0 ? [] : [`${omittedFindings} more findings that stop nothing.`]),
    ],
  };
}

function headline({ changed, counts, findings, resources }: PlanSummary): string {
  const stopping = findings.filter(stopsPlan).length;
  const replaced = resources.filter(({ action }) => action === "replace").length;
  const what = changed ? countsInWords(counts, replaced) : "no changes";
  return stopping === 0 ? what : `${what}; STOPPED by ${count(stopping, "finding")}`;
}

function countsInWords({ add, change, destroy }: ChangeCounts, replaced: number): string {
  return add + change + destroy === 0
    ? "no resource changes, only outputs or addresses"
    : `${add} to add, ${change} to change, ${destroy} to destroy${replaced === 0 ? "" : ` (${replaced} of them replaced)`}`;
}

/** What stops is listed one by one, since each is accepted by its name; the rest by kind. */
function risks(findings: readonly InfrastructureFinding[]): Risk[] {
  const kinds = new Map<string, InfrastructureFinding[]>();
  for (const finding of findings) {
    const { id, severity, status, reason } = finding;
    const key = stopsPlan(finding) ? `${findingName(finding)} ${reason}` : `${id} ${severity} ${status}`;
    kinds.set(key, [...(kinds.get(key) ?? []), finding]);
  }
  return [...kinds.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) {
      return [];
    }
    const places = [...new Set(all.map(placeOf))];
    return [
      {
        mark: stopsPlan(first) ? "STOPS" : first.status === "unknown" ? "later" : first.severity,
        ...{ id: first.id, reason: first.reason, next: first.next },
        places: places.slice(0, MOST_PLACES),
        more: Math.max(0, places.length - MOST_PLACES),
      },
    ];
  });
}

function placeOf({ address, attribute, statement }: InfrastructureFinding): string {
  return [
    address,
    ...(attribute === undefined ? [] : [attribute]),
    ...(statement === undefined ? [] : [statement]),
  ].join(" ");
}

function group(title: string, resources: readonly PlannedResource[], most: number): ChangeGroup {
  // A single one more takes no more room than the line that says so.
  const shown = resources.length <= most + 1 ? resources : resources.slice(0, most);
  const types = new Map<string, number>();
  for (const { type } of resources.slice(shown.length)) {
    types.set(type, (types.get(type) ?? 0) + 1);
  }
  return {
    title,
    total: resources.length,
    lines: shown.map((resource) => ({ address: resource.address, detail: detailOf(resource) })),
    more: [...types].map(([type, count]) => ({ type, count })),
  };
}

/** Nothing where an older Slipway made the plan, which did not look. */
function reversibility(resources: readonly PlannedResource[]): string[] {
  const known = resources.filter(({ isReversible }) => isReversible !== undefined);
  const lasting = known.filter(({ isReversible }) => isReversible === false).length;
  if (known.length === 0) {
    return [];
  }
  return lasting === 0
    ? [`Reversible: ${known.length === 1 ? "the change" : `all ${known.length} changes`}.`]
    : [
        `Reversible: ${known.length - lasting} of ${count(known.length, "change")}; the others say what is lost for good.`,
      ];
}

function detailOf({ action, attributes, because, from, lost }: PlannedResource): string {
  return [
    ...(action === "replace" && because.length > 0 ? [`because of ${because.join(", ")}`] : []),
    ...(action !== "replace" && attributes.length > 0 ? [attributes.join(", ")] : []),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(lost === undefined ? [] : [`IRREVERSIBLE, lost for good: ${lost}`]),
  ].join("; ");
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
