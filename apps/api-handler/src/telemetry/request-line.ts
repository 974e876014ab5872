/** What happened to one request. */
export interface RequestFacts {
  requestId: string;
  traceId: string | undefined;
  /** `createItem`; `notFound`, `methodNotAllowed` or `preflight` where no operation ran. */
  operation: string;
  method: string;
  /** The template of the path, such as `/items/{id}`. */
  path: string;
  status: number;
  durationMs: number;
  functionVersion: string;
  coldStart: boolean;
  /** Whether the table had no capacity for it. */
  isThrottled: boolean;
}

/** What the metrics' dimension `service` says. */
const SERVICE = "items-api";

/** The namespace of the function's own metrics. */
export const METRICS_NAMESPACE = "ItemsApi";

const DIRECTIVE = [
  {
    Namespace: METRICS_NAMESPACE,
    Dimensions: [["service"], ["service", "operation"], ["service", "functionVersion"]],
    Metrics: [
      { Name: "requests", Unit: "Count" },
      { Name: "faults", Unit: "Count" },
      { Name: "throttles", Unit: "Count" },
      { Name: "latency", Unit: "Milliseconds" },
      { Name: "coldStarts", Unit: "Count" },
    ],
  },
];

/**
 * The one line of a request, for people and for CloudWatch, which makes metrics of it (embedded metric format): no call, no agent, and
 * no second line to pay for. It is written at every log level, since without it there would be no metrics.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function requestLine({ isThrottled, ...facts }: RequestFacts, time: Date): string {
  const { status, durationMs, coldStart } = facts;
  const line = {
    level: "INFO",
    time: time.toISOString(),
    message: "request",
    service: SERVICE,
    ...facts,
    requests: 1,
    faults: status >= 500 ? 1 : 0,
    throttles: isThrottled ? 1 : 0,
    latency: durationMs,
    coldStarts: coldStart ? 1 : 0,
    _aws: { Timestamp: time.getTime(), CloudWatchMetrics: DIRECTIVE },
  };
  return `${JSON.stringify(line)}\n`;
}
