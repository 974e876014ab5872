import type { TimeWindow } from "@slipway/analysis";

/** What tells one metric from another: all of its dimensions, or it is another metric. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric with what is made of its values in a period, or metric math over such. */
export type MetricQuestion =
  | {
      /** Begins with a lower-case letter; letters, digits and underscores. */
      readonly id: string;
      readonly metric: MetricName;
      /** As CloudWatch spells it: `Sum`, `p99`, `TC(1000:)`. */
      readonly statistic: string;
      readonly label?: string;
      /** False for a metric that only expressions look at; true by default. */
      readonly visible?: boolean;
      /** Seconds; the question's own instead of that of the whole reading. */
      readonly periodSeconds?: number;
    }
  | {
      readonly id: string;
      /** Metric math over other questions by their ids, or `SEARCH(...)`, which has one series for each metric that it finds. */
      readonly expression: string;
      readonly label?: string;
      readonly visible?: boolean;
      readonly periodSeconds?: number;
    };

/** A value for one period. */
export interface MetricPoint {
  /** Beginning of the period, in milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

/** Values of one metric or expression, oldest first. Periods without data are not there. */
export interface MetricSeries {
  /** The question's id; several series have the same when it was a search. */
  readonly id: string;
  readonly label: string;
  readonly points: readonly MetricPoint[];
}

/** Reads metrics. */
export interface MetricsReader {
  /**
   * @param periodSeconds - 60 or a multiple, or 1, 5, 10, 20, 30; the window is widened to whole periods
   * @throws {ReleaseError} when they cannot be read, or only in part
   */
  read(
    questions: readonly MetricQuestion[],
    window: TimeWindow,
    periodSeconds: number,
    signal?: AbortSignal,
  ): Promise<readonly MetricSeries[]>;

  /**
   * Metrics that have had data within two weeks.
   *
   * @param namespace - whose; `undefined` for those of all namespaces
   * @param dimensions - those that each must have, with these values
   * @throws {ReleaseError} when they cannot be listed
   */
  list(
    namespace: string | undefined,
    dimensions: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<readonly MetricName[]>;
}
