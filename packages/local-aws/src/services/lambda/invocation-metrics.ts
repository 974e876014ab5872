import type { MetricDatum, MetricSink } from "../../core/ports.ts";

/** What an invocation is counted under. */
export interface MeasuredTarget {
  readonly functionName: string;
  /** Alias or version that was asked for. */
  readonly qualifier: string | undefined;
  /** Set when the qualifier is an alias. */
  readonly executedVersion: string | undefined;
}

const NAMESPACE = "AWS/Lambda";

/**
 * Measures invocations as AWS does: of all functions (no dimension), by function, by the alias or version that was asked for
 * (`Resource`), and by alias and version (`ExecutedVersion`), which tells the two versions of a weighted alias apart.
 *
 * Every invocation gives `Errors` and `Throttles` as well, 0 where there were none, so that their averages are rates. An invocation
 * that was throttled gives `Throttles` alone: it counts neither as an invocation nor as an error.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export class InvocationMetrics {
  readonly #sink: MetricSink;
  /** Invocations that run now, by dimension set. */
  readonly #running = new Map<string, number>();

  constructor(sink: MetricSink) {
    this.#sink = sink;
  }

  /**
   * An invocation begins.
   *
   * @param unreserved - how many run of all functions without concurrency of their own; absent when this function has its own
   */
  begin(target: MeasuredTarget, timestamp: number, unreserved: number | undefined): void {
    const data = dimensionSets(target).map((dimensions) => {
      const key = keyOf(dimensions);
      const running = (this.#running.get(key) ?? 0) + 1;
      this.#running.set(key, running);
      return datum("ConcurrentExecutions", running, "Count", dimensions, timestamp);
    });
    if (unreserved !== undefined) {
      data.push(datum("UnreservedConcurrentExecutions", unreserved, "Count", {}, timestamp));
    }
    this.#sink.record(data);
  }

  /** It has ended. `timestamp` is its beginning: metrics belong to the time of the invocation. */
  end(target: MeasuredTarget, timestamp: number, outcome: { durationMs: number; failed: boolean }): void {
    this.#sink.record(
      dimensionSets(target).flatMap((dimensions) => {
        const key = keyOf(dimensions);
        this.#running.set(key, Math.max(0, (this.#running.get(key) ?? 0) - 1));
        return [
          datum("Invocations", 1, "Count", dimensions, timestamp),
          datum("Errors", outcome.failed ? 1 : 0, "Count", dimensions, timestamp),
          datum("Throttles", 0, "Count", dimensions, timestamp),
          datum("Duration", outcome.durationMs, "Milliseconds", dimensions, timestamp),
        ];
      }),
    );
  }

  /** It began, and then there was nothing that could run it. */
  abandon(target: MeasuredTarget): void {
    for (const dimensions of dimensionSets(target)) {
      const key = keyOf(dimensions);
      this.#running.set(key, Math.max(0, (this.#running.get(key) ?? 0) - 1));
    }
  }

  /** It was refused for lack of concurrency. */
  throttle(target: MeasuredTarget, timestamp: number): void {
    this.#count("Throttles", target, timestamp);
  }

  /** An event was queued, dropped, or could not be delivered to its dead-letter topic or destination. */
  asynchronous(
    name: "AsyncEventsReceived" | "AsyncEventsDropped" | "DeadLetterErrors" | "DestinationDeliveryFailures",
    target: MeasuredTarget,
    timestamp: number,
  ): void {
    this.#count(name, target, timestamp);
  }

  #count(name: string, target: MeasuredTarget, timestamp: number): void {
    this.#sink.record(dimensionSets(target).map((dimensions) => datum(name, 1, "Count", dimensions, timestamp)));
  }
}

function dimensionSets({ functionName, qualifier, executedVersion }: MeasuredTarget): Record<string, string>[] {
  const Resource = qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
  const sets: Record<string, string>[] = [{}, { FunctionName: functionName }, { FunctionName: functionName, Resource }];
  if (executedVersion !== undefined) {
    sets.push({ FunctionName: functionName, Resource, ExecutedVersion: executedVersion });
  }
  return sets;
}

function keyOf(dimensions: Record<string, string>): string {
  return `${dimensions.FunctionName} ${dimensions.Resource} ${dimensions.ExecutedVersion}`;
}

function datum(
  name: string,
  value: number,
  unit: string,
  dimensions: Record<string, string>,
  timestamp: number,
): MetricDatum {
  return { namespace: NAMESPACE, name, value, unit, dimensions, timestamp };
}
