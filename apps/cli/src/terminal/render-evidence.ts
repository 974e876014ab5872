import type { Evidence, EvidenceStatus } from "@slipway/contracts";
import { wrapShell } from "../orphans/wrap-shell.ts";
import { waiverWords } from "./waiver-words.ts";

const MARKS: Readonly<Record<EvidenceStatus, string>> = {
  pass: "pass   ",
  fail: "FAIL   ",
  unknown: "UNKNOWN",
  waived: "waived ",
};
const INDENT = " ".repeat(MARKS.pass.length + 2);
/** Beginnings of what is there to be typed. */
const COMMAND = /^(aws|curl|npm|slipway|terraform) /;

/**
 * Checks for people: each with what was found, and what to do where it is no pass.
 *
 * @param columns width to break lines at
 */
export function renderEvidence(evidence: readonly Evidence[], columns: number): string {
  return evidence
    .map(({ status, title, subject, found, next, waiver }) =>
      [
        `${MARKS[status]}  ${wrap(evidenceTitle({ title, subject }), columns).join(`\n${INDENT}`)}`,
        ...wrap(waiver === undefined ? found : `${found}\n${waiverWords(waiver)}`, columns).map(
          (line) => INDENT + line,
        ),
        ...(next === undefined ? [] : whatNext(next, columns)),
      ].join("\n"),
    )
    .map((text) => `${text}\n`)
    .join("");
}

/** Its title, with what was looked at where the title does not say it: several lines may have the same title. */
export function evidenceTitle({ title, subject }: Pick<Evidence, "title" | "subject">): string {
  return subject === undefined || title.includes(subject) ? title : `${title}: ${subject}`;
}

function whatNext(next: string, columns: number): string[] {
  const label = `${INDENT}Next: `;
  if (!COMMAND.test(next)) {
    return wrap(`Next: ${next}`, columns).map((line) => INDENT + line);
  }
  // Broken as a shell reads it, so that it can be pasted.
  const [first = "", ...more] = wrapShell(next, columns, columns - label.length, `${INDENT}  `);
  return [label + first, ...more];
}

/** Breaks at line breaks and between words; a word that is longer than a line, such as an ARN, stays whole so that it can be copied. */
function wrap(text: string, columns: number): string[] {
  const width = Math.max(40, columns - INDENT.length);
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ").filter((each) => each !== "")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines.filter((line) => line !== "");
}
