import type { Suppression } from "./suppression.ts";

/**
 * `ActionsSuppressedReason`. AWS documents the one for a WaitPeriod; the others follow it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function suppressionReason({ by }: Suppression): string {
  return `Actions suppressed by ${by}`;
}
