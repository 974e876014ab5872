import type { RollbackPreview } from "@slipway/contracts";
import { wrapText } from "../costs/wrap-text.ts";

/** What a rollback would do to code, infrastructure and data, for who has to decide it. */
export function renderPreview(preview: RollbackPreview, where: string, columns: number): string {
  const { from, to, parts, together, problems, unknown, warnings } = preview;
  const lines = wrapText(`From ${from} to ${to ?? "what ran before the first release"} on ${where}:`, columns, "");
  for (const { part, goes, differs, lines: words, seconds, irreversible, command } of parts) {
    const time = seconds === null || !goes ? "" : `, about ${seconds} s by what the last ones took`;
    const state = differs === false ? "the same in both" : goes ? `goes back${time}` : "stays as it is";
    const known = differs === null && !goes ? "stays as it is; nobody knows whether it differs" : state;
    lines.push("", ...wrapText(`${part}: ${known}`, columns, ""));
    lines.push(...words.flatMap((line) => wrapText(line, columns, "  ")));
    if (goes && irreversible.length > 0) {
      lines.push(...irreversible.flatMap((line) => wrapText(`Cannot be undone: ${line}`, columns, "  ")));
    }
    if (!goes && differs !== false && part !== "data") {
      lines.push(...wrapText(`To take it back, too${timeWords(seconds)}: ${command}`, columns, "  "));
    }
  }
  const all = parts.flatMap(({ goes, differs, seconds }) => (goes && differs !== false ? [seconds] : []));
  const sum = all.reduce((total: number, seconds) => total + (seconds ?? 0), 0);
  if (all.length > 1 && sum > 0) {
    const least = all.includes(null) ? "at least " : "";
    lines.push("", ...wrapText(`Together ${least}about ${sum} s, without what people take to approve.`, columns, ""));
  }
  if (together !== null) {
    const { command, seconds, refused } = together;
    const words =
      refused === null
        ? `Code and infrastructure in one${timeWords(seconds)}: ${command}`
        : `Code and infrastructure cannot go back together: ${refused}`;
    lines.push("", ...wrapText(words, columns, ""));
  }
  const notes = [
    ...problems.map((each) => `WRONG: ${each}`),
    ...unknown.map((each) => `Not known: ${each}`),
    ...warnings.map((each) => `Mind: ${each}`),
  ];
  return `${[...lines, ...(notes.length === 0 ? [] : [""]), ...notes.flatMap((note) => wrapText(note, columns, ""))].join("\n")}\n`;
}

function timeWords(seconds: number | null): string {
  return seconds === null ? "" : ` (about ${seconds} s)`;
}
