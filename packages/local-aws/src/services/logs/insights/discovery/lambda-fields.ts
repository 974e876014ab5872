import type { Value, ValueType } from "../values/value.ts";

const ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const PLATFORM_LINE = new RegExp(`^(START|END|REPORT) RequestId: (${ID})`);
/** What the runtimes write before a function's own text, and Lambda before its own: the time and the request. */
const TEXT_LINE = new RegExp(`^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z[\\t ](${ID})[\\t ]`);
/** Lambda means 1,000 × 1,000 bytes here. */
const MEGABYTE = 1_000_000;

/** How a field is read from a line, and how its values are written. */
export interface LambdaField {
  readonly type: ValueType;
  read(message: string): Value;
}

/** A figure of a `REPORT` line. */
function figure(label: string, unit: string, factor = 1): LambdaField {
  const pattern = new RegExp(`\\t${label}: ([\\d.]+) ${unit}(?=\\t|\\s*$)`);
  return {
    type: "double",
    read: (message) => {
      const text = message.startsWith("REPORT ") ? pattern.exec(message)?.[1] : undefined;
      return text === undefined ? undefined : Number(text) * factor;
    },
  };
}

function tracing(label: string): LambdaField {
  const pattern = new RegExp(`${label}: (\\S+)`);
  return {
    type: "raw",
    read: (message) => (message.startsWith("REPORT ") ? pattern.exec(message)?.[1] : undefined),
  };
}

/**
 * The fields that CloudWatch Logs discovers in the lines of Lambda functions: durations in milliseconds, memory in bytes.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
 */
export const LAMBDA_FIELDS: Readonly<Record<string, LambdaField>> = {
  "@type": { type: "raw", read: (message) => PLATFORM_LINE.exec(message)?.[1] },
  "@requestId": {
    type: "raw",
    read: (message) => PLATFORM_LINE.exec(message)?.[2] ?? TEXT_LINE.exec(message)?.[1],
  },
  "@duration": figure("Duration", "ms"),
  "@billedDuration": figure("Billed Duration", "ms"),
  "@initDuration": figure("Init Duration", "ms"),
  "@memorySize": figure("Memory Size", "MB", MEGABYTE),
  "@maxMemoryUsed": figure("Max Memory Used", "MB", MEGABYTE),
  "@xrayTraceId": tracing("XRAY TraceId"),
  "@xraySegmentId": tracing("SegmentId"),
};

/** Whether a line has the form that Lambda's runtimes give to text. */
export function isLambdaText(message: string): boolean {
  return TEXT_LINE.test(message);
}
