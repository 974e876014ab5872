import { invalidPattern } from "./filter-pattern.ts";
import { linearRegex, type TextTest } from "./linear-regex.ts";

/**
 * What a regular expression between `%` signs may be made of: letters, digits, some symbols, spaces, the operators, the classes
 * `\d`, `\D`, `\s`, `\S`, `\w`, `\W`, `\xhh`, and operators and symbols behind a backslash.
 */
const ALLOWED = /^(?:[A-Za-z0-9 :_#=@/;,\-^$?[\]{}|*+.]|\\[dDsSwW]|\\x[0-9A-Fa-f]{2}|\\[:_#=@/;,\-^$?[\]{}|*+.\\])+$/;

/**
 * Compiles the regular expression of a filter pattern (the text between the `%` signs). It is asked of every event as it comes in, so
 * that it must not take long for any.
 *
 * @throws AwsError `InvalidParameterException` when it is not one, or has groups, which CloudWatch Logs does not know
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
 */
export function filterRegex(source: string): TextTest {
  if (source === "") {
    throw invalidPattern("the regular expression is empty");
  }
  if (!ALLOWED.test(source)) {
    throw invalidPattern(`the regular expression "${source}" has characters that are not supported`);
  }
  try {
    return linearRegex(source);
  } catch {
    throw invalidPattern(`"${source}" is not a regular expression`);
  }
}
