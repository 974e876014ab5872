import type { WireRequest } from "@slipway/testing/openapi";
import type { APIGatewayProxyEvent } from "aws-lambda";

/**
 * What API Gateway makes of a request for a REST API's stage `prod` (proxy integration, format 1.0): the last value of each name, and
 * all values; a body that is no text in base64.
 */
export function toProxyEvent({ method, path, query, headers, body }: WireRequest): APIGatewayProxyEvent {
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
    headers: lastOf(headers),
    multiValueHeaders: allOf(headers),
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: allOf(query),
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: requestContext as APIGatewayProxyEvent["requestContext"],
    body: body === undefined ? null : typeof body === "string" ? body : Buffer.from(body).toString("base64"),
    isBase64Encoded: body instanceof Uint8Array,
  };
}

type Pairs = WireRequest["headers"];

function lastOf(pairs: Pairs): Record<string, string> {
  return orNull(Object.fromEntries(pairs));
}

function allOf(pairs: Pairs): Record<string, string[]> {
  const byName = Map.groupBy(pairs, ([name]) => name);
  return orNull(Object.fromEntries([...byName].map(([name, each]) => [name, each.map(([, value]) => value)])));
}

/** The gateway's field is null, which the types deny for headers, when there is nothing in it. */
function orNull<T extends object>(values: T): T {
  return Object.keys(values).length > 0 ? values : (null as unknown as T);
}
