/** One module specifier that a source file names. */
export interface FoundImport {
  specifier: string;
  /** 1-based. */
  line: number;
  /** Whether only types are imported: erased before the program runs. */
  typeOnly: boolean;
}

const patterns = [
  // import x from "a", import { x } from "a", import type { x } from "a", export { x } from "a", export * from "a"
  /\b(?:import|export)\s+(type\s)?(?:[\w$*{}\s,]+?)\s*from\s*(["'])([^"'\n]+)\2/g,
  // import "a"
  /\bimport\s*()(["'])([^"'\n]+)\2/g,
  // import("a"), require("a"), import.meta.resolve("a"), require.resolve("a"), and typeof import("a")
  /\b(?:import|require|import\.meta\.resolve|require\.resolve)\s*\(\s*()(["'])([^"'\n]+)\2/g,
];

/**
 * Finds every static and dynamic import with a literal specifier in TypeScript or JavaScript source.
 *
 * Works on the text: comments and the contents of other strings are blanked out first, so that what only looks like an
 * import is none. A specifier that is computed at run time cannot be found.
 */
export function findImports(source: string): FoundImport[] {
  const code = blankOut(source);
  const found: { at: number; result: FoundImport }[] = [];
  for (const pattern of patterns) {
    for (const match of code.matchAll(pattern)) {
      // The quotes survived the blanking, the text between them did not: read it from the source.
      const end = match.index + match[0].length - 1;
      const length = match[3]?.length ?? 0;
      const specifier = source.slice(end - length, end);
      const line = source.slice(0, end).split("\n").length;
      found.push({ at: end, result: { specifier, line, typeOnly: (match[1] ?? "") !== "" } });
    }
  }
  return found.sort((a, b) => a.at - b.at).map(({ result }) => result);
}

/** What may stand before a slash that starts a regular expression rather than a division. */
const beforeRegExp = /(?:^|[=(,:;!&|?{}[+\-*%~^<>]|\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield))\s*$/;

/**
 * Replaces comments by spaces, and the contents of strings, templates and regular expressions by `_`. Positions, line
 * breaks, quotes and the code inside of `${}` stay.
 */
function blankOut(source: string): string {
  let output = "";
  let at = 0;
  /** For each open `${`, how many braces are open inside of it. */
  const templates: number[] = [];
  const blank = (end: number, filler: string) => {
    output += source.slice(at, end).replace(/[^\n]/g, filler);
    at = end;
  };
  const keep = (count: number) => {
    output += source.slice(at, at + count);
    at += count;
  };
  const template = () => {
    const match = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*/y;
    match.lastIndex = at;
    blank(at + (match.exec(source)?.[0].length ?? 0), "_");
    if (source.startsWith("${", at)) {
      keep(2);
      templates.push(0);
    } else {
      keep(1);
    }
  };
  while (at < source.length) {
    const character = source.charAt(at);
    if (source.startsWith("//", at)) {
      const end = source.indexOf("\n", at);
      blank(end === -1 ? source.length : end, " ");
    } else if (source.startsWith("/*", at)) {
      const end = source.indexOf("*/", at + 2);
      blank(end === -1 ? source.length : end + 2, " ");
    } else if (character === '"' || character === "'") {
      const match = character === '"' ? /(?:\\[\s\S]|[^"\\\n])*/y : /(?:\\[\s\S]|[^'\\\n])*/y;
      keep(1);
      match.lastIndex = at;
      blank(at + (match.exec(source)?.[0].length ?? 0), "_");
      keep(1);
    } else if (character === "`") {
      keep(1);
      template();
    } else if (character === "/" && beforeRegExp.test(output.slice(-40))) {
      const match = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//y;
      match.lastIndex = at;
      const length = match.exec(source)?.[0].length ?? 1;
      blank(at + length, "_");
    } else {
      const open = templates.at(-1);
      if (open !== undefined && character === "{") {
        templates[templates.length - 1] = open + 1;
      }
      if (open === 0 && character === "}") {
        templates.pop();
        keep(1);
        template();
        continue;
      }
      if (open !== undefined && open > 0 && character === "}") {
        templates[templates.length - 1] = open - 1;
      }
      keep(1);
    }
  }
  return output;
}
