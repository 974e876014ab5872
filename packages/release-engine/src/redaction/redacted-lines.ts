import type { Redactor } from "./redactor.ts";
import { REDACTED } from "./secret-patterns.ts";

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
/** The longest keys have some 60: a beginning without an end must not hide everything that comes after it. */
const MOST_KEY_LINES = 120;

/**
 * Redacts what comes line by line: by itself, a line out of the middle of a private key looks like nothing.
 *
 * @returns takes the lines of one source in their order
 */
export function redactedLines(redactor: Redactor): (line: string) => string {
  let keyLinesLeft = 0;
  return (line) => {
    const begins = line.search(BEGIN);
    if (begins >= 0 && !END.test(line.slice(begins))) {
      keyLinesLeft = MOST_KEY_LINES;
      return redactor.text(line);
    }
    if (keyLinesLeft === 0) {
      return redactor.text(line);
    }
    const end = END.exec(line);
    keyLinesLeft = end === null ? keyLinesLeft - 1 : 0;
    return end === null ? REDACTED : `${REDACTED}${redactor.text(line.slice(end.index + end[0].length))}`;
  };
}
