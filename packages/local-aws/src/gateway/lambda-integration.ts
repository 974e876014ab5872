import type { Integration } from "@aws-sdk/client-api-gateway";
import { AwsError } from "../core/aws-error.ts";
import type { FunctionInvoker, InvokeResult } from "../core/ports.ts";
import { type Exchange, traceHeader } from "./exchange.ts";
import { executeApiArn, functionInUri, withStageVariables } from "./function-reference.ts";
import { GatewayError } from "./gateway-error.ts";
import { ResponseHeaders, responseHeaderName } from "./header-rules.ts";
import type { IntegrationAnswer, RunIntegration } from "./integration.ts";
import { type ProxyResponse, readProxyResponse } from "./lambda-response.ts";
import { firstAccepted, isBinary } from "./media-types.ts";
import { proxyEvent } from "./request-event.ts";

/** The largest event that Lambda takes synchronously. */
const LARGEST_EVENT_BYTES = 6 * 1024 * 1024;
const INTERNAL = "Internal server error";

/** Compiles a Lambda proxy integration. */
export function lambdaIntegration(integration: Integration): RunIntegration {
  const target = functionInUri(integration.uri ?? "") ?? "";
  const timeout = integration.timeoutInMillis ?? 29_000;
  const { httpMethod } = integration;
  return async (exchange, functions) => {
    if (httpMethod !== "POST") {
      throw new GatewayError("DEFAULT_5XX", INTERNAL, {
        reason: `Lambda functions are invoked with POST, the integration says ${httpMethod}`,
      });
    }
    const functionName = withStageVariables(target, exchange);
    if (functionName === undefined) {
      throw new GatewayError("API_CONFIGURATION_ERROR", INTERNAL, {
        reason: "Execution failed due to configuration error: Invalid stage variable in the integration's URI",
      });
    }
    const payload = Buffer.from(JSON.stringify(proxyEvent(exchange)));
    if (payload.length > LARGEST_EVENT_BYTES) {
      throw new GatewayError("REQUEST_TOO_LARGE", "Request Too Long");
    }
    const result = await invoke(exchange, functions, functionName, payload, timeout);
    return answerOf(exchange, result);
  };
}

async function invoke(
  exchange: Exchange,
  functions: FunctionInvoker,
  functionName: string,
  payload: Uint8Array,
  timeout: number,
): Promise<InvokeResult> {
  const started = performance.now();
  const integration: NonNullable<Exchange["integration"]> = { latency: 0 };
  exchange.integration = integration;
  try {
    const result = await withinTime(
      timeout,
      functions.invoke({
        functionName,
        payload,
        traceId: traceHeader(exchange.trace),
        source: { service: "apigateway.amazonaws.com", arn: sourceArn(exchange) },
      }),
    );
    integration.integrationStatus = result.status;
    return result;
  } catch (error) {
    const failure = integrationFailure(error);
    integration.error = failure.reason ?? failure.message;
    if (error instanceof AwsError) {
      integration.integrationStatus = error.options.status ?? 400;
    }
    throw failure;
  } finally {
    integration.latency = Math.round(performance.now() - started);
  }
}

/** What the function's resource policy is checked against: the method as it is declared, not as it was called. */
function sourceArn(exchange: Exchange): string {
  const { matched, stage } = exchange;
  return executeApiArn(exchange, `${stage.stageName}/${exchange.request.method}${matched?.resourcePath ?? "/"}`);
}

/** Waits on the wall clock: a function runs in real time even where the clock of local AWS is moved. */
async function withinTime<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out", {
            reason: "Execution failed due to a timeout error",
          }),
        ),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    // The invocation goes on after a timeout, as on AWS; what becomes of it is nobody's business here.
    work.catch(() => {});
  }
}

/**
 * What a refusal by Lambda becomes: a missing permission or function is a mistake of the API's configuration, a throttled
 * function is a failed integration. Both are a 500, as on AWS.
 */
function integrationFailure(error: unknown): GatewayError {
  if (error instanceof GatewayError) {
    return error;
  }
  if (!(error instanceof AwsError)) {
    throw error;
  }
  switch (error.code) {
    case "AccessDeniedException":
    case "ResourceNotFoundException":
      return new GatewayError("API_CONFIGURATION_ERROR", INTERNAL, {
        reason: "Execution failed due to configuration error: Invalid permissions on Lambda function",
      });
    case "RequestTooLargeException":
      return new GatewayError("REQUEST_TOO_LARGE", "Request Too Long");
    default:
      return new GatewayError("INTEGRATION_FAILURE", INTERNAL, {
        status: 500,
        reason: `Execution failed due to an error of the integration: ${error.code}: ${error.message}`,
      });
  }
}

function answerOf(exchange: Exchange, result: InvokeResult): IntegrationAnswer {
  const response = result.functionError === undefined ? readProxyResponse(result.payload) : undefined;
  if (response === undefined) {
    const reason =
      result.functionError === undefined
        ? "Execution failed due to configuration error: Malformed Lambda proxy response"
        : `Lambda execution failed with status ${result.status} due to customer function error: ${new TextDecoder().decode(result.payload)}`;
    if (exchange.integration !== undefined) {
      exchange.integration.error = reason;
    }
    throw new GatewayError("DEFAULT_5XX", INTERNAL, { status: 502, reason });
  }
  if (exchange.integration !== undefined) {
    exchange.integration.status = response.status;
  }
  const headers = new ResponseHeaders();
  headers.set("Content-Type", "application/json");
  for (const [name, value] of Object.entries(response.headers.toRecord())) {
    const outgoing = responseHeaderName(name);
    if (outgoing !== undefined) {
      const [first = "", ...others] = [value].flat();
      headers.set(outgoing, first);
      for (const other of others) {
        headers.add(outgoing, other);
      }
    }
  }
  headers.set("X-Amzn-Trace-Id", traceHeader(exchange.trace));
  return { status: response.status, headers, body: bodyOf(exchange, response) };
}

/** The body in bytes where it is marked as Base64 and the caller accepts a binary media type of the API; else its text. */
function bodyOf({ api, request }: Exchange, response: ProxyResponse): Uint8Array {
  const binary = response.isBase64Encoded && isBinary(api.binaryMediaTypes, firstAccepted(request.headers.accept));
  return Buffer.from(response.body, binary ? "base64" : "utf8");
}
