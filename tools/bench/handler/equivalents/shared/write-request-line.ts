/** What a request came to. */
export interface RequestRecord {
  readonly requestId: string;
  readonly operation: string;
  readonly method: string;
  /** The template, not what the client sent. */
  readonly path: string;
  readonly status: number;
  readonly startedAt: number;
  readonly functionVersion: string;
}

const service = "items-api";
let coldStart = true;

/**
 * Writes the line of a request, which is also its metrics (EMF), as a team without Powertools writes it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeRequestLine({ startedAt, ...record }: RequestRecord): void {
  const durationMs = Math.round((performance.now() - startedAt) * 100) / 100;
  const line = {
    level: "INFO",
    time: new Date().toISOString(),
    message: "request",
    traceId: process.env._X_AMZN_TRACE_ID,
    ...record,
    ...{ durationMs, coldStart, service },
    requests: 1,
    faults: record.status >= 500 ? 1 : 0,
    throttles: record.status === 503 ? 1 : 0,
    latency: durationMs,
    coldStarts: coldStart ? 1 : 0,
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: "ItemsApi",
          Dimensions: [["service"], ["service", "operation"], ["service", "functionVersion"]],
          Metrics: [
            { Name: "requests", Unit: "Count" },
            { Name: "faults", Unit: "Count" },
            { Name: "throttles", Unit: "Count" },
            { Name: "latency", Unit: "Milliseconds" },
            { Name: "coldStarts", Unit: "Count" },
          ],
        },
      ],
    },
  };
  coldStart = false;
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Writes the line that explains a 5xx. */
export function writeErrorLine(message: string, cause: unknown): void {
  const error =
    cause instanceof Error
      ? { name: cause.name, message: cause.message, stack: cause.stack }
      : { message: String(cause) };
  process.stdout.write(
    `${JSON.stringify({ level: "ERROR", time: new Date().toISOString(), message, error, service })}\n`,
  );
}
