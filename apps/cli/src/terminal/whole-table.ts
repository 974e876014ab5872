import { fittedTable } from "./fitted-table.ts";

/**
 * A table of names that are to be typed again: where they do not fit into the width, lines are wider than that, but no name is cut.
 *
 * @param rows - without control characters; the first is the heading
 */
export function wholeTable(rows: readonly (readonly string[])[], columns: number): string {
  const fitted = fittedTable(rows, columns);
  return fitted.isCut ? fittedTable(rows).text : fitted.text;
}
