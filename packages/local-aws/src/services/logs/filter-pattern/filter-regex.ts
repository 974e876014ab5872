import { invalidPattern } from "./filter-pattern.ts";

/** What a regular expression between `%` signs may be made of. */
const ALLOWED = /^[A-Za-z0-9_#=@/;,\-:^$?[\]{}|\\*+.\s"'<>&!~`]*$/;

/**
 * Compiles the regular expression of a filter pattern (the text between the `%` signs).
 *
 * @throws AwsError `InvalidParameterException` when it is not one, or has groups, which CloudWatch Logs does not know
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function filterRegex(source: string): RegExp {
  if (source === "") {
    throw invalidPattern("the regular expression is empty");
  }
  if (/(^|[^\\])[()]/.test(source) || !ALLOWED.test(source.replace(/\\[()%]/g, ""))) {
    throw invalidPattern(`the regular expression "${source}" has characters that are not supported`);
  }
  try {
    return new RegExp(source);
  } catch {
    throw invalidPattern(`"${source}" is not a regular expression`);
  }
}
