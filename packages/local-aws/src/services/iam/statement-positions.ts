/** A place in a text, counted from 1 as IAM's simulator counts. */
export interface TextPosition {
  readonly Line: number;
  readonly Column: number;
}

/** From the first character of a statement to the one after its last. */
export interface StatementPosition {
  readonly StartPosition: TextPosition;
  readonly EndPosition: TextPosition;
}

/**
 * Finds where the statements of a policy stand in its text, in their order.
 *
 * @param document - valid JSON
 */
export function statementPositions(document: string): readonly StatementPosition[] {
  const at = findStatement(document);
  if (at === undefined) {
    return [];
  }
  const ranges = document[at] === "[" ? elementsOf(document, at) : [[at, endOfValue(document, at)] as const];
  return ranges.map(([start, end]) => ({
    StartPosition: positionOf(document, start),
    EndPosition: positionOf(document, end),
  }));
}

/** Where the value of the document's own `Statement` starts. */
function findStatement(text: string): number | undefined {
  let at = skipSpace(text, 0) + 1;
  for (at = skipSpace(text, at); text[at] === '"'; at = skipSpace(text, at)) {
    const endOfKey = endOfValue(text, at);
    const value = skipSpace(text, skipSpace(text, endOfKey) + 1);
    if (text.slice(at, endOfKey) === '"Statement"') {
      return value;
    }
    at = skipSpace(text, endOfValue(text, value));
    if (text[at] === ",") {
      at += 1;
    }
  }
  return undefined;
}

function elementsOf(text: string, list: number): (readonly [start: number, end: number])[] {
  const ranges: (readonly [number, number])[] = [];
  let at = skipSpace(text, list + 1);
  while (at < text.length && text[at] !== "]") {
    const end = endOfValue(text, at);
    ranges.push([at, end]);
    at = skipSpace(text, end);
    if (text[at] === ",") {
      at = skipSpace(text, at + 1);
    }
  }
  return ranges;
}

/** The place after a value: brackets are counted, and those in strings are not. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === '"') {
      at = endOfString(text, at);
      if (depth === 0) {
        return at;
      }
      continue;
    }
    if (character === "{" || character === "[") {
      depth += 1;
    } else if (character === "}" || character === "]") {
      if (depth === 0) {
        return at;
      }
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    } else if (depth === 0 && /[\s,]/.test(character)) {
      return at;
    }
    at += 1;
  }
  return at;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (/\s/.test(text[at] ?? "")) {
    at += 1;
  }
  return at;
}

function positionOf(text: string, at: number): TextPosition {
  const before = text.slice(0, at);
  const lines = before.split("\n");
  return { Line: lines.length, Column: (lines.at(-1) ?? "").length + 1 };
}
