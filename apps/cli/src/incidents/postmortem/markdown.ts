import { escapeControls } from "../../terminal/escape-controls.ts";

/** What GitHub's Markdown could take for markup, a link, an address, a mention, HTML, an entity or a formula, wherever it stands. */
const MARKUP = /[\\`*_[\]<>|~&$@]|:(?=\/\/)|(?<=\bwww)\./gi;
/** What is markup at the beginning of a text. */
const AT_BEGINNING = /^(?:[#+=-]|\d+[.)](?=\s|$))/;

/**
 * Makes a text from outside stand in Markdown as it is: one line, no markup, no links, no HTML.
 *
 * @see https://github.github.com/gfm/#backslash-escapes
 */
export function escapeMarkdown(text: string): string {
  const line = oneLine(text).replace(MARKUP, "\\$&");
  return line.replace(AT_BEGINNING, (found) => `${found.slice(0, -1)}\\${found.slice(-1)}`);
}

/** The same as code, which is easier to copy; in tables, too. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  // A table is cut at every pipe that has no backslash, also within code.
  const inTable = line.replaceAll("|", "\\|");
  return line.includes("`") || line === "" ? `${fence} ${inTable} ${fence}` : `${fence}${inTable}${fence}`;
}

/** A table; cells are Markdown. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return `${line(heading)}${line(heading.map(() => "---"))}${rows.map(line).join("")}`;
}

function oneLine(text: string): string {
  return escapeControls(text.replaceAll(/\s+/g, " ").trim().toWellFormed());
}
