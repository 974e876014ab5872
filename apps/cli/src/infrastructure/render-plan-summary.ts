import type { PlanSummary } from "@slipway/contracts";
import { wrapText } from "../costs/wrap-text.ts";
import { sourceWords } from "../release/render-plan.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { type ChangeGroup, planReport, type Risk } from "./plan-report.ts";

const MARK_WIDTH = "STOPS".length + 2;

/**
 * A plan for a terminal.
 *
 * @param where such as `AWS`
 * @param columns width to break lines at
 */
export function renderPlanSummary(summary: PlanSummary, where: string, columns: number): string {
  const { environment, planDigest, source, stateSerial, at, release } = summary;
  const { headline, risks, groups, notes } = planReport(summary);
  const what = `plan ${planDigest.slice(0, 12)} of ${sourceWords(source)}, on serial ${stateSerial} of the state, ${at.slice(0, 16).replace("T", " ")} UTC`;
  const lines = [
    ...wrapText(`${environment} on ${where}: ${headline}`, columns, ""),
    ...wrapText(`${release === null ? "" : `${release}, `}${what}`, columns, ""),
    ...risks.flatMap((risk, index) => [...(index === 0 ? ["", "Risks"] : []), ...riskLines(risk, columns)]),
    ...groups.flatMap((each) => ["", ...groupLines(each, columns)]),
    ...notes.flatMap((note, index) => [...(index === 0 ? [""] : []), ...wrapText(note, columns, "")]),
  ];
  return `${lines.map((line) => escapeControls(line)).join("\n")}\n`;
}

function riskLines({ mark, id, places, more, reason, next }: Risk, columns: number): string[] {
  const indent = " ".repeat(2 + MARK_WIDTH);
  const [first = "", ...rest] = wrapText(id, columns - indent.length, "");
  return [
    `  ${mark.padEnd(MARK_WIDTH)}${first}`,
    ...rest.map((line) => indent + line),
    ...places.flatMap((place) => wrapText(place, columns, `${indent}  `)),
    ...(more === 0 ? [] : [`${indent}  and ${more} more`]),
    ...wrapText(reason, columns, indent),
    ...wrapText(`Next: ${next}`, columns, indent),
  ];
}

function groupLines({ title, total, lines, more }: ChangeGroup, columns: number): string[] {
  const left = more.reduce((sum, { count }) => sum + count, 0);
  return [
    `${title}: ${total}`,
    ...lines.flatMap(({ address, detail }) => addressLines(address, detail, columns)),
    ...(left === 0
      ? []
      : wrapText(`and ${left} more: ${more.map(({ type, count }) => `${count} ${type}`).join(", ")}`, columns, "  ")),
  ];
}

/** An address stays whole where it can, so that it can be copied; what changes stands beside it, or below. */
function addressLines(address: string, detail: string, columns: number): string[] {
  if (detail === "") {
    return wrapText(address, columns, "  ");
  }
  return address.length + detail.length + 4 <= columns
    ? [`  ${address}  ${detail}`]
    : [...wrapText(address, columns, "  "), ...wrapText(detail, columns, "      ")];
}
