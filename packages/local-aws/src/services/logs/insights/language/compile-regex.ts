/** A regular expression and the names of its groups. */
export interface CompiledRegex {
  readonly regex: RegExp;
  readonly names: readonly string[];
}

/** Flags that may stand at the beginning, `^` aside: `(?i)`. */
const LEADING_FLAGS = /^(\^?)\(\?([ims]+)\)/;
const NAMED_GROUP = /\(\?P?<([A-Za-z][A-Za-z0-9_]*)>/g;
/** Characters that what stands between braces may have: the numbers of a quantifier, the name of a property. */
const LONGEST_BRACES = 64;
/** What JavaScript would read as something else, or not at all. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/\[\[:|\[:\w+:\]/, "classes such as [:alpha:]"],
  [/(?:[*+?]|\{\d+,?\d*\})\+/, "possessive quantifiers"],
  [/\(\?>/, "atomic groups"],
  [/\(\?[imsx]*-?[imsx]+[:)]/, "flags within the expression"],
  [/&&\[/, "intersections of classes"],
];

/**
 * Compiles the regular expression of a query. Groups have names as in Java (`(?<name>...)`) or as in RE2 (`(?P<name>...)`); flags
 * stand at the beginning. What would mean something else here is refused instead of being taken for its look.
 *
 * @throws Error that says what is wrong with it
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions
 */
export function compileRegex(source: string): CompiledRegex {
  const [lead = "", caret = "", flags = ""] = LEADING_FLAGS.exec(source) ?? [];
  const body = caret + source.slice(lead.length);
  const unescaped = body.replace(/\\[\s\S]/g, "__");
  for (const [pattern, what] of FOREIGN) {
    if (pattern.test(unescaped)) {
      throw new Error(`local AWS does not know ${what} in regular expressions`);
    }
  }
  const names = [...body.matchAll(NAMED_GROUP)].map(([, name = ""]) => name);
  try {
    return { regex: new RegExp(plainEscapes(body.replaceAll("(?P<", "(?<")), `u${flags}`), names };
  } catch (error) {
    throw new Error(error instanceof Error ? error.message : String(error));
  }
}

/** Strict JavaScript knows fewer needless escapes than Java: `\"`, `\-` and `\:` are themselves. */
function plainEscapes(source: string): string {
  let inClass = false;
  return source.replace(/\\([\s\S])|[[\]{}]/g, (all, escaped: string | undefined, offset: number) => {
    if (escaped !== undefined) {
      return /[A-Za-z0-9^$\\.*+?()[\]{}|/]/.test(escaped) || (inClass && escaped === "-") ? all : escaped;
    }
    if (all === "[") {
      if (inClass) {
        return "\\[";
      }
      inClass = true;
      return all;
    }
    if (all === "]") {
      if (!inClass) {
        return "\\]";
      }
      inClass = false;
      return all;
    }
    return inClass || isBrace(source, offset) ? `\\${all}` : all;
  });
}

/** A brace that neither begins nor ends a quantifier or a property; Java takes such ones for themselves. */
function isBrace(source: string, offset: number): boolean {
  const before = source.slice(Math.max(0, offset - LONGEST_BRACES), offset);
  if (source[offset] === "{") {
    return !/^\{\d+(?:,\d*)?\}/.test(source.slice(offset)) && !/\\[pPuk]$/.test(before);
  }
  return !/\{\d+(?:,\d*)?$/.test(before) && !/\\[pPu]\{[^{}]*$/.test(before);
}
