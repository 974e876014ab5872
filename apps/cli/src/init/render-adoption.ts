import type { AdoptionNote, AdoptionReport } from "@slipway/contracts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";

const TITLES: Readonly<Record<AdoptionNote["level"], string>> = {
  must: "Before the first release",
  should: "Before production depends on it",
  check: "Guessed, or to know",
};

/** What was found in a repository, what is missing, and what to type next. */
export function renderAdoption(report: AdoptionReport, columns: number): string {
  const { found, notes, outcome, file } = report;
  const width = Math.min(Math.max(columns, 40), 120);
  const lines = (text: string, indent = "") => wrapText(escapeControls(text), width, indent);
  const last = found.environments.at(-1)?.name ?? "";
  const builtBy = ({ name, artifact }: AdoptionReport["found"]["functions"][number]) =>
    `${name}${artifact === undefined ? "" : ` (${artifact})`}`;
  const levels = (["must", "should", "check"] as const).map((level) => ({
    level,
    notes: notes.filter((each) => each.level === level),
  }));
  return [
    ...lines(
      `Environments: ${found.environments.map(({ name, directory, variableFiles }) => `${name} (${variableFiles.at(-1) ?? directory})`).join(", ")}`,
    ),
    ...lines(`Functions: ${found.functions.map(builtBy).join(", ")}`),
    ...lines(
      `API: ${found.apis.map(({ address, routes }) => `${address}: ${routes.join(", ") || "its routes are not known"}`).join("; ") || "none"}`,
    ),
    ...lines(`Tables: ${found.tables.map(({ name }) => name).join(", ") || "none"}`),
    ...lines(`Bootstrap: ${found.bootstrap ?? "none"}`),
    ...levels.flatMap(({ level, notes: of }) =>
      of.length === 0
        ? []
        : [
            "",
            `${TITLES[level]}: ${of.length}`,
            ...of.flatMap(({ subject, found: what, next }) => [
              ...lines(`- ${subject}: ${what}.`),
              ...lines(`Next: ${next}`, "  "),
            ]),
          ],
    ),
    "",
    ...lines(
      {
        written: `Wrote ${file}. Read it, and commit it; then rehearse: slipway rehearse ${last} --once`,
        shown: `Nothing was written. Without --print it becomes ${file}.`,
        kept: `${file} is there already and was left as it is. --print shows what would be written, --force replaces it.`,
      }[outcome],
    ),
    "",
  ].join("\n");
}
