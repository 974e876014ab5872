import { randomBytes, randomUUID } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { FunctionInvoker, InvokeRequest, InvokeResult } from "../../core/ports.ts";
import type { FunctionSpec } from "../../runtime/function-spec.ts";
import { ACCOUNT_CONCURRENCY, unreservedConcurrency } from "./concurrency-operations.ts";
import type { VersionRecord } from "./function-records.ts";
import { type FunctionTarget, findVersion, resolveTarget } from "./function-target.ts";
import { InvocationMetrics, type MeasuredTarget } from "./invocation-metrics.ts";
import { conflict } from "./lambda-errors.ts";
import type { LambdaState } from "./lambda-state.ts";
import { functionPolicy } from "./resource-policy.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_PAYLOAD_BYTES = 6_291_456;
const MAX_EVENT_BYTES = 1_048_576;

/** An invocation with the id that its answer carries. */
export type IdentifiedInvoke = InvokeRequest & { readonly requestId?: string };

/** Takes events of asynchronous invocations. */
export interface EventQueue {
  /** Keeps an event; it is run soon, and again when that fails. */
  enqueue(event: IdentifiedInvoke & { readonly requestId: string }): void;
}

/** Checks, routes, limits, runs and measures invocations. */
export class LambdaInvoker implements FunctionInvoker {
  readonly metrics: InvocationMetrics;
  /** Set once: the queue itself invokes. */
  queue: EventQueue | undefined;
  readonly #state: LambdaState;
  readonly #random: () => number;
  readonly #running = new Map<string, number>();
  #runningUnreserved = 0;

  constructor(state: LambdaState, random: () => number = Math.random) {
    this.#state = state;
    this.#random = random;
    this.metrics = new InvocationMetrics(state.dependencies.metrics);
  }

  /**
   * Invokes a function. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
   *
   * @throws AwsError `ResourceNotFoundException`, `AccessDeniedException`, `InvalidRequestContentException`,
   * `RequestTooLargeException`, `ResourceConflictException` or `TooManyRequestsException`
   */
  async invoke(request: IdentifiedInvoke): Promise<InvokeResult> {
    const { core, functions } = this.#state;
    const target = resolveTarget(functions, core, request.functionName, request.qualifier);
    if (request.source !== undefined) {
      this.#authorize(target, request.source);
    }
    if (target.version.state === "Pending") {
      throw conflict(
        "The operation cannot be performed at this time. The function is currently in the following state: Pending",
      );
    }
    const asynchronous = request.invocationType === "Event";
    checkPayload(request.payload, asynchronous);
    if (request.invocationType === "DryRun") {
      return emptyResult(204, target.version.version);
    }
    const requestId = request.requestId ?? randomUUID();
    if (asynchronous) {
      this.metrics.asynchronous("AsyncEventsReceived", measured(target, undefined), core.clock.now());
      this.queue?.enqueue({ ...request, requestId });
      return emptyResult(202, target.version.version);
    }
    return await this.run(target, request, requestId);
  }

  /**
   * Runs an invocation that has been checked.
   *
   * @throws AwsError `TooManyRequestsException` when there is no concurrency left for it
   */
  async run(target: FunctionTarget, request: IdentifiedInvoke, requestId: string): Promise<InvokeResult> {
    const { core } = this.#state;
    const version = this.#route(target);
    const measuredTarget = measured(target, version);
    const timestamp = core.clock.now();
    const release = this.#acquire(target, measuredTarget, timestamp);
    const hasReserved = target.view.record.reservedConcurrency !== undefined;
    this.metrics.begin(measuredTarget, timestamp, hasReserved ? undefined : this.#runningUnreserved);
    try {
      const outcome = await this.#state.runtime.run(this.#specOf(target, version), {
        requestId,
        payload: request.payload.length === 0 ? EMPTY_EVENT : request.payload,
        invokedFunctionArn: target.arn,
        traceId: request.traceId ?? newTraceId(timestamp),
        ...(request.clientContext === undefined
          ? {}
          : { clientContext: Buffer.from(request.clientContext, "base64").toString() }),
      });
      const failed = outcome.errorType !== undefined;
      this.metrics.end(measuredTarget, timestamp, { durationMs: outcome.durationMs, failed });
      return {
        status: 200,
        payload: outcome.payload,
        ...(failed ? { functionError: "Unhandled" as const } : {}),
        executedVersion: version.version,
        logTail: outcome.logTail,
      };
    } catch (error) {
      this.metrics.abandon(measuredTarget);
      throw error instanceof AwsError
        ? error
        : new AwsError("ServiceException", error instanceof Error ? error.message : String(error), {
            status: 500,
            cause: error,
          });
    } finally {
      release();
    }
  }

  /** The version of this invocation: of a weighted alias one or the other. */
  #route({ view, version, alias }: FunctionTarget): VersionRecord {
    const additional = alias?.additional;
    if (additional === undefined || this.#random() >= additional.weight) {
      return version;
    }
    return findVersion(view, additional.version) ?? version;
  }

  /** A service that invokes for one of its resources needs the consent of the function's own policy. */
  #authorize({ view, reference, arn }: FunctionTarget, source: NonNullable<InvokeRequest["source"]>): void {
    const decision = this.#state.core.authorizer.decideForService(
      { service: source.service, sourceArn: source.arn },
      {
        action: "lambda:InvokeFunction",
        resource: arn,
        resourcePolicy: functionPolicy(view, reference.qualifier, arn),
      },
    );
    if (!decision.allowed) {
      throw new AwsError(
        "AccessDeniedException",
        `User: ${source.service} is not authorized to perform: lambda:InvokeFunction on resource: ${arn} because no resource-based policy allows the lambda:InvokeFunction action`,
        { status: 403 },
      );
    }
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
  #acquire({ view }: FunctionTarget, measuredTarget: MeasuredTarget, timestamp: number): () => void {
    const { name, reservedConcurrency } = view.record;
    const running = this.#running.get(name) ?? 0;
    const refuse = (reason: string): never => {
      this.metrics.throttle(measuredTarget, timestamp);
      throw new AwsError("TooManyRequestsException", "Rate Exceeded.", {
        status: 429,
        fields: { Reason: reason, Type: "User" },
      });
    };
    if (reservedConcurrency !== undefined) {
      if (running >= reservedConcurrency) {
        refuse("ReservedFunctionConcurrentInvocationLimitExceeded");
      }
    } else if (
      // Adding up everybody's reservations is only worth the while when there is no other way to be sure.
      this.#runningUnreserved >= LEAST_UNRESERVED &&
      this.#runningUnreserved >= unreservedConcurrency(this.#state.functions)
    ) {
      refuse("ConcurrentInvocationLimitExceeded");
    }
    const unreserved = reservedConcurrency === undefined;
    this.#running.set(name, running + 1);
    this.#runningUnreserved += unreserved ? 1 : 0;
    return () => {
      const left = (this.#running.get(name) ?? 1) - 1;
      if (left === 0) {
        this.#running.delete(name);
      } else {
        this.#running.set(name, left);
      }
      this.#runningUnreserved -= unreserved ? 1 : 0;
    };
  }

  #specOf({ view }: FunctionTarget, record: VersionRecord): FunctionSpec {
    const known = specs.get(record);
    if (known !== undefined) {
      return known;
    }
    const { settings, code } = record;
    const { logging } = settings;
    const spec: FunctionSpec = {
      id: record.contentId,
      functionName: view.record.name,
      version: record.version,
      runtime: settings.runtime,
      handler: settings.handler,
      memorySizeMb: settings.memorySizeMb,
      timeoutSeconds: settings.timeoutSeconds,
      roleArn: settings.role,
      variables: settings.variables,
      codeSha256: code.sha256,
      readPackage: () => this.#state.core.store.blobs.get(code.blob),
      logging: {
        group: logging.group,
        format: logging.format,
        ...(logging.applicationLevel === undefined ? {} : { applicationLevel: logging.applicationLevel }),
        ...(logging.systemLevel === undefined ? {} : { systemLevel: logging.systemLevel }),
      },
    };
    specs.set(record, spec);
    return spec;
  }
}

/** What a record says never changes, so what is made of it need not be made for every invocation. */
const specs = new WeakMap<VersionRecord, FunctionSpec>();
const LEAST_UNRESERVED = ACCOUNT_CONCURRENCY / 10;
const EMPTY_EVENT = Buffer.from("{}");

/** What an invocation of a target is measured under, once its version is known. */
export function measured(target: FunctionTarget, version: VersionRecord | undefined): MeasuredTarget {
  return {
    functionName: target.reference.name,
    qualifier: target.reference.qualifier,
    executedVersion: target.alias === undefined ? undefined : version?.version,
  };
}

function checkPayload(payload: Uint8Array, asynchronous: boolean): void {
  const most = asynchronous ? MAX_EVENT_BYTES : MAX_PAYLOAD_BYTES;
  if (payload.length > most) {
    const operation = asynchronous ? "InvokeAsync" : "InvokeFunction";
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${most} bytes for the ${operation} operation`,
      {
        status: 413,
        fields: { Type: "User" },
      },
    );
  }
  if (payload.length > 0) {
    try {
      JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString());
    } catch (cause) {
      throw new AwsError(
        "InvalidRequestContentException",
        `Could not parse request body into json: ${cause instanceof Error ? cause.message : String(cause)}`,
        { fields: { Type: "User" }, cause },
      );
    }
  }
}

function emptyResult(status: number, executedVersion: string): InvokeResult {
  return { status, payload: new Uint8Array(), executedVersion, logTail: "" };
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function newTraceId(now: number): string {
  const seconds = Math.floor(now / 1000).toString(16);
  const random = randomBytes(20).toString("hex");
  return `Root=1-${seconds}-${random.slice(0, 24)};Parent=${random.slice(24)};Sampled=0`;
}
