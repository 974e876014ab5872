import type { APIGatewayProxyEvent } from "aws-lambda";

/** A request to the items API. */
export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
}

/** The headers that clients and CloudFront add to every call of an edge or regional endpoint. */
const usualHeaders = {
  Accept: "application/json",
  "Accept-Encoding": "gzip, deflate, br",
  Host: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
  "User-Agent": "items-client/3.2.1",
  "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793",
  "X-Forwarded-For": "198.51.100.17",
  "X-Forwarded-Port": "443",
  "X-Forwarded-Proto": "https",
};

/**
 * The event of a REST API's proxy integration (format 1.0) for a call of stage `prod`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 *
 * @param number - makes the request's id
 */
export function makeEvent(call: ApiCall, number = 0): APIGatewayProxyEvent {
  const { method, path, query, body } = call;
  const contentType: Record<string, string> = body === undefined ? {} : { "Content-Type": "application/json" };
  const headers = { ...usualHeaders, ...contentType, ...call.headers };
  const [, collection = "", id] = path.split("/");
  const isItem = collection === "items" && id !== undefined;
  const resource = isItem ? "/items/{id}" : path;
  return {
    resource,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: toLists(headers),
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: query === undefined ? null : toLists(query),
    pathParameters: isItem ? { id } : null,
    stageVariables: null,
    requestContext: {
      ...{ accountId: "000000000000", apiId: "a1b2c3d4e5", resourceId: "abc123", resourcePath: resource },
      ...{ httpMethod: method, path: `/prod${path}`, stage: "prod", protocol: "HTTP/1.1", authorizer: null },
      ...{ domainName: usualHeaders.Host, domainPrefix: "a1b2c3d4e5", extendedRequestId: "c6Af9ac6-aad7" },
      requestId: `5f6a1c2e-0000-4000-8000-${String(number).padStart(12, "0")}`,
      requestTime: "01/Jan/2026:00:00:00 +0000",
      requestTimeEpoch: Date.UTC(2026, 0, 1),
      identity: {
        ...{ accessKey: null, accountId: null, apiKey: null, apiKeyId: null, caller: null, clientCert: null },
        ...{ cognitoAuthenticationProvider: null, cognitoAuthenticationType: null, cognitoIdentityId: null },
        ...{ cognitoIdentityPoolId: null, principalOrgId: null, user: null, userArn: null },
        ...{ sourceIp: "198.51.100.17", userAgent: usualHeaders["User-Agent"] },
      },
    },
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    isBase64Encoded: false,
  };
}

function toLists(values: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}
