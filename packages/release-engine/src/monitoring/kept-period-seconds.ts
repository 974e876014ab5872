const DAY_MS = 86_400_000;

/**
 * The shortest period, in seconds, that CloudWatch still has of values of an age.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
export function keptPeriodSeconds(ageMs: number): 60 | 300 | 3_600 {
  return ageMs < 15 * DAY_MS ? 60 : ageMs < 63 * DAY_MS ? 300 : 3_600;
}
