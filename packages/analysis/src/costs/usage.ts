/** A number that AWS gave, or why there is none. Not known is never 0. */
export type Measured = { readonly value: number } | { readonly unknown: string };

/** A stretch of time, in milliseconds since 1970. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

interface ResourceFacts {
  /** Address in the Terraform state; absent of what AWS made beside it, such as a function's log group. */
  readonly address?: string;
  /** Terraform's type: `aws_lambda_function`. */
  readonly type: string;
  readonly name: string;
  /** When it was made, where AWS says so: there was no use before. */
  readonly createdAt?: number;
}

/** A consumption of one period. */
export interface CapacityPoint {
  /** Begin of the period. */
  readonly at: number;
  /** Units consumed in it. */
  readonly sum: number;
}

/** What a table, or one of its global indexes, consumed; periods without any are left out. */
export interface CapacitySeries {
  readonly of: string;
  readonly reads: readonly CapacityPoint[];
  readonly writes: readonly CapacityPoint[];
}

export interface FunctionUsage extends ResourceFacts {
  readonly kind: "function";
  readonly architecture: "x86_64" | "arm64";
  readonly memoryMb: number;
  /** `/tmp` in MB; 512 cost nothing. */
  readonly ephemeralMb: number;
  /** Whether it sends traces to X-Ray. */
  readonly traced: boolean;
  readonly invocations: Measured;
  /** Sum of the durations in milliseconds. */
  readonly durationMs: Measured;
  /** Execution environments kept ready now, over all versions and aliases. */
  readonly provisionedConcurrency: Measured;
  /** The most memory of any invocation whose report was read. */
  readonly maxMemoryUsedMb: Measured;
}

export interface RestApiUsage extends ResourceFacts {
  readonly kind: "rest-api";
  readonly requests: Measured;
  /** Stages with a cache cluster, which is paid for by the hour. */
  readonly cachedStages: readonly string[];
}

export interface TableUsage extends ResourceFacts {
  readonly kind: "table";
  readonly billing: "on-demand" | "provisioned";
  /** Capacity units now, with those of all indexes; 0 of an on-demand table. */
  readonly provisioned: { readonly reads: number; readonly writes: number };
  readonly isStandardClass: boolean;
  /** Of the table and all of its indexes. */
  readonly bytes: Measured;
  /** What point-in-time recovery keeps: the table and its local indexes; undefined when it is off. */
  readonly recoverableBytes: Measured | undefined;
  readonly backupBytes: Measured;
  /** Capacity or request units that were consumed, with those of all indexes. */
  readonly readUnits: Measured;
  readonly writeUnits: Measured;
  readonly capacity: { readonly periodSeconds: number; readonly series: readonly CapacitySeries[] } | undefined;
}

export interface LogGroupUsage extends ResourceFacts {
  readonly kind: "log-group";
  readonly isInfrequentAccess: boolean;
  /** Undefined when it keeps everything for ever. */
  readonly retentionDays: number | undefined;
  readonly ingestedBytes: Measured;
  readonly storedBytes: Measured;
}

export interface BucketUsage extends ResourceFacts {
  readonly kind: "bucket";
  /** Of the Standard class, old versions included. */
  readonly standardBytes: Measured;
  /** Storage types other than Standard that hold something. */
  readonly otherStorage: readonly string[];
  /** PUT, COPY, POST and LIST requests. */
  readonly writeRequests: Measured;
  /** GET and all others. */
  readonly readRequests: Measured;
}

export interface KeyUsage extends ResourceFacts {
  readonly kind: "key";
  readonly state: "enabled" | "disabled" | "pending-deletion";
  /** How often its material was rotated. */
  readonly rotations: Measured;
}

export interface AlarmUsage extends ResourceFacts {
  readonly kind: "alarm";
  readonly isComposite: boolean;
  /** Metrics that it watches. */
  readonly metrics: number;
  readonly isHighResolution: boolean;
  /** Since when it has had no data, if it has none. */
  readonly withoutDataSince?: number;
}

export interface DashboardUsage extends ResourceFacts {
  readonly kind: "dashboard";
}

/** The custom metrics that the environment's functions and filters publish. */
export interface CustomMetricsUsage extends ResourceFacts {
  readonly kind: "custom-metrics";
  readonly count: Measured;
}

export interface TopicUsage extends ResourceFacts {
  readonly kind: "topic";
  readonly publishes: Measured;
  /** Protocols of its subscriptions whose deliveries cost: `email`, `https`, `sms`. */
  readonly chargedProtocols: readonly string[];
}

export interface QueueUsage extends ResourceFacts {
  readonly kind: "queue";
  readonly isFifo: boolean;
  readonly requests: Measured;
}

/** It is in the state, and AWS does not have it. */
export interface MissingResource extends ResourceFacts {
  readonly kind: "missing";
}

/** It could not be looked at. */
export interface UnreadableResource extends ResourceFacts {
  readonly kind: "unreadable";
  readonly why: string;
}

/** What was seen of one resource in the window, and of its settings now. */
export type ResourceUsage =
  | FunctionUsage
  | RestApiUsage
  | TableUsage
  | LogGroupUsage
  | BucketUsage
  | KeyUsage
  | AlarmUsage
  | DashboardUsage
  | CustomMetricsUsage
  | TopicUsage
  | QueueUsage
  | MissingResource
  | UnreadableResource;

/** What was seen of an environment. */
export interface ObservedUsage {
  readonly window: TimeWindow;
  readonly resources: readonly ResourceUsage[];
  /** Types of the state that AWS makes no charge for, with their counts. */
  readonly free: Readonly<Record<string, number>>;
  /** Types of the state that are not looked at, with their counts. */
  readonly unpriced: Readonly<Record<string, number>>;
  /** Calls that failed. */
  readonly gaps: readonly string[];
  readonly notes: readonly string[];
}

/** The number, or undefined when it is not known. */
export function numberOf(measured: Measured): number | undefined {
  return "value" in measured ? measured.value : undefined;
}
