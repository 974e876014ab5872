const ESCAPE = "\u001b";
/** A control sequence, or another escape, of ECMA-48; operating system commands (titles, links) end with BEL or ST. */
const SEQUENCE = new RegExp(
  `${ESCAPE}(?:\\[([0-9;?]*)([@-~])|\\][^\\u0007${ESCAPE}]*(?:\\u0007|${ESCAPE}\\\\)|[@-Z\\\\-_()][0-9A-Za-z]?)`,
  "y",
);

/** What is written with one colour, or none. */
export interface TerminalRun {
  readonly text: string;
  /** `bold`, `dim`, `red`, `green`, `yellow`, `blue`, `magenta`, `cyan`. */
  readonly styles: readonly string[];
}

const STYLES: Readonly<Record<number, string>> = {
  1: "bold",
  2: "dim",
  ...{ 31: "red", 32: "green", 33: "yellow", 34: "blue", 35: "magenta", 36: "cyan" },
};

interface Cell {
  readonly character: string;
  readonly styles: readonly string[];
}

/**
 * What a terminal shows in the end of what was written to it: lines that wrote themselves anew (a carriage return, a cleared line) are there
 * once, and colours are kept.
 */
export function terminalLines(written: string): readonly (readonly TerminalRun[])[] {
  const lines: Cell[][] = [[]];
  let row = 0;
  let column = 0;
  let styles: readonly string[] = [];
  let at = 0;
  while (at < written.length) {
    SEQUENCE.lastIndex = at;
    const sequence = SEQUENCE.exec(written);
    if (sequence !== null) {
      const [all, numbers = "", kind = ""] = sequence;
      const count = Number(numbers) || 1;
      if (kind === "m") {
        styles = styled(styles, numbers);
      } else if (kind === "K") {
        lines[row] = numbers === "2" ? [] : (lines[row] ?? []).slice(0, column);
      } else if (kind === "A") {
        row = Math.max(0, row - count);
      } else if (kind === "G") {
        column = count - 1;
      }
      at += all.length;
      continue;
    }
    const character = String.fromCodePoint(written.codePointAt(at) ?? 0);
    at += character.length;
    if (character === "\n") {
      row += 1;
      column = 0;
      lines[row] ??= [];
    } else if (character === "\r") {
      column = 0;
    } else if (character >= " ") {
      const line = lines[row] ?? [];
      while (line.length < column) {
        line.push({ character: " ", styles: [] });
      }
      line[column] = { character, styles };
      lines[row] = line;
      column += 1;
    }
  }
  return lines.map(runsOf);
}

/** The same as text that a terminal shows as it is: what is kept of a capture. */
export function terminalText(written: string): string {
  const codes = new Map(Object.entries(STYLES).map(([code, style]) => [style, code]));
  const lines = terminalLines(written).map((runs) =>
    runs
      .map(({ text, styles }) =>
        styles.length === 0
          ? text
          : `${ESCAPE}[${styles.map((style) => codes.get(style)).join(";")}m${text}${ESCAPE}[0m`,
      )
      .join(""),
  );
  return `${lines.join("\n").trimEnd()}\n`;
}

function styled(before: readonly string[], numbers: string): readonly string[] {
  return numbers.split(";").reduce<readonly string[]>((styles, number) => {
    const style = STYLES[Number(number)];
    if (style !== undefined) {
      return [...styles.filter((each) => each !== style), style];
    }
    if (number === "22") {
      return styles.filter((each) => each !== "bold" && each !== "dim");
    }
    return number === "" || number === "0"
      ? []
      : number === "39"
        ? styles.filter((each) => each === "bold" || each === "dim")
        : styles;
  }, before);
}

function runsOf(line: readonly Cell[]): readonly TerminalRun[] {
  const runs: { text: string; styles: readonly string[] }[] = [];
  for (const { character, styles } of line) {
    const last = runs.at(-1);
    if (last !== undefined && last.styles.join() === styles.join()) {
      last.text += character;
    } else {
      runs.push({ text: character, styles });
    }
  }
  const end = runs.at(-1);
  if (end !== undefined) {
    end.text = end.text.trimEnd();
  }
  return runs.filter(({ text }) => text !== "");
}
