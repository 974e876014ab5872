import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import type { ApiRequest, ApiResponse, Services } from "./http/api.ts";
import { assertAcceptable } from "./http/assert-acceptable.ts";
import { beforeDeadline } from "./http/before-deadline.ts";
import { corsHeaders } from "./http/cors-headers.ts";
import { matchRoute } from "./http/match-route.ts";
import type { Problem } from "./http/problem.ts";
import { toApiRequest } from "./http/to-api-request.ts";
import { toProblem } from "./http/to-problem.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import type { Logger } from "./telemetry/create-logger.ts";
import { redact, redactHeaders } from "./telemetry/redact.ts";
import { type RequestFacts, requestLine } from "./telemetry/request-line.ts";

export interface HandlerOptions {
  services: Services;
  allowedOrigins: readonly string[];
  log: Logger;
  /** Takes the request line, with its line end, whatever the log level is. */
  write: (line: string) => void;
  /** The function's environment, for what Lambda writes into it. */
  env: NodeJS.ProcessEnv;
}

/** The Lambda handler: finds the operation, runs it, writes its answer or problem, and logs one line. It never throws. */
export function createHandler({ services, allowedOrigins, log, write, env }: HandlerOptions) {
  // With provisioned concurrency the start happened before the request, which did not wait for it.
  let coldStart = env.AWS_LAMBDA_INITIALIZATION_TYPE !== "provisioned-concurrency";

  return async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const startedAt = performance.now();
    const request = toApiRequest(event);
    const match = matchRoute(request);
    const about: Pick<RequestFacts, "requestId" | "traceId" | "operation" | "method" | "path"> = {
      requestId: event.requestContext?.requestId ?? context.awsRequestId,
      traceId: traceIdOf(env),
      operation: match.name,
      method: match.method,
      path: match.path,
    };
    log("DEBUG", "request received", () => ({ ...about, headers: redactHeaders(request.headers) }));

    let isThrottled = false;
    const answer = async () => {
      if (request.method !== "OPTIONS") assertAcceptable(request);
      return match.run(request, services, match.id);
    };
    const response = await beforeDeadline(answer(), context.getRemainingTimeInMillis()).catch((error: unknown) => {
      const problem = toProblem(error);
      isThrottled = error instanceof StoreUnavailableError && error.isThrottled;
      if (problem.status >= 500) {
        const level = problem.status === 500 ? "ERROR" : "WARN";
        log(level, problem.title, () => ({ ...about, error: describe(problem.cause) }));
      }
      return problemResponse(problem, request, about.requestId);
    });

    const facts: RequestFacts = {
      ...about,
      status: response.status,
      durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
      functionVersion: context.functionVersion,
      coldStart,
      isThrottled,
    };
    write(requestLine(facts, services.now()));
    coldStart = false;
    return toResult(response, request, allowedOrigins);
  };
}

function problemResponse(problem: Problem, request: ApiRequest, requestId: string): ApiResponse {
  const { type, title, status, message: detail, errors, headers } = problem;
  const instance = encodeURI(request.path.toWellFormed());
  return {
    status,
    headers: { ...headers, "Content-Type": "application/problem+json" },
    body: { type, title, status, detail, instance, requestId, errors: errors.length > 0 ? errors : undefined },
  };
}

function toResult(
  { status, headers = {}, body }: ApiResponse,
  request: ApiRequest,
  allowedOrigins: readonly string[],
): APIGatewayProxyResult {
  const preflightAllow = request.method === "OPTIONS" ? headers.Allow : undefined;
  return {
    statusCode: status,
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...headers,
      ...corsHeaders(allowedOrigins, request.headers.get("origin"), preflightAllow),
    },
    body: body === undefined ? "" : JSON.stringify(body),
  };
}

/** Lambda sets the variable anew for each invocation: `Root=1-…;Parent=…;Sampled=1`. */
function traceIdOf(env: NodeJS.ProcessEnv): string | undefined {
  return /(?:^|;)Root=([^;]+)/.exec(env._X_AMZN_TRACE_ID ?? "")?.[1];
}

function describe(cause: unknown): Record<string, unknown> {
  if (!(cause instanceof Error)) return { message: redact(String(cause)) };
  return { name: cause.name, message: redact(cause.message), stack: redact(cause.stack ?? "") };
}
