import { cutSegments, renderSegments, wrapSegments } from "./segments.ts";

/** A table that fits into a width, if there is one. */
export interface FittedTable {
  readonly text: string;
  /** Whether a value had to be cut. */
  readonly isCut: boolean;
}

const GAP = "  ";
/** A column of texts is not made narrower than this. */
const LEAST_WIDTH = 12;
const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;
const TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?$/;

/**
 * Rows below a heading: numbers to the right, texts to the left and cut where there is no room, numbers and times never, since half of
 * one is another one. Where even that does not fit, each row becomes a block with a line for each field.
 *
 * @param rows - without control characters; the first is the heading
 * @param width - without one, everything is as wide as it is
 * @param ellipsis - for what is cut; one column wide
 */
export function fittedTable(rows: readonly (readonly string[])[], width?: number, ellipsis?: string): FittedTable {
  const [heading = [], ...body] = rows;
  const columns = heading.map((name, index) => {
    const values = body.map((row) => row[index] ?? "").filter((value) => value !== "");
    const natural = Math.max(name.length, ...values.map((value) => value.length));
    const isNumber = values.length > 0 && values.every((value) => NUMBER.test(value));
    const isFixed = isNumber || (values.length > 0 && values.every((value) => TIME.test(value)));
    return { natural, isNumber, isFixed, width: natural };
  });
  if (width !== undefined) {
    let excess = columns.reduce((sum, column) => sum + column.width, GAP.length * (columns.length - 1)) - width;
    while (excess > 0) {
      const widest = columns
        .filter((column) => !column.isFixed && column.width > LEAST_WIDTH)
        .sort((left, right) => right.width - left.width)[0];
      if (widest === undefined) {
        return { text: blocks(heading, body, width), isCut: false };
      }
      widest.width--;
      excess--;
    }
  }
  const lines = rows.map((row) =>
    columns
      .map((column, index) => {
        const value = cut(row[index] ?? "", column.width, ellipsis);
        return column.isNumber ? value.padStart(column.width) : value.padEnd(column.width);
      })
      .join(GAP)
      .trimEnd(),
  );
  return {
    text: lines.map((line) => `${line}\n`).join(""),
    isCut: columns.some((column) => column.width < column.natural),
  };
}

function cut(value: string, width: number, ellipsis: string | undefined): string {
  return renderSegments(cutSegments([{ text: value, meaning: "plain" }], width, ellipsis), false);
}

function blocks(heading: readonly string[], body: readonly (readonly string[])[], width: number): string {
  const names = Math.max(...heading.map((name) => name.length));
  return body
    .map((row) =>
      heading
        .flatMap((name, index) => {
          const value = row[index] ?? "";
          const head = `${name.padEnd(names)}${GAP}`;
          const broken = wrapSegments([{ text: head + value, meaning: "plain" }], width, `${GAP}${GAP}`, head.length);
          return value === "" ? [] : broken.map((line) => renderSegments(line, false));
        })
        .join("\n"),
    )
    .join("\n\n")
    .concat("\n");
}
