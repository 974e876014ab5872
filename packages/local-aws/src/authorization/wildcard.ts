/** Compares text with a pattern in which `*` stands for any characters and `?` for one. */
export type TextMatcher = (text: string) => boolean;

/** Stand for a `*` and a `?` that are meant as such: they came out of a policy variable. From Unicode's private use area. */
const LITERALS: readonly (readonly [literal: string, mark: string])[] = [
  ["*", "\uE02A"],
  ["?", "\uE03F"],
];

/** Marks the wildcards of a text as ordinary characters. */
export function markLiterals(text: string): string {
  return LITERALS.reduce((marked, [literal, mark]) => marked.replaceAll(literal, mark), text);
}

/** Turns marked characters back, where a text is no pattern. */
export function restoreLiterals(text: string): string {
  return LITERALS.reduce((restored, [literal, mark]) => restored.replaceAll(mark, literal), text);
}

const EVERYTHING: TextMatcher = () => true;

/** Compiles a pattern; the common shapes (everything, a fixed text, a prefix) do without a regular expression. */
export function compileWildcard(pattern: string): TextMatcher {
  if (pattern === "*") {
    return EVERYTHING;
  }
  if (!/[*?]/.test(pattern)) {
    const literal = restoreLiterals(pattern);
    return (text) => text === literal;
  }
  if (/^[^*?]*\*$/.test(pattern)) {
    const prefix = restoreLiterals(pattern.slice(0, -1));
    return (text) => text.startsWith(prefix);
  }
  const wildcards = pattern
    .replace(/[.+^$()|[\]{}\\]/g, "\\$&")
    // Several stars in a row mean one, and must not make the expression try all ways to share the text among them.
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  const source = LITERALS.reduce((text, [literal, mark]) => text.replaceAll(mark, `\\${literal}`), wildcards);
  const expression = new RegExp(`^${source}$`, "s");
  return (text) => expression.test(text);
}

/**
 * Compiles a pattern of an ARN: each of the first five parts is compared on its own, and the rest as one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function compileArnPattern(pattern: string): TextMatcher {
  if (pattern === "*") {
    return EVERYTHING;
  }
  if (!/[*?]/.test(pattern)) {
    const literal = restoreLiterals(pattern);
    return (text) => text === literal;
  }
  const parts = arnParts(pattern).map(compileWildcard);
  if (parts.length < 6) {
    return () => false;
  }
  return (text) => {
    const given = arnParts(text);
    return given.length === parts.length && parts.every((matches, index) => matches(given[index] ?? ""));
  };
}

function arnParts(arn: string): string[] {
  const split = arn.split(":");
  return split.length < 6 ? split : [...split.slice(0, 5), split.slice(5).join(":")];
}
