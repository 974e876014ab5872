import { UserError } from "../user-error.ts";

const NAMES = ["Sum", "Average", "Minimum", "Maximum", "SampleCount", "IQM"];
/** `p99.9`, `tm90`: a percentile, or what lies below one. */
const SHORT = /^(p|tm|wm|tc|ts)(\d+(?:\.\d+)?)$/i;
/** `TC(1000:)`, `TM(10%:90%)`, `PR(:1000)`. */
const RANGE = /^(TM|WM|TC|TS|PR)\(\s*\d*(?:\.\d+)?%?\s*:\s*\d*(?:\.\d+)?%?\s*\)$/i;

/**
 * Refuses what is no statistic of CloudWatch.
 *
 * @param flag - named in the error
 * @returns it as CloudWatch spells it: `sum` is `Sum`
 * @throws UserError when it is none
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function parseStatistic(flag: string, text: string): string {
  const name = NAMES.find((each) => each.toLowerCase() === text.toLowerCase());
  if (name !== undefined) {
    return name;
  }
  const [, , percent] = SHORT.exec(text) ?? [];
  if ((percent === undefined || Number(percent) > 100) && !RANGE.test(text)) {
    throw new UserError(
      `${flag}: '${text}' is no statistic of CloudWatch. Give ${NAMES.slice(0, -1).join(", ")}, p50, p99.9, TM(10%:90%), TC(1000:) or another.`,
    );
  }
  return text;
}
