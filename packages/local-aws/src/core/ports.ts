/**
 * What services of local AWS ask of each other. Each port is declared here, implemented by the service that owns the data, and
 * handed over where the services are put together, so that no service imports another.
 */

import type { ConditionValues, ResourcePolicy, ServicePrincipal } from "./access.ts";
import type { Principal } from "./credentials.ts";

/** A measured value of CloudWatch, once or several times. */
export interface MetricDatum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** How often it was measured: once by default. */
  readonly count?: number;
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
   *
   * `aheadMs` says how far the clock of local AWS is ahead of the one that whoever wrote the lines looks at: times inside of them are
   * late by so much. 0 unless given.
   */
  append(
    group: string,
    stream: string,
    lines: readonly LogLine[],
    options?: { createGroup?: boolean; aheadMs?: number },
  ): void;
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

/** An object that a service writes for whoever asked for it. */
export interface ServiceObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType?: string;
  readonly encryption?: { readonly algorithm: "AES256" | "aws:kms"; readonly kmsKeyId?: string };
  /** The account that the bucket must belong to. */
  readonly bucketOwner?: string;
}

/** In whose name a service writes, and who it is (`dynamodb.amazonaws.com`). */
export interface ServiceCaller {
  readonly principal: Principal;
  readonly service: string;
}

/** Writes objects, for services that hand their output over in a bucket (exports of DynamoDB), with the rights of their caller. */
export interface ObjectWriter {
  /**
   * Writes an object in one request.
   *
   * @throws AwsError as `s3:PutObject` does (`NoSuchBucket`, `AccessDenied`, `KMS.NotFoundException`...)
   */
  put(object: ServiceObject, by: ServiceCaller): Promise<void>;
  /**
   * Writes an object as a multipart upload of one part, as services do that do not know beforehand how large it will be.
   *
   * @returns its entity tag, without quotes
   * @throws AwsError as {@link put} does
   */
  upload(object: ServiceObject, by: ServiceCaller): Promise<{ etag: string }>;
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

/** Reads managed policies, for sessions that are limited by them. */
export interface PolicyDirectory {
  /** The document of the default version, or `undefined` when there is no such policy. */
  findDocument(policyArn: string): string | undefined;
  /**
   * Checks the grammar of a policy without principals.
   *
   * @throws AwsError `MalformedPolicyDocumentException`
   */
  validate(document: string): void;
}

/** An OpenID Connect provider that the account trusts. */
export interface OidcProviderRecord {
  readonly arn: string;
  /** The issuer, without its scheme. */
  readonly url: string;
  /** Audiences that tokens may be for. */
  readonly clientIds: readonly string[];
}

/** Finds OpenID Connect providers. */
export interface OidcProviderDirectory {
  /** @param issuer - without its scheme: `token.actions.githubusercontent.com` */
  findProvider(issuer: string): OidcProviderRecord | undefined;
}

/** Finds KMS keys by id, ARN or alias. */
export interface KeyDirectory {
  /** The key's ARN, or `undefined` when there is no such key. */
  findKeyArn(keyIdOrAlias: string): string | undefined;
  /** The policy of a key, by its ARN: what KMS needs the consent of, whoever asks. */
  keyPolicy(keyArn: string): ResourcePolicy | undefined;
  /** What conditions can ask of a key, by its ARN, whatever is done with it: its tags, its aliases, its kind. */
  keyConditions?(keyArn: string): ConditionValues;
}

/** By what right a service acts on another's resource: its own, for a resource of its, or that of a role that it was given. */
export type ActingAs = ServicePrincipal | { readonly roleArn: string };

/** Publishes to SNS topics on behalf of another service (alarm actions). */
export interface TopicPublisher {
  /**
   * @param by - checked against the topic's policy, and that of its key; absent when the caller has checked it
   * @throws AwsError `NotFoundException`, `AuthorizationErrorException` or `KMSAccessDeniedException`
   */
  publish(topicArn: string, subject: string, message: string, by?: ActingAs): void;
}

/** A message that another service sends to a queue. */
export interface QueueMessage {
  readonly queueArn: string;
  readonly body: string;
  /** Message attributes by name; the value of a `Binary` one is base64. */
  readonly attributes?: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  /** Who sends, for which resource (a topic, a function), and with which role, for a service that has one. */
  readonly source: { readonly service: string; readonly arn: string; readonly roleArn?: string };
}

/** Sends to SQS queues on behalf of another service (subscriptions, dead letters). */
export interface QueueSender {
  /**
   * On return the message outlives a kill of local AWS.
   *
   * @throws AwsError as `sqs:SendMessage` does (`QueueDoesNotExist`, `AccessDenied`, `InvalidParameterValue`, `KmsNotFound`...)
   */
  send(message: QueueMessage): void;
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

/** A call of an API, as a service makes it for whoever set it up: by the names that the AWS SDKs have for service and operation. */
export interface ApiCall {
  /** `dynamodb`, `cloudwatchlogs`: the SDK's name of the service, in small letters and without spaces. */
  readonly service: string;
  /** `createBackup` */
  readonly action: string;
  /** The request as JSON, with the members that the API reference names. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Calls operations of local AWS from inside, by all the rules that hold for requests from outside. */
export interface ApiCaller {
  /** Why the call cannot be one, whoever makes it; `undefined` when it can. */
  problem(call: ApiCall): Promise<string | undefined>;
  /**
   * @param signal - aborted when nobody waits for the answer any more
   * @throws AwsError as the operation does, or as a planted fault has it
   */
  call(call: ApiCall, principal: Principal, signal: AbortSignal): Promise<unknown>;
}
