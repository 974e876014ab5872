import type { Evidence, EvidenceStatus } from "@slipway/contracts";

const MARKS: Readonly<Record<EvidenceStatus, string>> = {
  pass: "pass   ",
  fail: "FAIL   ",
  unknown: "UNKNOWN",
  waived: "waived ",
};
const INDENT = " ".repeat(MARKS.pass.length + 2);

/**
 * Checks for people: each with what was found, and what to do where it is no pass.
 *
 * @param columns width to break lines at
 */
export function renderEvidence(evidence: readonly Evidence[], columns: number): string {
  return evidence
    .map(({ status, title, subject, found, next }) =>
      [
        `${MARKS[status]}  ${subject === undefined || title.includes(subject) ? title : `${title}: ${subject}`}`,
        ...wrap(found, columns).map((line) => INDENT + line),
        ...(next === undefined ? [] : wrap(`Next: ${next}`, columns).map((line) => INDENT + line)),
      ].join("\n"),
    )
    .map((text) => `${text}\n`)
    .join("");
}

/** Breaks between words; a word that is longer than a line, such as an ARN, stays whole so that it can be copied. */
function wrap(text: string, columns: number): string[] {
  const width = Math.max(40, columns - INDENT.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
