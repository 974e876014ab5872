import type { Evidence } from "@slipway/contracts";
import { CHECKLIST_SECTIONS, type ChecklistCheck, checkId } from "@slipway/release-engine";
import { wrapText } from "../costs/wrap-text.ts";
import { renderEvidence } from "../terminal/render-evidence.ts";

/** A checklist that was gone through. */
export interface ChecklistReport {
  readonly environment: string;
  /** As reports call it. */
  readonly target: string;
  readonly evidence: readonly Evidence[];
  /** When it was gone through, in milliseconds since the epoch. */
  readonly now: number;
}

const RANK = { pass: 0, waived: 1, unknown: 2, fail: 3 } as const;
const MINUTE_MS = 60_000;

/**
 * A checklist for people: the guide's headings in their order, below each what needs somebody last, and at the end the sentence that sums
 * it up.
 *
 * @param columns width to break lines at
 */
export function renderChecklist(report: ChecklistReport, checks: readonly ChecklistCheck[], columns: number): string {
  const groups = CHECKLIST_SECTIONS.flatMap((section) => {
    const ids = new Set(checks.filter((check) => check.section === section).map(checkId));
    const own = report.evidence.filter(({ check }) => ids.has(check));
    return own.length === 0 ? [] : [group(section, own, report.now, columns)];
  });
  return `${groups.join("\n")}\n${wrapText(sentence(report), columns, "").join("\n")}\n`;
}

function group(section: string, evidence: readonly Evidence[], now: number, columns: number): string {
  const passed = evidence.filter(({ status }) => status === "pass").length;
  const heading = `${section}: ${passed} of ${evidence.length} passed`;
  const sorted = [...evidence].sort((left, right) => RANK[left.status] - RANK[right.status]);
  return `${heading}\n${"-".repeat(Math.min(columns, heading.length))}\n${renderEvidence(
    sorted.map((each) => ({ ...each, found: foundText(each, now) })),
    columns,
  )}`;
}

/** What was found, and from when that is. */
function foundText({ found, reused, at }: Evidence, now: number): string {
  const age = reused === true ? ` (reused from ${ageText(now - Date.parse(at))} ago)` : "";
  return `${found}${age}`;
}

/** `less than a minute`, `12 min`, `3 h`. */
function ageText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE_MS);
  if (minutes < 1) {
    return "less than a minute";
  }
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

function sentence({ environment, target, evidence }: ChecklistReport): string {
  const count = (status: Evidence["status"]) => evidence.filter((each) => each.status === status).length;
  const [failed, unknown, waived, all] = [count("fail"), count("unknown"), count("waived"), evidence.length];
  const later = evidence.filter(({ status, decidedIn }) => status === "unknown" && decidedIn !== undefined).length;
  const rest = [
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(unknown > 0 ? [`${unknown} unknown${later > 0 ? ` (a release decides ${later} of them itself)` : ""}`] : []),
  ].join(", ");
  if (failed > 0) {
    return `${environment} on ${target} is NOT ready: ${failed} of ${all} lines failed${rest === "" ? "" : `, ${rest}`}.`;
  }
  return unknown > 0
    ? `Nobody knows whether ${environment} on ${target} is ready: of ${all} lines ${rest}.`
    : `${environment} on ${target} is ready: ${all - waived} of ${all} lines passed${rest === "" ? "" : `, ${rest}`}.`;
}
