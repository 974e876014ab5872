/** How much of a long line is shown before and after the place. */
const AROUND = 30;
const LEAST_ROOM = 10;

/**
 * Shows a place in a text: its line, and under it carets from the place's beginning to its end. A long line is cut around it.
 *
 * @param from - offset in characters of JavaScript, from 0; the text's length is its end
 * @param to - offset of the first character that is not meant any more
 */
export function markPlace(text: string, from: number, to = from + 1): string {
  const start = Math.min(Math.max(0, from), text.length);
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", start);
  // One column for each character: a tab or an escape code would put the caret elsewhere.
  const line = text.slice(lineStart, newline === -1 ? text.length : newline).replaceAll(/\p{Cc}/gu, " ");
  const column = start - lineStart;
  const length = Math.max(1, Math.min(to - start, line.length - column));
  const cutFrom = column > AROUND + LEAST_ROOM ? column - AROUND : 0;
  const cutTo = line.length > column + length + AROUND + LEAST_ROOM ? column + length + AROUND : line.length;
  const before = cutFrom > 0 ? "..." : "";
  const shown = `${before}${line.slice(cutFrom, cutTo)}${cutTo < line.length ? "..." : ""}`;
  return `${shown}\n${" ".repeat(before.length + column - cutFrom)}${"^".repeat(length)}`;
}
