import { AwsError } from "../../../core/aws-error.ts";
import { type FilterPattern, invalidPattern, PLAIN_MATCH } from "./filter-pattern.ts";
import { filterRegex } from "./filter-regex.ts";
import { compileJsonPattern } from "./json-pattern.ts";
import { compileSpacePattern } from "./space-pattern.ts";
import { compileTermPattern } from "./term-pattern.ts";

/** Longest pattern, in characters. */
const MAX_LENGTH = 1024;

/**
 * Compiles a filter pattern of CloudWatch Logs: terms, `%regex%`, `{ JSON }` or `[space, delimited]`. An empty pattern matches
 * every event.
 *
 * @throws AwsError `InvalidParameterException` naming what is wrong
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compileFilterPattern(source: string): FilterPattern {
  if (source.length > MAX_LENGTH) {
    throw new AwsError(
      "InvalidParameterException",
      `1 validation error detected: Value at 'filterPattern' failed to satisfy constraint: Member must have length less than or equal to ${MAX_LENGTH}`,
    );
  }
  const text = source.trim();
  if (text === "") {
    return { regexes: 0, match: () => PLAIN_MATCH };
  }
  if (text.startsWith("{")) {
    return compileJsonPattern(inside(text, "}"));
  }
  if (text.startsWith("[")) {
    return compileSpacePattern(inside(text, "]"));
  }
  if (text.startsWith("%")) {
    const regex = filterRegex(inside(text, "%"));
    return { regexes: 1, match: (event) => (regex.test(event.text) ? PLAIN_MATCH : undefined) };
  }
  return compileTermPattern(text);
}

function inside(text: string, close: string): string {
  if (text.length < 2 || !text.endsWith(close)) {
    throw invalidPattern(`the closing ${close} is missing`);
  }
  return text.slice(1, -1);
}
