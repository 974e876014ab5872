import type { ReleasePlan, SourceRevision } from "@slipway/contracts";
import { hasPredecessor } from "@slipway/release-plan";
import { wrapText } from "../costs/wrap-text.ts";

/**
 * The steps of a release, for who wonders whether to begin it.
 *
 * @param isVerbose also what each step would change and how it is undone, and where the guide has it
 */
export function renderPlan(plan: ReleasePlan, where: string, columns: number, isVerbose: boolean): string {
  const before =
    plan.previous !== null
      ? `after ${plan.previous}`
      : hasPredecessor(plan)
        ? "the first release there, after what was deployed by hand"
        : "the first release there";
  const lines = wrapText(
    `${plan.release} would take ${sourceWords(plan.source)} to ${plan.environment} on ${where}, ${before}:`,
    columns,
    "",
  );
  const width = String(plan.steps.length).length;
  for (const [index, { title, because, guide, undo }] of plan.steps.entries()) {
    const number = String(index + 1).padStart(width + 2);
    const indent = " ".repeat(number.length + 2);
    const [first = "", ...more] = wrapText(title, columns - indent.length, "");
    lines.push(...(index === 0 ? [""] : []), `${number}  ${first}`, ...more.map((line) => indent + line));
    const notes = [
      ...(because === undefined ? [] : [because]),
      ...(isVerbose ? [`Guide: ${guide}`, `Undo: ${undo}`] : []),
    ];
    lines.push(...notes.flatMap((note) => wrapText(note, columns, indent)));
  }
  return `${lines.join("\n")}\n`;
}

/** A source as sentences call it: `commit 1a2b3c4d5e6f`, `commit 1a2b3c4d5e6f with changes that are not committed`. */
export function sourceWords({ commit, dirty }: SourceRevision): string {
  if (commit === null) {
    return "files that are in no git repository";
  }
  return `commit ${commit.slice(0, 12)}${dirty ? " with changes that are not committed" : ""}`;
}
