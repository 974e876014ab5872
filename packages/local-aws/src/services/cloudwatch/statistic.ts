import { AwsError } from "../../core/aws-error.ts";
import type { Aggregate } from "./aggregate.ts";
import { distributionOf, valueAtRank } from "./distribution.ts";
import { parseTrimmed } from "./trimmed-statistic.ts";

/** A statistic that can be read from an {@link Aggregate}. */
export interface StatisticFunction {
  readonly name: string;
  /** For percentiles, the share from 0 to 1. */
  readonly percentile?: number;
  /** True when it needs the distribution of the values, which statistic sets and negative values do not have. */
  readonly needsDistribution: boolean;
  /** `undefined` when the data does not give it. */
  of(aggregate: Aggregate): number | undefined;
}

const SIMPLE: Readonly<Record<string, (aggregate: Aggregate) => number>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

/**
 * Finds a statistic by its name: `Sum`, `p99.9`, `tm90`, `TC(1000:)`...
 *
 * @param parameter - the request's name for it, for the error
 * @param kind - where a request has one list for the five simple ones (`Sum`...), and one for the others
 * @throws AwsError `InvalidParameterValueException` for what CloudWatch does not know
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function statisticNamed(name: string, parameter: string, kind?: "simple" | "extended"): StatisticFunction {
  const simple = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (kind !== undefined && (simple !== undefined) !== (kind === "simple")) {
    throw notSupported(name, parameter);
  }
  if (simple !== undefined) {
    return { name, needsDistribution: false, of: simple };
  }
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percent !== undefined) {
    const share = Number(percent) / 100;
    return {
      name,
      percentile: share,
      needsDistribution: true,
      of(aggregate) {
        const distribution = distributionOf(aggregate);
        return distribution === undefined ? undefined : valueAtRank(distribution, share);
      },
    };
  }
  const trimmed = parseTrimmed(name);
  if (trimmed === undefined) {
    throw notSupported(name, parameter);
  }
  return {
    name,
    needsDistribution: true,
    of(aggregate) {
      const distribution = distributionOf(aggregate);
      return distribution === undefined ? undefined : trimmed(distribution);
    },
  };
}

function notSupported(name: string, parameter: string): AwsError {
  return new AwsError(
    "InvalidParameterValueException",
    `The value ${name} for parameter ${parameter} is not supported.`,
  );
}
