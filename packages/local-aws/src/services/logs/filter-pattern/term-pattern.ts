import { type FilterPattern, invalidPattern, PLAIN_MATCH } from "./filter-pattern.ts";

/** One term: an optional `?` or `-`, then a quoted phrase or a word. */
const TERM = /\s*(?<sign>[?-]?)\s*(?:"(?<phrase>(?:[^"\\]|\\.)*)"|(?<word>[^\s"]+))/y;

/**
 * Compiles a pattern of terms: `ERROR "exact phrase" -excluded`, or `?one ?another`.
 *
 * Terms match anywhere in the event, in their exact case. Optional terms beside others are ignored, as AWS documents.
 *
 * @throws AwsError `InvalidParameterException` for a word with other characters than letters, digits and underscores
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html
 */
export function compileTermPattern(source: string): FilterPattern {
  const required: string[] = [];
  const excluded: string[] = [];
  const optional: string[] = [];
  let at = 0;
  while (source.slice(at).trim() !== "") {
    TERM.lastIndex = at;
    const groups = TERM.exec(source)?.groups;
    if (groups === undefined) {
      throw invalidPattern(`a quoted phrase has no closing quote at position ${at}`);
    }
    at = TERM.lastIndex;
    const { sign, phrase, word = "" } = groups;
    if (phrase === undefined && !/^\w+$/.test(word)) {
      throw invalidPattern(`Invalid character(s) in term '${word}'`);
    }
    const term = phrase === undefined ? word : phrase.replace(/\\(.)/g, "$1");
    (sign === "-" ? excluded : sign === "?" ? optional : required).push(term);
  }
  const choices = required.length + excluded.length > 0 ? [] : optional;
  return {
    regexes: 0,
    match({ text }) {
      const matches =
        required.every((term) => text.includes(term)) &&
        !excluded.some((term) => text.includes(term)) &&
        (choices.length === 0 || choices.some((term) => text.includes(term)));
      return matches ? PLAIN_MATCH : undefined;
    },
  };
}
