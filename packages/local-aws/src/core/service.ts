import type { Readable } from "node:stream";
import type { AccessNeeds, AnyAccessNeeds } from "./access.ts";
import type { Clock } from "./clock.ts";
import type { Principal } from "./credentials.ts";

/** What an operation may know about the request that called it, beside its input. */
export interface RequestContext {
  /** The id that goes into the answer's `x-amzn-RequestId`. */
  readonly requestId: string;
  /** The Region local AWS serves, for building ARNs. */
  readonly region: string;
  /** The 12-digit account that local AWS plays. */
  readonly accountId: string;
  /** Who signed the request. */
  readonly principal: Principal;
  readonly clock: Clock;
  /** The request as it came over the wire, for the few operations whose rules depend on it. */
  readonly http: HttpRequest;
  /** Extra headers of the answer that the operation's output shape has no member for. */
  readonly responseHeaders: Record<string, string>;
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
}

/** An HTTP request with its body read; header names in lower case. */
export interface HttpRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded, without the query string. */
  readonly path: string;
  /** Query parameters in order of appearance, decoded. */
  readonly query: URLSearchParams;
  /** The raw query string, without `?`. */
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers with every value kept apart, in order of appearance: `[name as sent, value]`. */
  readonly rawHeaders: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  readonly remoteAddress: string;
}

/** An HTTP answer; a `Readable` body is piped, everything else is sent at once. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: Uint8Array | string | Readable;
}

/** A module of the AWS SDK for JavaScript v3, such as `typeof import("@aws-sdk/client-iam")`. */
type SdkModule = object;

type CommandIn<M extends SdkModule, N extends string> = `${N}Command` extends keyof M ? M[`${N}Command`] : never;

/** The names of all operations in an SDK module: `CreateRole`, `GetRole`, ... */
export type OperationName<M extends SdkModule> = {
  [K in keyof M]: K extends `${infer N}Command` ? (N extends "$" ? never : N) : never;
}[keyof M];

type HandlerOf<C> = C extends new (
  // biome-ignore lint/suspicious/noExplicitAny: a constructor's parameters can only be matched by any
  ...args: any[]
) => { resolveMiddleware(...args: never[]): (input: infer P) => Promise<infer R> }
  ? { input: P extends { input: infer I } ? I : never; output: R extends { output: infer O } ? O : never }
  : never;

/** Streams and blobs as the server sees them: bytes in, bytes (or a stream) out. */
type ServerInput<T> = { [K in keyof T]: K extends "Body" | "Payload" | "body" ? Uint8Array | undefined : T[K] };
type ServerOutput<T> = {
  [K in keyof Omit<T, "$metadata">]: K extends "Body" | "Payload" | "body"
    ? Uint8Array | Readable | undefined
    : Omit<T, "$metadata">[K];
};

/** The input of an operation, as the SDK types it: `InputOf<typeof import("@aws-sdk/client-iam"), "CreateRole">`. */
export type InputOf<M extends SdkModule, N extends string> = ServerInput<HandlerOf<CommandIn<M, N>>["input"]>;
/** The output of an operation, as the SDK types it, without `$metadata`. */
export type OutputOf<M extends SdkModule, N extends string> = ServerOutput<HandlerOf<CommandIn<M, N>>["output"]>;

/** One AWS operation: a plain function from the SDK's request type to the SDK's response type. */
export type Operation<M extends SdkModule, N extends string> = (
  input: InputOf<M, N>,
  context: RequestContext,
) => OutputOf<M, N> | Promise<OutputOf<M, N>>;

/** The operations that a service implements; what is not here is refused by name. */
export type Operations<M extends SdkModule> = { readonly [N in OperationName<M>]?: Operation<M, N> };

/** An operation seen without its types, as the dispatcher calls it. */
export type AnyOperation = (input: never, context: RequestContext) => unknown;

/** Wire protocols, named as in the Smithy specification. */
export type Protocol = "awsJson1_0" | "awsJson1_1" | "restJson1" | "restXml" | "awsQuery" | "rpcv2Cbor";

/** A service of local AWS, as the endpoint sees it. */
export interface Service {
  /** Short name, also in faults, coverage and the request log: `s3`, `lambda`, `apigateway`, `logs`, `monitoring`... */
  readonly id: string;
  /** Service names of SigV4 credential scopes that mean this service. */
  readonly signingNames: readonly string[];
  /** Loads the SDK's module of this service, with its schemas; called on the first request, because it takes about 100 ms. */
  readonly load: () => Promise<SdkModule>;
  /** The SDK's client class in that module, which knows the service's wire settings. */
  readonly client: string;
  /** What `X-Amz-Target` starts with (before the dot), for JSON protocols. */
  readonly targetPrefixes?: readonly string[];
  /** `Version` of the Query protocol. */
  readonly queryVersion?: string;
  /** Names of the service in RPC-v2-CBOR paths: `/service/{name}/operation/{op}`. */
  readonly rpcServiceNames?: readonly string[];
  /** The protocol that REST-style requests of this service use. */
  readonly rest?: "restJson1" | "restXml";
  readonly operations: Readonly<Record<string, AnyOperation>>;
  /** What each operation, raw ones too, needs to be allowed to do; one that is not here is for root alone. */
  readonly access?: AnyAccessNeeds;
  /** Operations that need no signature (`AssumeRoleWithWebIdentity`: the token is the proof). */
  readonly anonymousOperations?: readonly string[];
  /** Refuses the sessions that users get by `GetSessionToken`, as IAM does without MFA, which nobody here has. */
  readonly refusesUserSessions?: boolean;
  /** What the service calls a denial: `AccessDeniedException` for JSON protocols and `AccessDenied` for XML ones unless named. */
  readonly accessDenied?: { readonly code: string; readonly status: number };
  /**
   * Operations that take and give the JSON of the wire as it is, past the schemas.
   * Only for DynamoDB's data plane, where dynalite validates the JSON itself and every microsecond counts.
   */
  readonly rawJsonOperations?: Readonly<
    Record<string, (body: Record<string, unknown>, context: RequestContext) => Promise<unknown>>
  >;
  /** Rewrites a REST request before routing (S3: bucket in the host name or in the path). */
  readonly prepare?: (request: HttpRequest) => { path: string; presetInput?: Record<string, unknown> };
  /** Told of a request that a planted fault refused, so that the service's metrics show it as AWS's would. */
  readonly onFault?: (
    operation: string,
    input: Readonly<Record<string, unknown>>,
    answer: { readonly code: string; readonly status: number },
  ) => void;
  /** Stops what the service runs: children, timers, databases. */
  readonly close?: () => Promise<void>;
  /** Names of resources that the service holds, for `slipway local status` and the destroy test: `["AWS::S3::Bucket x"]`. */
  readonly inventory?: () => readonly string[] | Promise<readonly string[]>;
}

/**
 * Declares a service, checking every operation against the SDK's own types.
 *
 * @example
 * ```ts
 * export function createSts(core: Core): Service {
 *   return defineService<typeof import("@aws-sdk/client-sts")>({
 *     id: "sts",
 *     signingNames: ["sts"],
 *     load: () => import("@aws-sdk/client-sts"),
 *     client: "STSClient",
 *     queryVersion: "2011-06-15",
 *     operations: { GetCallerIdentity: (_input, { principal }) => ({ Arn: principal.arn }) },
 *   });
 * }
 * ```
 */
export function defineService<M extends SdkModule>(
  definition: Omit<Service, "operations" | "load" | "access"> & {
    load: () => Promise<M>;
    operations: Operations<M>;
    access?: AccessNeeds<M>;
  },
): Service {
  return definition as unknown as Service;
}
