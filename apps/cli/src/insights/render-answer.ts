import type { InsightsAnswer } from "@slipway/release-engine";
import { csv } from "../terminal/csv.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { type FittedTable, fittedTable } from "../terminal/fitted-table.ts";

/**
 * An answer of Logs Insights as a table.
 *
 * @param width - of the terminal; without one, nothing is cut
 * @param ellipsis - for what is cut; one column wide
 */
export function renderAnswer({ fields, rows }: InsightsAnswer, width?: number, ellipsis?: string): FittedTable {
  return rows.length === 0
    ? { text: "", isCut: false }
    : fittedTable(
        [fields, ...rows.map((row) => fields.map((field) => (row[field] ?? "").trimEnd()))].map((row) =>
          row.map((value) => escapeControls(value)),
        ),
        width,
        ellipsis,
      );
}

/** The same as CSV: values as they are, but in a terminal, which would do what they say. */
export function answerCsv({ fields, rows }: InsightsAnswer, { isTerminal }: { readonly isTerminal: boolean }): string {
  const all = [fields, ...rows.map((row) => fields.map((field) => row[field] ?? ""))];
  return csv(isTerminal ? all.map((row) => row.map((value) => escapeControls(value, { lines: true }))) : all);
}

/** What it took: `12 rows; 34 of 1,234 records matched, 1.20 MB scanned`. */
export function answerSummary({ rows, statistics }: InsightsAnswer): string {
  const { recordsMatched, recordsScanned, bytesScanned } = statistics;
  const count = (number: number, what: string) => `${number.toLocaleString("en-US")} ${what}${number === 1 ? "" : "s"}`;
  const found = rows.length === 0 ? "No rows" : count(rows.length, "row");
  return recordsScanned === 0
    ? `${found}; nothing was logged`
    : `${found}; ${recordsMatched.toLocaleString("en-US")} of ${count(recordsScanned, "record")} matched, ${bytes(bytesScanned)} scanned`;
}

function bytes(number: number): string {
  const power = Math.min(4, number < 1000 ? 0 : Math.floor(Math.log10(number) / 3));
  const unit = ["B", "kB", "MB", "GB", "TB"][power] ?? "";
  return `${power === 0 ? number : (number / 1000 ** power).toPrecision(3)} ${unit}`;
}
