import type { PlanSummary } from "@slipway/contracts";
import { sourceWords } from "../release/render-plan.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { type ChangeGroup, planReport, type Risk } from "./plan-report.ts";

/**
 * A plan as Markdown, for a pull request. Names come from the configuration, which who opened the pull request has written: they are
 * shown as text, and call nobody.
 */
export function planMarkdown(summary: PlanSummary, where: string): string {
  const { environment, planDigest, source, stateSerial, at, release } = summary;
  const { headline, risks, groups, notes } = planReport(summary);
  const isStopped = summary.gate === "stopped";
  const blocks = [
    `## Plan of ${text(environment)} on ${text(where)}`,
    `${isStopped ? "⛔ " : ""}**${text(headline)}**`,
    `${release === null ? "" : `${text(release)}, `}plan ${code(planDigest.slice(0, 12))} of ${text(sourceWords(source))}, on serial ${stateSerial} of the state, ${text(`${at.slice(0, 16).replace("T", " ")} UTC`)}`,
    ...(risks.length === 0 ? [] : ["### Risks", risks.map(riskItem).join("\n")]),
    ...groups.flatMap(groupBlocks),
    ...notes.map(text),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function riskItem({ mark, id, places, more, reason, next }: Risk): string {
  const where = [...places.map(code), ...(more === 0 ? [] : [`and ${more} more`])].join(", ");
  return `- **${text(mark)}** ${code(id)} at ${where}<br>${text(reason)}<br>Next: ${text(next)}`;
}

function groupBlocks({ title, total, lines, more }: ChangeGroup): string[] {
  const items = lines.map(({ address, detail }) => `- ${code(address)}${detail === "" ? "" : `: ${text(detail)}`}`);
  const left = more.map(({ type, count }) => `${count} ${code(type)}`);
  return [
    `### ${text(title)}: ${total}`,
    [...items, ...(left.length === 0 ? [] : [`- and more: ${left.join(", ")}`])].join("\n"),
  ];
}

/** @see https://github.github.com/gfm/#backslash-escapes; an `@` or `#` that is followed by nothing visible mentions nobody. */
function text(value: string): string {
  return escapeControls(value)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]()#+!|~$-]/g, "\\$&")
    .replace(/@(?=\w)/g, "@\u200b")
    .replace(/\b(https?):\/\//g, "$1:\u200b//");
}

/** @see https://github.github.com/gfm/#code-spans */
function code(value: string): string {
  const plain = escapeControls(value);
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = plain.startsWith("`") || plain.endsWith("`") ? " " : "";
  return `${fence}${space}${plain}${space}${fence}`;
}
