/** A place in a query: offsets of characters, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A query that does not compile; the operation answers with `MalformedQueryException`. */
export class MalformedQuery extends Error {
  override readonly name = "MalformedQuery";
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}

/** Says where in the text a place is, as people count: lines and positions from 1. */
export function describePlace(text: string, { start }: Span): string {
  const before = text.slice(0, start).split("\n");
  return `at line ${before.length} and position ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** An error about a place of a query, which its message names too. */
export function malformed(text: string, message: string, span: Span): MalformedQuery {
  return new MalformedQuery(`${message} ${describePlace(text, span)}`, span);
}
