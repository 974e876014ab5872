import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchHarness } from "../cloudwatch-harness.ts";

/** An alarm's name in tests of what AWS documents, its metric, and the metric's namespace. */
export const DOCUMENTED = { alarm: "documented", metric: "Load", namespace: "Documented" } as const;

/** The configuration that documented cases change: over 3, in the latest minute. */
const CONFIGURATION = {
  AlarmName: DOCUMENTED.alarm,
  Namespace: DOCUMENTED.namespace,
  MetricName: DOCUMENTED.metric,
  Statistic: "Maximum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 3,
  ComparisonOperator: "GreaterThanThreshold",
};

/** Puts an alarm that differs from the common one; `undefined` leaves a parameter out. */
export async function putAlarm(aws: CloudWatchHarness, change: object = {}): Promise<void> {
  await aws.call("PutMetricAlarm", { ...CONFIGURATION, ...change } as never);
}

/** The state that an alarm is in. */
export async function stateOf(aws: CloudWatchHarness, name: string = DOCUMENTED.alarm): Promise<string | undefined> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await aws.call("DescribeAlarms", {
    AlarmNames: [name],
    AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
  });
  return (MetricAlarms[0] ?? CompositeAlarms[0])?.StateValue;
}

/** Sends values of the common metric. */
export async function putValues(
  aws: CloudWatchHarness,
  values: readonly number[],
  more: Partial<MetricDatum> = {},
): Promise<void> {
  if (values.length > 0) {
    await aws.call("PutMetricData", {
      Namespace: DOCUMENTED.namespace,
      MetricData: [{ MetricName: DOCUMENTED.metric, Values: [...values], ...more }],
    });
  }
}

/**
 * Sends the values of one period after the other and notes the alarm's state at the end of each.
 *
 * @param values - periods separated by blanks: a number, some joined by `+`, or `-` for none
 * @param more - members of each datum
 * @returns the states, separated by blanks
 */
export async function play(
  aws: CloudWatchHarness,
  values: string,
  { period = 60, ...more }: Partial<MetricDatum> & { period?: number } = {},
): Promise<string> {
  const states: (string | undefined)[] = [];
  for (const token of values.trim().split(/\s+/)) {
    await putValues(aws, token === "-" ? [] : token.split("+").map(Number), more);
    await aws.core.clock.advance(period * 1000 - (aws.core.clock.now() % (period * 1000)));
    states.push(await stateOf(aws));
  }
  return states.join(" ");
}
