import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import type { ApiRequest, ApiResponse, Services } from "./api.ts";
import { corsHeaders } from "./cors-headers.ts";
import type { Logger } from "./create-logger.ts";
import { matchRoute } from "./match-route.ts";
import type { Problem } from "./problem.ts";
import { toApiRequest } from "./to-api-request.ts";
import { toProblem } from "./to-problem.ts";

export interface HandlerOptions {
  services: Services;
  allowedOrigins: readonly string[];
  log: Logger;
  /** The function's environment, for what Lambda writes into it. */
  env: NodeJS.ProcessEnv;
}

/** The Lambda handler: finds the operation, runs it, writes its answer or problem, and logs one line. It never throws. */
export function createHandler({ services, allowedOrigins, log, env }: HandlerOptions) {
  // With provisioned concurrency the start happened before the request, which did not wait for it.
  let coldStart = env.AWS_LAMBDA_INITIALIZATION_TYPE !== "provisioned-concurrency";

  return async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const startedAt = performance.now();
    const requestId = event.requestContext?.requestId ?? context.awsRequestId;
    const request = toApiRequest(event);
    const match = matchRoute(request);
    const about = {
      requestId,
      traceId: traceIdOf(env),
      operation: match.name,
      method: request.method,
      path: match.path,
    };

    const response = await match.run(request, services, match.id).catch((error: unknown) => {
      const problem = toProblem(error);
      if (problem.status >= 500) {
        log(problem.status === 500 ? "ERROR" : "WARN", problem.title, { ...about, error: describe(problem.cause) });
      }
      return problemResponse(problem, request, requestId);
    });

    log("INFO", "request", {
      ...about,
      status: response.status,
      durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
      functionVersion: context.functionVersion,
      coldStart,
    });
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
  if (!(cause instanceof Error)) return { message: String(cause) };
  return { name: cause.name, message: cause.message, stack: cause.stack };
}
