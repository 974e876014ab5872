import type { Evidence, ValidationReport } from "@slipway/contracts";
import { WINDOWS, windowsUpTo } from "@slipway/release-engine";
import { wrapText } from "../costs/wrap-text.ts";
import { renderEvidence } from "../terminal/render-evidence.ts";

/**
 * A validation for people: the guide's windows in their order, in each what needs somebody last, and the sentence that sums it up at the
 * end, where the eye is.
 *
 * @param columns width to break lines at
 */
export function renderValidation(report: ValidationReport, columns: number): string {
  const { evidence, window } = report;
  const deployment = evidence.filter(({ check }) => check.startsWith("deployment."));
  const groups = [
    ...(deployment.length === 0 ? [] : [group("What is deployed", deployment, columns, true)]),
    ...windowsUpTo(window).map((each) =>
      group(
        WINDOWS[each].title,
        evidence.filter(({ check }) => check.startsWith(`validation.${each}.`)),
        columns,
      ),
    ),
  ];
  return `${groups.join("\n")}\n${wrapText(sentence(report), columns, "").join("\n")}\n`;
}

function group(title: string, evidence: readonly Evidence[], columns: number, short = false): string {
  const passed = evidence.filter(({ status }) => status === "pass").length;
  const shown = short ? evidence.filter(({ status }) => status !== "pass") : evidence;
  const heading = `${title}: ${passed} of ${evidence.length} passed`;
  const underlined = `${heading}\n${"-".repeat(Math.min(columns, heading.length))}\n`;
  return shown.length === 0 ? `${heading}\n` : underlined + renderEvidence(worstLast(shown), columns);
}

/** What needs somebody stands where the eye ends up. */
function worstLast(evidence: readonly Evidence[]): Evidence[] {
  const rank = { pass: 0, waived: 1, unknown: 2, fail: 3 } as const;
  return [...evidence].sort((left, right) => rank[left.status] - rank[right.status]);
}

/** Whether what was judged began with the release. A release of last week has had its first hour long ago. */
function isOfRelease({ released, period, windowMs }: ValidationReport["measurements"]): boolean {
  if (!("value" in released)) {
    return false;
  }
  return period === null || Date.parse(period.from) - Date.parse(released.value.at) <= Math.max(60_000, windowMs / 10);
}

function sentence({ environment, target, window, evidence, measurements }: ValidationReport): string {
  const { period } = measurements;
  const count = (status: Evidence["status"]) => evidence.filter((each) => each.status === status).length;
  const [failed, unknown, all] = [count("fail"), count("unknown"), evidence.length];
  const when = period === null ? "" : ` (judged: ${period.from.slice(0, 16)}Z to ${period.to.slice(0, 16)}Z)`;
  const { length } = WINDOWS[window];
  const what = `${isOfRelease(measurements) ? `the ${length} after the release` : `the last ${length}`} of ${environment} on ${target}`;
  if (failed > 0) {
    return `NOT well: ${failed} of ${all} checks failed${unknown > 0 ? `, ${unknown} unknown` : ""}, for ${what}${when}.`;
  }
  return unknown > 0
    ? `Nobody knows whether all is well: ${unknown} of ${all} checks could not be made, for ${what}${when}.`
    : `All is well: ${all} checks passed, for ${what}${when}.`;
}
