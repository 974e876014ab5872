import { type Paint, paint } from "./paint.ts";

/** A part of a line. */
export interface Segment {
  /** Without line breaks and control characters. */
  readonly text: string;
  readonly meaning: Paint;
}

/** A line as it is written. */
export function renderSegments(segments: readonly Segment[], hasColour: boolean): string {
  const last = segments.findLastIndex(({ text }) => text.trimEnd() !== "");
  return segments
    .slice(0, last + 1)
    .map(({ text, meaning }, index) => {
      const shown = index === last ? text.trimEnd() : text;
      return hasColour ? paint(shown, meaning) : shown;
    })
    .join("");
}

/**
 * Cuts a line to a width; what was cut off is shown by an ellipsis.
 *
 * @param ellipsis - one column wide
 */
export function cutSegments(segments: readonly Segment[], width: number, ellipsis = "…"): Segment[] {
  return lengthOf(segments) <= width
    ? [...segments]
    : [...slice(segments, 0, whole(textOf(segments), width - 1)), { text: ellipsis, meaning: "faint" }];
}

/**
 * Breaks a line at a width, after a space where there is one; further lines are indented. Nothing is lost but spaces where it breaks.
 *
 * @param head - characters at the beginning within which it is not broken
 */
export function wrapSegments(segments: readonly Segment[], width: number, indent: string, head = 0): Segment[][] {
  const text = textOf(segments);
  const lines: Segment[][] = [];
  let begin = 0;
  while (begin < text.length) {
    const isFirst = lines.length === 0;
    const least = isFirst ? head : 0;
    const room = Math.max(LEAST_ROOM, width - (isFirst ? 0 : indent.length));
    const end = text.length - begin <= room ? text.length : breakAt(text, begin, room, least);
    lines.push([...(isFirst ? [] : [{ text: indent, meaning: "plain" as const }]), ...slice(segments, begin, end)]);
    begin = end;
    while (text[begin] === " ") {
      begin++;
    }
  }
  return lines.length === 0 ? [[]] : lines;
}

/** What a line has room for at least, however narrow the terminal says it is. */
const LEAST_ROOM = 20;

function breakAt(text: string, begin: number, room: number, least: number): number {
  const space = text.lastIndexOf(" ", begin + room);
  // A word that is longer than half a line is cut where the line ends.
  return space > begin + Math.max(least, room / 2) ? space : whole(text, begin + room);
}

/** Before a character that takes two places of a text, not between them. */
function whole(text: string, end: number): number {
  const before = text.charCodeAt(end - 1);
  return before >= 0xd800 && before <= 0xdbff ? end - 1 : end;
}

function slice(segments: readonly Segment[], begin: number, end: number): Segment[] {
  let offset = 0;
  return segments.flatMap((segment) => {
    const text = segment.text.slice(Math.max(0, begin - offset), Math.max(0, end - offset));
    offset += segment.text.length;
    return text === "" ? [] : [{ ...segment, text }];
  });
}

function textOf(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join("");
}

function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + text.length, 0);
}
