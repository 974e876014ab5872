/** How a request to the authorizer ended. */
export type Outcome = "allowed" | "denied" | "fault";

const METRICS = ["requests", "denied", "faults"];

/**
 * The fields of the one line per request that make it a metric, too (CloudWatch embedded metric format). It counts in the items
 * API's namespace, as its own service.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function requestLine(outcome: Outcome, time: Date): Record<string, unknown> {
  return {
    outcome,
    service: "items-authorizer",
    requests: 1,
    denied: outcome === "denied" ? 1 : 0,
    faults: outcome === "fault" ? 1 : 0,
    _aws: {
      Timestamp: time.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: "ItemsApi",
          Dimensions: [["service"]],
          Metrics: METRICS.map((Name) => ({ Name, Unit: "Count" })),
        },
      ],
    },
  };
}
