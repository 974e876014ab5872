import type { APIGatewayProxyEvent } from "aws-lambda";
import type { ApiRequest } from "./api.ts";

/**
 * Reads an API Gateway proxy event. Fields that a hand-made test event leaves out, or has as null, are taken as empty.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html (event format 1.0)
 */
export function toApiRequest(event: Partial<APIGatewayProxyEvent>): ApiRequest {
  const principal: unknown = event.requestContext?.authorizer?.principalId;
  return {
    method: event.httpMethod ?? "",
    path: event.path ?? "",
    headers: allHeaders(event.multiValueHeaders, event.headers),
    query: allValues(event.multiValueQueryStringParameters, event.queryStringParameters),
    body: event.body ?? "",
    isBase64Encoded: event.isBase64Encoded === true,
    principal: typeof principal === "string" ? principal : undefined,
  };
}

type MultiValues = Record<string, string[] | null | undefined> | null | undefined;
type SingleValues = Record<string, string | null | undefined> | null | undefined;

function allValues(multi: MultiValues, single: SingleValues): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(single ?? {})) if (isPresent(value)) values.set(name, [value]);
  for (const [name, list] of Object.entries(multi ?? {})) if (isPresent(list)) values.set(name, list);
  return values;
}

/** The same name in another case is the same header. */
function allHeaders(multi: MultiValues, single: SingleValues): Map<string, string> {
  const headers = new Map<string, string>();
  const named = new Set(Object.keys(multi ?? {}).map((name) => name.toLowerCase()));
  const alone = Object.entries(single ?? {}).filter(([name]) => !named.has(name.toLowerCase()));
  for (const [name, values] of allValues(multi, Object.fromEntries(alone))) {
    const others = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), [...(others === undefined ? [] : [others]), ...values].join(", "));
  }
  return headers;
}

function isPresent<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}
