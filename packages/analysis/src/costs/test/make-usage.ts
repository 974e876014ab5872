import type {
  AlarmUsage,
  FunctionUsage,
  KeyUsage,
  LogGroupUsage,
  ObservedUsage,
  ResourceUsage,
  TableUsage,
} from "../usage.ts";

export const HOUR = 3_600_000;
/** Begins an hour, so that clock hours are counted as people count them. */
export const TO = Date.parse("2026-11-23T04:00:00Z");
/** As long as the month of a bill: what was used in it is a month's use, with no stretching. */
export const MONTH = { from: TO - 730 * HOUR, to: TO };

/** A function of 512 MB on x86 with a million invocations of 100 ms. */
export function aFunction(more: Partial<FunctionUsage> = {}): FunctionUsage {
  return {
    kind: "function",
    address: "module.lambda.aws_lambda_function.this",
    type: "aws_lambda_function",
    name: "api-handler-prod",
    architecture: "x86_64",
    memoryMb: 512,
    ephemeralMb: 512,
    traced: false,
    invocations: { value: 1_000_000 },
    durationMs: { value: 100_000_000 },
    provisionedConcurrency: { value: 0 },
    maxMemoryUsedMb: { unknown: "there are no reports to read" },
    ...more,
  };
}

/** An on-demand table of 1 GB that nobody uses. */
export function aTable(more: Partial<TableUsage> = {}): TableUsage {
  return {
    kind: "table",
    address: "module.table.aws_dynamodb_table.this",
    type: "aws_dynamodb_table",
    name: "items-prod",
    billing: "on-demand",
    provisioned: { reads: 0, writes: 0 },
    isStandardClass: true,
    bytes: { value: 1024 ** 3 },
    recoverableBytes: undefined,
    backupBytes: { value: 0 },
    readUnits: { value: 0 },
    writeUnits: { value: 0 },
    capacity: { periodSeconds: 300, series: [{ of: "items-prod", reads: [], writes: [] }] },
    ...more,
  };
}

export function aLogGroup(more: Partial<LogGroupUsage> = {}): LogGroupUsage {
  return {
    kind: "log-group",
    address: "aws_cloudwatch_log_group.this",
    type: "aws_cloudwatch_log_group",
    name: "/aws/lambda/api-handler-prod",
    isInfrequentAccess: false,
    retentionDays: 90,
    ingestedBytes: { value: 1024 ** 3 },
    storedBytes: { value: 10 * 1024 ** 3 },
    ...more,
  };
}

export function aKey(more: Partial<KeyUsage> = {}): KeyUsage {
  return {
    kind: "key",
    address: "aws_kms_key.this",
    type: "aws_kms_key",
    name: "k-1",
    state: "enabled",
    rotations: { value: 0 },
    ...more,
  };
}

export function anAlarm(more: Partial<AlarmUsage> = {}): AlarmUsage {
  return {
    kind: "alarm",
    address: "aws_cloudwatch_metric_alarm.errors",
    type: "aws_cloudwatch_metric_alarm",
    name: "api-handler-prod-errors",
    isComposite: false,
    metrics: 1,
    isHighResolution: false,
    ...more,
  };
}

export function observed(...resources: ResourceUsage[]): ObservedUsage {
  return { window: MONTH, resources, free: {}, unpriced: {}, gaps: [], notes: [] };
}
