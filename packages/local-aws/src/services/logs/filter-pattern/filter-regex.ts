import { invalidPattern } from "./filter-pattern.ts";

/**
 * What a regular expression between `%` signs may be made of: letters, digits, some symbols, spaces, the operators, the classes
 * `\d`, `\D`, `\s`, `\S`, `\w`, `\W`, `\xhh`, and operators and symbols behind a backslash.
 */
const ALLOWED = /^(?:[A-Za-z0-9 :_#=@/;,\-^$?[\]{}|*+.]|\\[dDsSwW]|\\x[0-9A-Fa-f]{2}|\\[:_#=@/;,\-^$?[\]{}|*+.\\])+$/;

/**
 * Compiles the regular expression of a filter pattern (the text between the `%` signs).
 *
 * @throws AwsError `InvalidParameterException` when it is not one, or has groups, which CloudWatch Logs does not know
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
 */
export function filterRegex(source: string): RegExp {
  if (source === "") {
    throw invalidPattern("the regular expression is empty");
  }
  if (!ALLOWED.test(source)) {
    throw invalidPattern(`the regular expression "${source}" has characters that are not supported`);
  }
  try {
    return new RegExp(source);
  } catch {
    throw invalidPattern(`"${source}" is not a regular expression`);
  }
}
