import { randomUUID } from "node:crypto";
import { AwsError } from "../core/aws-error.ts";
import type { Principal } from "../core/credentials.ts";
import type { ApiCall, ApiCaller } from "../core/ports.ts";
import type { AnyOperation, RequestContext, Service } from "../core/service.ts";
import { asAwsError } from "./as-aws-error.ts";
import { carryOut } from "./carry-out.ts";
import type { DispatcherOptions } from "./dispatcher.ts";
import { readTree, type TreeFormat } from "./json-codec.ts";
import { resolveError } from "./resolve-error.ts";
import type { OperationModel, ServiceModel } from "./service-model.ts";

/** Text stays text: `Payload` of lambda:invoke is the event itself. */
const INPUT_TREE: TreeFormat = { kind: "json", useJsonName: false, blobs: "text" };

interface Found {
  readonly service: Service;
  readonly operation: OperationModel;
  readonly run: AnyOperation;
  /** Takes the JSON as it is. */
  readonly isRaw: boolean;
}

/**
 * Calls operations of local AWS without a socket: for services that call others by their API, as EventBridge Scheduler does. What the
 * dispatcher does for requests from outside is done here, too: the caller's rights, planted faults, the request log.
 */
export class InProcessCaller implements ApiCaller {
  readonly #options: DispatcherOptions;
  readonly #model: (service: Service) => Promise<ServiceModel>;

  /** @param model - the SDK's model of a service */
  constructor(options: DispatcherOptions, model: (service: Service) => Promise<ServiceModel>) {
    this.#options = options;
    this.#model = model;
  }

  async problem(call: ApiCall): Promise<string | undefined> {
    const found = await this.#find(call);
    if (typeof found === "string") {
      return found;
    }
    const members = found.operation.input.isStructSchema() ? found.operation.input.getMemberSchemas() : {};
    const missing = requiredNames(found.operation).filter((name) => !Object.hasOwn(call.input, name));
    if (missing.length > 0) {
      return `Request payload is missing the following field(s): ${missing.join(", ")}.`;
    }
    const unknown = Object.keys(call.input).filter((name) => !Object.hasOwn(members, name));
    return unknown.length === 0
      ? undefined
      : `Request payload has field(s) that ${found.operation.name} does not have: ${unknown.join(", ")}.`;
  }

  async call(call: ApiCall, principal: Principal, signal: AbortSignal): Promise<unknown> {
    const started = performance.now();
    const context = this.#context(principal, signal);
    const found = await this.#find(call);
    const [service, operation] =
      typeof found === "string" ? [call.service, call.action] : [found.service.id, found.operation.name];
    const entry = { time: new Date().toISOString(), requestId: context.requestId, service, operation };
    let failure: AwsError | undefined;
    let fault: string | undefined;
    try {
      if (typeof found === "string") {
        throw new AwsError("ValidationException", found);
      }
      return await this.#run(found, call.input, context, (kind) => {
        fault = kind;
      });
    } catch (error) {
      failure = asAwsError(error, `${service}:${operation}`, this.#options.log);
      failure = typeof found === "string" ? failure : await this.#asServiceSays(failure, found.service);
      throw failure;
    } finally {
      this.#options.requests.add({
        ...entry,
        status: failure === undefined ? 200 : (failure.options.status ?? 400),
        error: failure?.code,
        message: failure?.message,
        durationMs: Math.round((performance.now() - started) * 1000) / 1000,
        principal: principal.arn,
        fault,
      });
    }
  }

  async #run(
    { service, operation, run, isRaw }: Found,
    given: ApiCall["input"],
    context: RequestContext,
    onFault: (kind: string) => void,
  ): Promise<unknown> {
    const input = (isRaw ? given : readTree(operation.input, given, INPUT_TREE)) as Record<string, unknown>;
    const request = { service, operation: operation.name, input, run: () => run(input as never, context) };
    const done = await carryOut(this.#options, request, context, ({ kind }) => onFault(kind));
    if (done.kind === "cut") {
      throw new AwsError("SdkClientException", "The connection was closed before there was an answer.", {
        status: 503,
      });
    }
    return done.answer;
  }

  async #find({ service: wanted, action }: ApiCall): Promise<Found | string> {
    const service = this.#options.services.find((each) => sdkName(each) === wanted);
    if (service === undefined) {
      return `Local AWS does not have the service '${wanted}'. \`slipway local coverage\` lists what it has.`;
    }
    const name = `${action.charAt(0).toUpperCase()}${action.slice(1)}`;
    const operation = (await this.#model(service)).operations.get(name);
    const raw = service.rawJsonOperations?.[name];
    const run = raw ?? service.operations[name];
    if (operation === undefined || run === undefined) {
      return operation === undefined
        ? `The service ${wanted} has no operation '${action}'.`
        : `Local AWS does not have ${wanted}:${action}. \`slipway local coverage\` lists what it has.`;
    }
    return { service, operation, run: run as AnyOperation, isRaw: raw !== undefined };
  }

  #context(principal: Principal, signal: AbortSignal): RequestContext {
    const { region, accountId, clock } = this.#options;
    return {
      ...{ requestId: randomUUID(), region, accountId, principal, clock, responseHeaders: {}, signal },
      http: {
        ...{ method: "POST", path: "/", query: new URLSearchParams(), rawQuery: "", rawHeaders: [] },
        ...{ headers: {}, body: new Uint8Array(), remoteAddress: "127.0.0.1" },
      },
    };
  }

  /** By the name that the service has for it: a denial is AccessDenied to S3, and AccessDeniedException to DynamoDB. */
  async #asServiceSays(error: AwsError, service: Service): Promise<AwsError> {
    const protocol = service.rest ?? (service.targetPrefixes === undefined ? "awsQuery" : "awsJson1_0");
    const { code, status } = resolveError(error, protocol, { service, model: await this.#model(service) });
    return new AwsError(code, error.message, { ...error.options, status, cause: error });
  }
}

/** `CloudWatchLogsClient` is `cloudwatchlogs` to the AWS SDKs. */
function sdkName({ client }: Service): string {
  return client.replace(/Client$/, "").toLowerCase();
}

function requiredNames({ input }: OperationModel): string[] {
  const schema = input.getSchema() as unknown;
  // Of a structure: [3, namespace, name, traits, names of members, schemas of members, how many of the first are required].
  const [, , , , names, , count] = Array.isArray(schema) ? (schema as unknown[]) : [];
  return Array.isArray(names) && typeof count === "number" ? (names as string[]).slice(0, count) : [];
}
