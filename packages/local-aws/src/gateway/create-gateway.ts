import type { MethodSetting } from "@aws-sdk/client-api-gateway";
import type { FunctionInvoker, LogSink, MetricSink } from "../core/ports.ts";
import type { HttpRequest, HttpResponse } from "../core/service.ts";
import { ACCOUNT_THROTTLE } from "../services/apigateway/account-operations.ts";
import type { ApiState, StageRecord } from "../services/apigateway/api-state.ts";
import { writeAccessLog } from "./access-log.ts";
import { accountLogs } from "./account-logs.ts";
import { Authorizers } from "./authorizers.ts";
import { type CompiledApi, type CompiledMethod, compileApi } from "./compile-api.ts";
import { decodeBody, encodeBody } from "./content-encoding.ts";
import { type Exchange, type GatewayTarget, newExchange } from "./exchange.ts";
import { writeExecutionLog } from "./execution-log.ts";
import { GatewayError } from "./gateway-error.ts";
import { recordMetrics } from "./gateway-metrics.ts";
import { renderGatewayResponse } from "./gateway-response.ts";
import { ResponseHeaders } from "./header-rules.ts";
import type { IntegrationAnswer } from "./integration.ts";
import { callerOf, consentOf, requireInvoke } from "./invoke-access.ts";
import { meter, presentedApiKey } from "./metering.ts";
import { methodSettings } from "./method-settings.ts";
import { TokenBuckets } from "./token-buckets.ts";

const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

/** What the data plane needs of others. */
export interface GatewayDependencies {
  readonly functions: FunctionInvoker;
  readonly logs: LogSink;
  readonly metrics: MetricSink;
}

/** The data plane of API Gateway. */
export interface Gateway {
  /** Answers a request to a stage of an API. Never throws for what the request or the API's function did. */
  handle(target: GatewayTarget, request: HttpRequest): Promise<HttpResponse>;
  /** Forgets what authorizers said for a stage. */
  flushAuthorizers(apiId: string, stage: string): void;
}

/**
 * Creates the data plane on the state of the control plane. A request is matched to a method of the stage's deployment, authorized,
 * metered, throttled, validated and handed to the method's integration; what fails on the way is answered with a gateway response.
 */
export function createGateway(state: ApiState, dependencies: GatewayDependencies): Gateway {
  const { core } = state;
  const authorizers = new Authorizers(dependencies.functions, () => core.clock.now());
  const logs = accountLogs(state, dependencies.logs);
  const buckets = new TokenBuckets(() => core.clock.now());
  // Deployments never change, so what was compiled for one stays right; those that are gone are not asked for again.
  const compiled = new Map<string, CompiledApi>();

  function apiOf(apiId: string, stage: StageRecord): CompiledApi {
    const known = compiled.get(stage.deploymentId);
    if (known !== undefined) {
      return known;
    }
    const api = compileApi(state.deployment(apiId, stage.deploymentId).snapshot);
    compiled.set(stage.deploymentId, api);
    return api;
  }

  async function handle(target: GatewayTarget, received: HttpRequest): Promise<HttpResponse> {
    const stage = state.stages.get(`${target.apiId}/${target.stage}`);
    if (stage === undefined) {
      return forbidden();
    }
    const api = apiOf(target.apiId, stage);
    if (api.disabled) {
      return forbidden();
    }
    const exchange = newExchange({
      accountId: core.accountId,
      region: core.region,
      target,
      request: received,
      stage,
      api,
      time: core.clock.now(),
    });
    const { answer, settings } = await answerTo(exchange);
    return finish(exchange, answer, settings);
  }

  async function answerTo(exchange: Exchange): Promise<{ answer: IntegrationAnswer; settings: MethodSetting }> {
    let settings: MethodSetting = {};
    try {
      settings = match(exchange);
      return { answer: await serve(exchange, settings), settings };
    } catch (error) {
      return { answer: renderGatewayResponse(exchange, asGatewayError(error, exchange)), settings };
    }
  }

  /** Finds the method that is called, and the stage's settings for it. */
  function match(exchange: Exchange): MethodSetting {
    const { api, path, request, stage } = exchange;
    const found = api.routes.match(path, request.method);
    if (found === undefined) {
      throw new GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
    }
    const { resource, method, pathParameters } = found;
    exchange.matched = { resourceId: resource.id, resourcePath: resource.path, method, pathParameters };
    return methodSettings(stage, resource.path, method.httpMethod);
  }

  async function serve(exchange: Exchange, settings: MethodSetting): Promise<IntegrationAnswer> {
    const method = exchange.matched?.method;
    if (method === undefined) {
      throw new Error("A request is served only after it was matched.");
    }
    if (exchange.request.body.length > LARGEST_BODY_BYTES) {
      throw new GatewayError("REQUEST_TOO_LARGE", `HTTP content length exceeded ${LARGEST_BODY_BYTES} bytes.`);
    }
    await authorize(exchange, method);
    unpack(exchange);
    if (method.definition.apiKeyRequired === true) {
      const key = meter(exchange, state, buckets);
      exchange.apiKey = { value: presentedApiKey(exchange) ?? "", id: key.id ?? "" };
    }
    throttle(exchange, settings);
    method.validate?.(exchange);
    return method.run(exchange, dependencies.functions);
  }

  /** Before the body is unpacked: it is signed as it was sent. */
  async function authorize(exchange: Exchange, { definition, authorizer }: CompiledMethod): Promise<void> {
    if (definition.authorizationType === "AWS_IAM") {
      const caller = callerOf(core, exchange.request);
      exchange.caller = caller;
      exchange.headers = exchange.headers.filter(([name]) => name.toLowerCase() !== "authorization");
      requireInvoke(core, exchange, caller);
    } else if (authorizer !== undefined) {
      exchange.authorizer = await authorizers.authorize(exchange, authorizer, consentOf(core, exchange));
    } else if (exchange.api.policy !== undefined) {
      requireInvoke(core, exchange);
    }
  }

  /** Unpacks a compressed body, where the API has compression on; functions then see it as if it had been sent plain. */
  function unpack(exchange: Exchange): void {
    const { request, api } = exchange;
    const encoding = request.headers["content-encoding"];
    if (api.minimumCompressionSize !== undefined && encoding !== undefined) {
      exchange.request = { ...request, body: decodeBody(request.body, encoding) };
      exchange.headers = exchange.headers.filter(([name]) => name.toLowerCase() !== "content-encoding");
    }
  }

  /** Throttles per method by the stage's settings, and all APIs together by the account's. */
  function throttle({ target, matched }: Exchange, settings: MethodSetting): void {
    const { throttlingRateLimit: rate = -1, throttlingBurstLimit: burst = -1 } = settings;
    const key = `method ${target.apiId}/${target.stage} ${matched?.method.httpMethod} ${matched?.resourcePath}`;
    const allowed =
      (rate < 0 && burst < 0) ||
      buckets.take(key, {
        rate: rate < 0 ? ACCOUNT_THROTTLE.rateLimit : rate,
        burst: burst < 0 ? ACCOUNT_THROTTLE.burstLimit : burst,
      });
    if (
      !allowed ||
      !buckets.take("account", { rate: ACCOUNT_THROTTLE.rateLimit, burst: ACCOUNT_THROTTLE.burstLimit })
    ) {
      throw new GatewayError("THROTTLED", "Too Many Requests");
    }
  }

  function asGatewayError(error: unknown, exchange: Exchange): GatewayError {
    if (error instanceof GatewayError) {
      exchange.log = error.reason === undefined ? [] : [error.reason];
      return error;
    }
    // A bug of ours, not of the API: say so where the operator looks.
    core.log(
      `gateway: ${exchange.request.method} ${exchange.target.apiId}/${exchange.target.stage}${exchange.path}: ${error instanceof Error ? error.stack : error}`,
    );
    return new GatewayError("DEFAULT_5XX", "Internal server error");
  }

  /** Adds the headers of every answer, compresses, and writes logs and metrics. */
  function finish(exchange: Exchange, answer: IntegrationAnswer, settings: MethodSetting): HttpResponse {
    const { headers, status } = answer;
    let { body } = answer;
    const { minimumCompressionSize } = exchange.api;
    if (minimumCompressionSize !== undefined && headers.get("content-encoding") === undefined) {
      const encoded = encodeBody(body, minimumCompressionSize, exchange.request.headers["accept-encoding"]);
      if (encoded !== undefined) {
        body = encoded.body;
        headers.set("Content-Encoding", encoded.encoding);
      }
    }
    headers.set("x-amzn-RequestId", exchange.requestId);
    headers.set("x-amz-apigw-id", exchange.extendedRequestId);
    const outcome = {
      status,
      responseLength: body.length,
      responseLatency: Math.round(performance.now() - exchange.started),
    };
    writeAccessLog(logs, exchange, outcome);
    if (settings.loggingLevel === "INFO" || settings.loggingLevel === "ERROR") {
      writeExecutionLog(
        logs,
        exchange,
        { ...outcome, body },
        settings.loggingLevel,
        settings.dataTraceEnabled === true,
      );
    }
    recordMetrics(dependencies.metrics, exchange, outcome, settings.metricsEnabled === true);
    return { status, headers: headers.toRecord(), body };
  }

  return { handle, flushAuthorizers: (apiId, stage) => authorizers.flush(apiId, stage) };
}

/** What AWS answers for an API or a stage that is not there, and for an API whose default endpoint is disabled. */
function forbidden(): HttpResponse {
  const headers = new ResponseHeaders();
  headers.set("Content-Type", "application/json");
  headers.set("x-amzn-ErrorType", "ForbiddenException");
  return { status: 403, headers: headers.toRecord(), body: '{"message":"Forbidden"}' };
}
