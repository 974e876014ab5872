import type { ComparisonOperator, MetricAlarm } from "./alarm.ts";

/** How an alarm compares, and how its reasons say it. */
export interface Comparison {
  readonly words: string;
  breaches(value: number, threshold: number): boolean;
}

const COMPARISONS: Readonly<Record<ComparisonOperator, Comparison>> = {
  GreaterThanOrEqualToThreshold: {
    words: "greater than or equal to",
    breaches: (value, threshold) => value >= threshold,
  },
  GreaterThanThreshold: { words: "greater than", breaches: (value, threshold) => value > threshold },
  LessThanThreshold: { words: "less than", breaches: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: { words: "less than or equal to", breaches: (value, threshold) => value <= threshold },
};

/** The comparison of an alarm on a threshold. */
export function comparisonOf({ comparisonOperator }: Pick<MetricAlarm, "comparisonOperator">): Comparison {
  return COMPARISONS[comparisonOperator];
}
