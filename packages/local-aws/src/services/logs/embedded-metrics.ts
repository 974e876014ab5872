import type { MetricDatum } from "../../core/ports.ts";

/** Limits of the embedded metric format: values of one metric in one line, and metrics in one directive. */
const MAX_VALUES = 100;
const MAX_METRICS = 100;
const MAX_DIMENSIONS = 30;

/**
 * Reads the metrics that a log line carries in CloudWatch's embedded metric format.
 *
 * A directive with an error in it (a missing dimension, a namespace of AWS's own, a value that is no number) gives nothing, as
 * on AWS; the line itself is a log line like any other.
 *
 * @param message - the log line
 * @param json - the log line, parsed; `undefined` when it is no JSON from its beginning
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(message: string, json: unknown): MetricDatum[] {
  const root = asObject(json ?? afterLambdaPrefix(message));
  const metadata = asObject(root?._aws);
  const directives = metadata?.CloudWatchMetrics;
  const timestamp = metadata?.Timestamp;
  if (
    root === undefined ||
    !Array.isArray(directives) ||
    typeof timestamp !== "number" ||
    !Number.isFinite(timestamp)
  ) {
    return [];
  }
  return directives.flatMap((directive) => readDirective(root, asObject(directive), timestamp));
}

/** What follows the time, request id and level that Lambda puts before a line in its text format. */
function afterLambdaPrefix(message: string): unknown {
  const document = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t\S+\t[A-Z]+\t(\{.*)$/s.exec(message)?.[1];
  try {
    return document === undefined ? undefined : JSON.parse(document);
  } catch {
    return undefined;
  }
}

function readDirective(
  root: Record<string, unknown>,
  directive: Record<string, unknown> | undefined,
  timestamp: number,
): MetricDatum[] {
  const namespace = directive?.Namespace;
  const metrics = directive?.Metrics;
  if (typeof namespace !== "string" || !/^(?!AWS\/)[A-Za-z0-9_.\-/#: ]{1,1024}$/.test(namespace)) {
    return [];
  }
  if (!Array.isArray(metrics) || metrics.length > MAX_METRICS) {
    return [];
  }
  const sets: unknown[] = Array.isArray(directive?.Dimensions) ? directive.Dimensions : [[]];
  const dimensionSets = sets.map((set) => readDimensions(root, set)).filter((dimensions) => dimensions !== undefined);
  const data: MetricDatum[] = [];
  for (const definition of metrics.map(asObject)) {
    const name = definition?.Name;
    if (typeof name !== "string" || name === "") {
      continue;
    }
    const unit = typeof definition?.Unit === "string" ? definition.Unit : "None";
    const values = [root[name]].flat();
    if (values.length > MAX_VALUES || !values.every((value) => typeof value === "number" && Number.isFinite(value))) {
      continue;
    }
    const resolution = definition?.StorageResolution === 1 ? { storageResolution: 1 as const } : {};
    const counts = new Map<number, number>();
    for (const value of values as number[]) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (const dimensions of dimensionSets) {
      for (const [value, count] of counts) {
        data.push({ namespace, name, dimensions, value, count, unit, timestamp, ...resolution });
      }
    }
  }
  return data;
}

/** The dimensions of one set, or `undefined` when the line lacks one of them. */
function readDimensions(root: Record<string, unknown>, set: unknown): Record<string, string> | undefined {
  if (!Array.isArray(set) || set.length > MAX_DIMENSIONS) {
    return undefined;
  }
  const dimensions: Record<string, string> = {};
  for (const name of set) {
    const value = typeof name === "string" ? root[name] : undefined;
    if (typeof value !== "string" || value === "" || value.length > 1024) {
      return undefined;
    }
    dimensions[name] = value;
  }
  return dimensions;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
