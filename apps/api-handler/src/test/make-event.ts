import type { APIGatewayProxyEvent } from "aws-lambda";

export interface EventOptions {
  headers?: Record<string, string>;
  query?: Record<string, string>;
  /** Sent as JSON, with its content type, unless it is a string. */
  body?: unknown;
}

/** An event as API Gateway sends it for a REST API's stage `prod` (proxy integration, format 1.0). */
export function makeEvent(method: string, path: string, options: EventOptions = {}): APIGatewayProxyEvent {
  const { headers = {}, query, body } = options;
  const sent = body === undefined ? headers : { "Content-Type": "application/json", ...headers };
  const requestContext: Partial<APIGatewayProxyEvent["requestContext"]> = {
    requestId: "request-1",
    path: `/prod${path}`,
    stage: "prod",
    httpMethod: method,
  };
  return {
    resource: "/{proxy+}",
    path,
    httpMethod: method,
    headers: sent,
    multiValueHeaders: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, [value]])),
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: query
      ? Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]]))
      : null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: requestContext as APIGatewayProxyEvent["requestContext"],
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    isBase64Encoded: false,
  };
}
