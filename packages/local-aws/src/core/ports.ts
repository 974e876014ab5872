/**
 * What services of local AWS ask of each other. Each port is declared here, implemented by the service that owns the data, and
 * handed over where the services are put together, so that no service imports another.
 */

import type { ResourcePolicy } from "./access.ts";

/** One measured value of CloudWatch. */
export interface MetricDatum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** CloudWatch's unit: `Count`, `Milliseconds`, `None`... */
  readonly unit: string;
  /** Milliseconds since the epoch; now by default. */
  readonly timestamp?: number;
  /** Seconds that values are kept apart by: 60 by default, 1 for high resolution. */
  readonly storageResolution?: 1 | 60;
}

/** Takes measurements of real traffic. Never throws and never blocks the request that it measures. */
export interface MetricSink {
  record(data: readonly MetricDatum[]): void;
}

/** One log line. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Takes the logs of functions and of API stages. */
export interface LogSink {
  /**
   * Appends lines, creating the stream, and (as AWS does for Lambda) the group where `createGroup` says so.
   * Lines for a group that is missing are dropped, as on AWS.
   */
  append(group: string, stream: string, lines: readonly LogLine[], options?: { createGroup?: boolean }): void;
}

/** An invocation of a function. */
export interface InvokeRequest {
  /** Name, partial ARN or full ARN, with or without qualifier. */
  readonly functionName: string;
  /** Version or alias; overrides one in the name. */
  readonly qualifier?: string;
  readonly payload: Uint8Array;
  readonly invocationType?: "RequestResponse" | "Event" | "DryRun";
  /** Base64 JSON for `context.clientContext`. */
  readonly clientContext?: string;
  /** `X-Amzn-Trace-Id` to hand on. */
  readonly traceId?: string;
  /** A service principal and the ARN of its resource, checked against the function's resource policy. Absent: a caller of the API. */
  readonly source?: { readonly service: string; readonly arn: string };
}

/** What came of it. */
export interface InvokeResult {
  /** 200 for RequestResponse, 202 for Event, 204 for DryRun. */
  readonly status: number;
  readonly payload: Uint8Array;
  readonly functionError?: "Handled" | "Unhandled";
  readonly executedVersion: string;
  /** Last 4 KB of the invocation's log, for `LogType: Tail`. */
  readonly logTail: string;
}

/** Invokes functions. Throws {@link AwsError} as `lambda:Invoke` does (`ResourceNotFoundException`, `TooManyRequestsException`, `AccessDeniedException`...). */
export interface FunctionInvoker {
  invoke(request: InvokeRequest): Promise<InvokeResult>;
}

/** Reads objects, for services that take their input from S3 (Lambda code). */
export interface ObjectReader {
  /**
   * @throws AwsError `NoSuchBucket`, `NoSuchKey` or `NoSuchVersion`
   */
  readObject(bucket: string, key: string, versionId?: string): Promise<{ body: Uint8Array; versionId?: string }>;
}

/** A role as other services need to know it. */
export interface RoleRecord {
  readonly arn: string;
  readonly roleId: string;
  readonly roleName: string;
  /** The trust policy, as a JSON document. */
  readonly assumeRolePolicyDocument: string;
  /** The longest that a session may last, in seconds. */
  readonly maxSessionDuration: number;
}

/** Finds roles. */
export interface RoleDirectory {
  findRole(roleArn: string): RoleRecord | undefined;
}

/** Finds KMS keys by id, ARN or alias. */
export interface KeyDirectory {
  /** The key's ARN, or `undefined` when there is no such key. */
  findKeyArn(keyIdOrAlias: string): string | undefined;
  /** The policy of a key, by its ARN: what KMS needs the consent of, whoever asks. */
  keyPolicy(keyArn: string): ResourcePolicy | undefined;
}

/** Publishes to SNS topics on behalf of another service (alarm actions). */
export interface TopicPublisher {
  publish(topicArn: string, subject: string, message: string): void;
}

/** A resource with tags, for the Resource Groups Tagging API. */
export interface TaggedResource {
  readonly arn: string;
  /** Service and type as the tagging API filters them: `lambda:function`, `dynamodb:table`, `s3`... */
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Lists the tagged resources of a service. */
export interface TagSource {
  taggedResources(): readonly TaggedResource[];
}
