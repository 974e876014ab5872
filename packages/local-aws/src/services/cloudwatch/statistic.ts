import { AwsError } from "../../core/aws-error.ts";
import type { Aggregate } from "./aggregate.ts";

/** A statistic that can be read from an {@link Aggregate}. */
export interface StatisticFunction {
  readonly name: string;
  /** For percentiles, the share from 0 to 1. */
  readonly percentile?: number;
  /** `undefined` when the data does not give it: percentiles of statistic sets or of negative values. */
  of(aggregate: Aggregate): number | undefined;
}

const SIMPLE: Readonly<Record<string, (aggregate: Aggregate) => number>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

/** Statistics of CloudWatch beyond percentiles: trimmed means and counts, Winsorized means, ranks. */
const TRIMMED = /^(tm|wm|tc|ts|pr)(\d{1,2}(\.\d+)?|100|\(.*\))$|^iqm$/i;

/**
 * Finds a statistic by its name: `Sum`, `p99.9`...
 *
 * @param parameter - the request's name for it, for the error
 * @throws AwsError `InvalidParameterValueException` for what CloudWatch does not know, `NotImplemented` for what local AWS does
 * not compute
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function statisticNamed(name: string, parameter: string): StatisticFunction {
  const simple = SIMPLE[name];
  if (simple !== undefined) {
    return { name, of: simple };
  }
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percent !== undefined) {
    const share = Number(percent) / 100;
    return { name, percentile: share, of: (aggregate) => percentileOf(aggregate, share) };
  }
  if (TRIMMED.test(name)) {
    throw new AwsError(
      "NotImplemented",
      `Local AWS does not compute the statistic ${name}: use SampleCount, Average, Sum, Minimum, Maximum or a percentile such as p99.`,
    );
  }
  throw new AwsError(
    "InvalidParameterValueException",
    `The value ${name} for parameter ${parameter} is not supported.`,
  );
}

function percentileOf({ sketch, min, max, count }: Aggregate, share: number): number | undefined {
  // A statistic set of one value, or of equal ones, tells its values after all.
  if (sketch === undefined) {
    return count === 1 || min === max ? min : undefined;
  }
  if (min < 0) {
    return undefined;
  }
  const value = sketch.quantile(share);
  return value === undefined ? undefined : Math.min(Math.max(value, min), max);
}
