const MORE = "  ";
/** What a line has room for at least, however narrow the terminal says it is. */
const LEAST_ROOM = 8;

/**
 * Breaks a text at its spaces; further lines are indented by two more. A word that is wider than the width is cut, after a `/`
 * or `.` where it has one.
 */
export function wrapText(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  const room = () => Math.max(LEAST_ROOM, width - indent.length - (lines.length === 0 ? 0 : MORE.length));
  const flush = () => {
    lines.push(`${indent}${lines.length === 0 ? "" : MORE}${line}`);
    line = "";
  };
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > room()) {
      flush();
    }
    let rest = line === "" ? word : `${line} ${word}`;
    while (rest.length > room()) {
      const cut = cutAt(rest, room());
      line = rest.slice(0, cut);
      rest = rest.slice(cut);
      flush();
    }
    line = rest;
  }
  flush();
  return lines;
}

function cutAt(word: string, room: number): number {
  const best = Math.max(word.lastIndexOf("/", room - 1), word.lastIndexOf(".", room - 1)) + 1;
  return best > room / 2 ? best : room;
}
