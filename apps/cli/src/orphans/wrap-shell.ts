/**
 * Breaks a shell command into lines of a width, with a backslash at the end of each but the last: pasted, it is the same
 * command. It is broken at spaces outside of quotes only; a word that is wider than the width stays whole.
 *
 * @param first width that is left on the first line
 * @param indent put before every other line
 */
export function wrapShell(command: string, width: number, first: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of wordsOf(command)) {
    const room = (lines.length === 0 ? first : width - indent.length) - " \\".length;
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map(
    (each, index, all) => `${index === 0 ? "" : indent}${each}${index === all.length - 1 ? "" : " \\"}`,
  );
}

/** Words with their single quotes, which is all that our commands are quoted with; an option together with its value. */
function wordsOf(command: string): string[] {
  const words = command.match(/(?:'[^']*'|\\'|[^\s'])+/g) ?? [];
  const units: string[] = [];
  for (const word of words) {
    const last = units.at(-1);
    if (last !== undefined && /^--[a-z-]+$/.test(last) && !/^(-|[|&;>]|do$)/.test(word)) {
      units[units.length - 1] = `${last} ${word}`;
    } else {
      units.push(word);
    }
  }
  return units;
}
