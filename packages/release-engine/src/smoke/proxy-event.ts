import { randomUUID } from "node:crypto";
import type { Json } from "@slipway/contracts";
import type { HttpRequest } from "../ports/http-client.ts";
import { resourceOf } from "./resource-of.ts";

export interface ProxyEventOptions {
  readonly stage: string;
  readonly resources: readonly string[];
  readonly authorizer?: Readonly<Record<string, Json>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The event that API Gateway's Lambda proxy integration makes of a request to a REST API (payload format 1.0). What the request does not
 * have is null, not an empty map. The ids of the API and the account are zeros: nobody is to take it for a request of a user.
 *
 * @param request whose URL's path is the path below the stage
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(
  { method, url, headers, body }: Pick<HttpRequest, "method" | "url" | "headers" | "body">,
  { stage, resources, authorizer, now }: ProxyEventOptions,
): Readonly<Record<string, Json>> {
  const { pathname, searchParams, host } = new URL(url);
  const matched = resourceOf(resources, pathname);
  const requestId = randomUUID();
  const all: [string, string][] = [...Object.entries({ Host: host, "User-Agent": "slipway", ...headers })];
  return {
    resource: matched?.resource ?? pathname,
    path: pathname,
    httpMethod: method,
    headers: orNull(Object.fromEntries(all)),
    multiValueHeaders: orNull(Object.fromEntries(all.map(([name, value]) => [name, [value]]))),
    queryStringParameters: orNull(Object.fromEntries(searchParams)),
    multiValueQueryStringParameters: orNull(
      Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)])),
    ),
    pathParameters: orNull({ ...matched?.parameters }),
    stageVariables: null,
    requestContext: {
      accountId: "000000000000",
      apiId: "0000000000",
      ...(authorizer === undefined ? {} : { authorizer: { ...authorizer } }),
      domainName: host,
      extendedRequestId: requestId,
      httpMethod: method,
      identity: { sourceIp: "127.0.0.1", userAgent: "slipway" },
      path: `/${stage}${pathname}`,
      protocol: "HTTP/1.1",
      requestId,
      requestTimeEpoch: now,
      resourcePath: matched?.resource ?? pathname,
      stage,
    },
    body: body ?? null,
    isBase64Encoded: false,
  };
}

function orNull<T extends Json>(map: Record<string, T>): Record<string, T> | null {
  return Object.keys(map).length === 0 ? null : map;
}
