import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { Authorizer } from "../core/access.ts";
import { AwsError } from "../core/aws-error.ts";
import type { Clock } from "../core/clock.ts";
import type { Credentials, Principal } from "../core/credentials.ts";
import type { HttpRequest, HttpResponse, Protocol, RequestContext, Service } from "../core/service.ts";
import { asAwsError } from "./as-aws-error.ts";
import { type ChunkVerifier, decodeAwsChunked } from "./aws-chunked.ts";
import { carryOut } from "./carry-out.ts";
import { decompress } from "./decompress.ts";
import type { FaultRule, Faults } from "./faults.ts";
import { own } from "./own.ts";
import { CODECS, parseJsonBody } from "./protocols.ts";
import { protocolOf, type Recognized, recognize } from "./recognize.ts";
import type { RequestLog } from "./request-log.ts";
import { resolveError } from "./resolve-error.ts";
import { matchOperation, type RestMatch } from "./rest-binding.ts";
import { loadServiceModel, type OperationModel, type ServiceModel } from "./service-model.ts";
import { chunkSignature, equalHex, readClaim, type SignatureClaim, verifySignature } from "./sigv4.ts";

/** What the dispatcher works with. */
export interface DispatcherOptions {
  readonly services: readonly Service[];
  readonly credentials: Credentials;
  readonly authorizer: Authorizer;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly log: (line: string) => void;
}

/** An answer, or the order to cut the connection. */
export type Outcome = { readonly kind: "answer"; readonly response: HttpResponse } | { readonly kind: "cut" };

/** A request on its way through, as far as it has been understood. */
interface Progress {
  recognized?: Recognized;
  model?: ServiceModel;
  operation?: OperationModel;
  operationName?: string;
  principal?: Principal;
  fault?: FaultRule;
}

const ANONYMOUS: Principal = { type: "anonymous", arn: "anonymous", userId: "anonymous", accountId: "anonymous" };

/**
 * Takes an AWS API request from bytes to bytes: recognise, verify, read, (plant a fault), act, write.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #models = new Map<Service, Promise<ServiceModel>>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** The services, for coverage and status. */
  get services(): readonly Service[] {
    return this.#options.services;
  }

  /** The SDK's model of a service, loaded once. */
  model(service: Service): Promise<ServiceModel> {
    let model = this.#models.get(service);
    if (model === undefined) {
      model = loadServiceModel(service);
      this.#models.set(service, model);
    }
    return model;
  }

  async dispatch(request: HttpRequest, signal: AbortSignal): Promise<Outcome> {
    const started = performance.now();
    const requestId = randomUUID();
    const progress: Progress = {};
    let outcome: Outcome;
    let failure: AwsError | undefined;
    try {
      outcome = await this.#handle(request, requestId, signal, progress);
    } catch (error) {
      const where = `${progress.recognized?.service.id ?? "?"}:${progress.operationName ?? "?"}`;
      failure = asAwsError(error, where, this.#options.log);
      outcome = { kind: "answer", response: this.#writeError(failure, request, requestId, progress) };
    }
    if (outcome.kind === "answer") {
      // In a header, too: the client of a service that is not here may not understand the body.
      if (progress.recognized === undefined && failure !== undefined) {
        outcome.response.headers["x-amzn-errortype"] ??= failure.code;
      }
      this.#finish(outcome.response, request, requestId, progress);
    }
    this.#options.requests.add({
      time: new Date().toISOString(),
      requestId,
      service: progress.recognized?.service.id ?? "?",
      operation: progress.operationName ?? `${request.method} ${request.path}`,
      status: outcome.kind === "answer" ? outcome.response.status : 0,
      error: failure?.code,
      message: failure?.message,
      durationMs: Math.round((performance.now() - started) * 1000) / 1000,
      principal: progress.principal?.arn,
      fault: progress.fault?.kind,
    });
    return outcome;
  }

  async #handle(request: HttpRequest, requestId: string, signal: AbortSignal, progress: Progress): Promise<Outcome> {
    const claim = readClaim(request);
    // To S3 the encoding is a property of the object. The signature is of what was sent.
    const plain = claim?.service === "s3" ? request : decompress(request);
    const recognized = recognize(plain, claim, this.#options.services);
    if (recognized === undefined) {
      throw unknownService(request, claim);
    }
    progress.recognized = recognized;
    progress.operationName = recognized.operationName;
    const { service } = recognized;
    const { principal, request: signed } = this.#authenticate(request, claim);
    progress.principal = principal;
    const verified = plain === request ? signed : { ...signed, body: plain.body };
    this.#checkRegion(claim);

    const context: RequestContext = {
      requestId,
      region: this.#options.region,
      accountId: this.#options.accountId,
      principal,
      clock: this.#options.clock,
      http: verified,
      responseHeaders: {},
      signal,
    };
    const raw = own(service.rawJsonOperations, recognized.operationName);
    const call =
      raw === undefined || (recognized.protocol !== "awsJson1_0" && recognized.protocol !== "awsJson1_1")
        ? await this.#prepare(recognized, verified, context, progress)
        : this.#prepareRaw(raw, recognized.protocol, verified, context);
    const done = await carryOut(
      this.#options,
      { ...call, service, operation: progress.operationName ?? "" },
      context,
      async (fault) => {
        progress.fault = fault;
        progress.model ??= await this.model(service);
      },
    );
    if (done.kind === "cut") {
      if (done.answer !== undefined) {
        release(done.answer);
      }
      return { kind: "cut" };
    }
    Object.assign(done.answer.headers, context.responseHeaders);
    return { kind: "answer", response: done.answer };
  }

  #authenticate(
    request: HttpRequest,
    claim: SignatureClaim | undefined,
  ): { principal: Principal; request: HttpRequest } {
    const payload = request.headers["x-amz-content-sha256"] ?? "";
    if (claim === undefined) {
      return { principal: ANONYMOUS, request };
    }
    const { credential, signingKey } = verifySignature(
      request,
      claim,
      (key) => this.#options.credentials.find(key),
      Date.now(),
    );
    const principal = { ...credential.principal, accessKeyId: credential.accessKeyId };
    if (!payload.startsWith("STREAMING-")) {
      return { principal, request };
    }
    const decoded = decodeAwsChunked(
      request.body,
      payload.startsWith("STREAMING-AWS4-HMAC") ? chunkVerifier(claim, signingKey) : undefined,
    );
    return {
      principal,
      request: { ...request, body: decoded.body, headers: { ...request.headers, ...decoded.trailers } },
    };
  }

  #checkRegion(claim: SignatureClaim | undefined): void {
    const { region } = this.#options;
    // Global services sign for us-east-1 wherever the client is.
    if (claim !== undefined && claim.region !== region && claim.region !== "us-east-1") {
      throw new AwsError(
        "InvalidRegion",
        `This local AWS plays the Region ${region}; the request was signed for ${claim.region}. Set AWS_REGION=${region}, or start another with \`slipway local start --region ${claim.region} --port PORT\`.`,
        { status: 400 },
      );
    }
  }

  #prepareRaw(
    raw: NonNullable<Service["rawJsonOperations"]>[string],
    protocol: Protocol,
    request: HttpRequest,
    context: RequestContext,
  ): { input: Record<string, unknown>; run: () => Promise<HttpResponse> } {
    requirePrincipal(context.principal);
    const input = parseJsonBody(request.body);
    return {
      input,
      run: async () => ({
        status: 200,
        headers: {
          "content-type": protocol === "awsJson1_0" ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1",
        },
        body: JSON.stringify(await raw(input, context)),
      }),
    };
  }

  async #prepare(
    recognized: Recognized,
    request: HttpRequest,
    context: RequestContext,
    progress: Progress,
  ): Promise<{ input: Record<string, unknown>; run: () => Promise<HttpResponse> }> {
    const { service, protocol } = recognized;
    const model = await this.model(service);
    progress.model = model;
    const prepared = service.prepare?.(request) ?? { path: request.path };
    let match: RestMatch | undefined;
    if (recognized.operationName === undefined) {
      // What `prepare` took out of the request has to be a member: `GET /` with a bucket cannot be S3's ListBuckets.
      const preset = Object.keys(prepared.presetInput ?? {});
      const all = [...model.operations.values()];
      const candidates =
        preset.length === 0 ? all : all.filter(({ input }) => preset.every((name) => name in input.getMemberSchemas()));
      match = matchOperation(candidates, request, prepared.path);
      progress.operation = match?.operation;
    } else {
      progress.operation = model.operations.get(recognized.operationName);
    }
    const { operation } = progress;
    const operationName = operation?.name ?? recognized.operationName;
    progress.operationName = operationName;
    if (!service.anonymousOperations?.includes(operationName ?? "")) {
      requirePrincipal(context.principal);
    }
    const handler = own(service.operations, operationName);
    if (operation === undefined || handler === undefined) {
      throw notImplemented(service, operationName, request);
    }
    const codec = CODECS[protocol];
    const input = { ...codec.read(operation, request, match), ...prepared.presetInput };
    return {
      input,
      run: async () => {
        const output = ((await handler(input as never, context)) ?? {}) as Record<string, unknown>;
        return codec.write(output, { model, operation, requestId: context.requestId, request });
      },
    };
  }

  #writeError(error: AwsError, request: HttpRequest, requestId: string, progress: Progress): HttpResponse {
    const protocol = progress.recognized?.protocol ?? protocolOf(request);
    const resolved = resolveError(error, protocol, {
      service: progress.recognized?.service,
      model: progress.model,
    });
    const response = CODECS[protocol].writeError(resolved, {
      model: progress.model,
      operation: progress.operation,
      requestId,
      request,
    });
    Object.assign(response.headers, error.options.headers);
    return response;
  }

  #finish(response: HttpResponse, request: HttpRequest, requestId: string, progress: Progress): void {
    response.headers["x-amzn-requestid"] ??= requestId;
    if (progress.recognized?.service.id === "s3") {
      response.headers["x-amz-request-id"] ??= requestId;
    }
    if (request.method === "HEAD") {
      release(response);
      response.body = "";
    }
  }
}

/** No object is public here, and everything else must be signed on AWS too. */
function requirePrincipal(principal: Principal): void {
  if (principal.type === "anonymous") {
    throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", { status: 403 });
  }
}

/** A body that nobody will read must not keep its file open. */
function release({ body }: HttpResponse): void {
  if (body instanceof Readable) {
    body.destroy();
  }
}

function chunkVerifier(claim: SignatureClaim, signingKey: Buffer): ChunkVerifier {
  let previous = claim.signature;
  return (chunk, signature) => {
    const expected = chunkSignature(claim, signingKey, previous, chunk);
    if (signature === undefined || !equalHex(expected, signature)) {
      throw new AwsError("SignatureDoesNotMatch", "The signature of a chunk of the request body does not match.", {
        status: 403,
      });
    }
    previous = expected;
  };
}

function unknownService(request: HttpRequest, claim: SignatureClaim | undefined): AwsError {
  const what = request.headers["x-amz-target"] ?? claim?.service ?? `${request.method} ${request.path}`;
  return new AwsError(
    "UnknownService",
    `Local AWS does not have the service behind '${what}'. \`slipway local coverage\` lists what it has.`,
    { status: 400 },
  );
}

/** An HTTP 5xx would make SDKs and Terraform retry for minutes, so the refusal is a 400 that names the operation. */
function notImplemented(service: Service, operationName: string | undefined, request: HttpRequest): AwsError {
  const what = operationName === undefined ? `${request.method} ${request.path}` : operationName;
  return new AwsError(
    "UnknownOperationException",
    `Local AWS does not implement ${service.id}:${what}. \`slipway local coverage ${service.id}\` lists what it does.`,
    { status: 400 },
  );
}
