/** A block of Terraform's native syntax: `provider "aws" { ... }`. */
export interface HclBlock {
  type: string;
  labels: readonly string[];
  /** The text between its braces. */
  body: string;
}

/**
 * Finds the outermost blocks of HCL source. It reads what it needs and no more: which blocks there are, and their bodies.
 *
 * @see https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export function findBlocks(source: string): HclBlock[] {
  const code = maskText(source);
  const blocks: HclBlock[] = [];
  const header = /([A-Za-z_][\w-]*)((?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*)[ \t]*\{/y;
  for (let at = 0; at < code.length; ) {
    header.lastIndex = at;
    const match = header.exec(code);
    if (match === null) {
      // Past an attribute's value, which may have braces of its own, or past one character of anything else.
      at = code[at] === "{" ? endOfBraces(code, at) : endOfWord(code, at);
      continue;
    }
    const opening = at + match[0].length - 1;
    const end = endOfBraces(code, opening);
    const labels = source.slice(at + (match[1]?.length ?? 0), opening).match(/"[^"]*"|[A-Za-z_][\w-]*/g) ?? [];
    blocks.push({
      type: match[1] ?? "",
      labels: labels.map((label) => label.replaceAll('"', "")),
      body: source.slice(opening + 1, end - 1),
    });
    at = end;
  }
  return blocks;
}

/** The literal text of an attribute directly in a block's body: `alias = "west"`. */
export function textAttribute(body: string, name: string): string | undefined {
  const code = maskText(body);
  const pattern = new RegExp(`(?:^|\\n)[ \\t]*${name}[ \\t]*=[ \\t]*"`, "g");
  for (const match of code.matchAll(pattern)) {
    const opening = match.index + match[0].length - 1;
    const before = code.slice(0, opening);
    if (before.split("{").length === before.split("}").length) {
      return body.slice(opening + 1, endOfString(body, opening) - 1);
    }
  }
  return undefined;
}

/** Replaces comments, heredocs and the contents of strings by `_`. Positions, line breaks and quotes stay. */
function maskText(source: string): string {
  let masked = "";
  let at = 0;
  const mask = (end: number) => {
    masked += source.slice(at, end).replace(/[^\n]/g, "_");
    at = end;
  };
  while (at < source.length) {
    const rest = source.slice(at, at + 2);
    if (source[at] === "#" || rest === "//") {
      const end = source.indexOf("\n", at);
      masked += " ".repeat((end < 0 ? source.length : end) - at);
      at = end < 0 ? source.length : end;
    } else if (rest === "/*") {
      const end = source.indexOf("*/", at + 2);
      masked += source.slice(at, end < 0 ? source.length : end + 2).replace(/[^\n]/g, " ");
      at = end < 0 ? source.length : end + 2;
    } else if (source[at] === '"') {
      const end = endOfString(source, at);
      masked += '"';
      at += 1;
      mask(end - 1);
      masked += source.slice(at, end);
      at = end;
    } else if (rest === "<<") {
      mask(endOfHeredoc(source, at));
    } else {
      masked += source[at];
      at += 1;
    }
  }
  return masked;
}

/** @returns the position after the closing quote */
function endOfString(source: string, opening: number): number {
  for (let at = opening + 1; at < source.length; at += 1) {
    if (source[at] === "\\") {
      at += 1;
    } else if (source[at] === '"') {
      return at + 1;
    } else if (isTemplate(source, at)) {
      at = endOfTemplate(source, at + 2) - 1;
    }
  }
  return source.length;
}

/** `${` or `%{`, unless doubled: `$${` is text. */
function isTemplate(source: string, at: number): boolean {
  const sign = source[at];
  return (sign === "$" || sign === "%") && source[at + 1] === "{" && source[at - 1] !== sign;
}

/** @returns the position after the closing brace */
function endOfTemplate(source: string, start: number): number {
  let depth = 1;
  let at = start;
  while (at < source.length) {
    if (source[at] === '"') {
      at = endOfString(source, at);
      continue;
    }
    if (source[at] === "{") depth += 1;
    if (source[at] === "}") depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return source.length;
}

/** @returns the position after the line with the closing word; two characters on where it is no heredoc */
function endOfHeredoc(source: string, start: number): number {
  const word = /^<<-?([A-Za-z_][\w-]*)[ \t]*\r?\n/.exec(source.slice(start, start + 200))?.[1];
  if (word === undefined) {
    return start + 2;
  }
  const closing = new RegExp(`^[ \\t]*${word}[ \\t]*\\r?$`, "gm");
  closing.lastIndex = start + word.length;
  const match = closing.exec(source);
  return match === null ? source.length : match.index + match[0].length;
}

/** @returns the position after the brace that closes the one at `opening`, in masked text */
function endOfBraces(code: string, opening: number): number {
  let depth = 0;
  for (let at = opening; at < code.length; at += 1) {
    if (code[at] === "{") depth += 1;
    if (code[at] === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return code.length;
}

function endOfWord(code: string, at: number): number {
  const word = /[\w-]+/y;
  word.lastIndex = at;
  return at + (word.exec(code)?.[0].length ?? 1);
}
