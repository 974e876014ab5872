import type { APIGatewayProxyEvent } from "aws-lambda";
import type { ApiRequest } from "./api.ts";

/**
 * Reads an API Gateway proxy event. Fields that a hand-made test event leaves out are taken as empty.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html (event format 1.0)
 */
export function toApiRequest(event: Partial<APIGatewayProxyEvent>): ApiRequest {
  const headers = new Map<string, string>();
  for (const [name, values] of allValues(event.multiValueHeaders, event.headers)) {
    headers.set(name.toLowerCase(), values.join(", "));
  }
  const principal: unknown = event.requestContext?.authorizer?.principalId;
  return {
    method: event.httpMethod ?? "",
    path: event.path ?? "",
    headers,
    query: allValues(event.multiValueQueryStringParameters, event.queryStringParameters),
    body: event.body ?? "",
    isBase64Encoded: event.isBase64Encoded === true,
    principal: typeof principal === "string" ? principal : undefined,
  };
}

type MultiValues = Record<string, string[] | undefined> | null | undefined;
type SingleValues = Record<string, string | undefined> | null | undefined;

function allValues(multi: MultiValues, single: SingleValues): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(single ?? {})) if (value !== undefined) values.set(name, [value]);
  for (const [name, list] of Object.entries(multi ?? {})) if (list !== undefined) values.set(name, list);
  return values;
}
