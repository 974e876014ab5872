import type { HttpRequest } from "../core/service.ts";
import { commonLogTime, contextPath, domainName } from "./context-variables.ts";
import type { Exchange } from "./exchange.ts";
import { bareMediaType, isBinary } from "./media-types.ts";

type Values = Record<string, string>;
type MultiValues = Record<string, string[]>;

/**
 * The event that a function of a Lambda proxy integration is invoked with (payload format 1.0).
 *
 * What the request does not have is `null`, not an empty map. Of repeated headers and query parameters the last value is the single
 * one. Query parameters are decoded; the path and its parameters are passed on as they were sent.
 *
 * Source: Amazon API Gateway developer guide, "Input format of a Lambda function for proxy integration".
 */
export function proxyEvent(exchange: Exchange): Record<string, unknown> {
  const { request, matched } = exchange;
  const query = queryValues(request);
  const headers = headerValues(exchange.headers);
  return {
    resource: matched?.resourcePath,
    path: exchange.path,
    httpMethod: request.method,
    headers: orNull(headers.single),
    multiValueHeaders: orNull(headers.multi),
    queryStringParameters: orNull(query.single),
    multiValueQueryStringParameters: orNull(query.multi),
    pathParameters: orNull({ ...matched?.pathParameters }),
    stageVariables: orNull({ ...exchange.stage.variables }),
    requestContext: requestContext(exchange),
    ...encodedBody(exchange),
  };
}

/**
 * The event of a REQUEST authorizer. Other than in a proxy event, what the request does not have is an empty map.
 *
 * Source: Amazon API Gateway developer guide, "Input to an API Gateway Lambda authorizer".
 */
export function authorizerEvent(exchange: Exchange, methodArn: string): Record<string, unknown> {
  const { request, matched } = exchange;
  const query = queryValues(request);
  const headers = headerValues(exchange.headers);
  return {
    type: "REQUEST",
    methodArn,
    resource: matched?.resourcePath,
    path: exchange.path,
    httpMethod: request.method,
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multi,
    pathParameters: { ...matched?.pathParameters },
    stageVariables: { ...exchange.stage.variables },
    requestContext: requestContext(exchange),
  };
}

function requestContext(exchange: Exchange): Record<string, unknown> {
  const { target, request, matched, authorizer, apiKey, caller } = exchange;
  const operationName = matched?.method.definition.operationName;
  return {
    accountId: exchange.accountId,
    apiId: target.apiId,
    ...(authorizer === undefined
      ? {}
      : {
          authorizer: {
            ...authorizer.context,
            principalId: authorizer.principalId,
            integrationLatency: authorizer.integrationLatency,
          },
        }),
    deploymentId: exchange.stage.deploymentId,
    domainName: domainName(exchange),
    domainPrefix: target.apiId,
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: request.method,
    identity: {
      accessKey: caller?.accessKeyId ?? null,
      accountId: caller?.accountId ?? null,
      ...(apiKey === undefined ? {} : { apiKey: apiKey.value, apiKeyId: apiKey.id }),
      caller: caller?.userId ?? null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: exchange.sourceIp,
      user: caller?.userId ?? null,
      userAgent: request.headers["user-agent"] ?? null,
      userArn: caller?.arn ?? null,
    },
    ...(operationName === undefined ? {} : { operationName }),
    path: contextPath(exchange),
    protocol: "HTTP/1.1",
    requestId: exchange.requestId,
    requestTime: commonLogTime(exchange.time),
    requestTimeEpoch: exchange.time,
    resourceId: matched?.resourceId,
    resourcePath: matched?.resourcePath,
    stage: target.stage,
  };
}

function encodedBody({ request, api }: Exchange): { body: string | null; isBase64Encoded: boolean } {
  const { body } = request;
  if (body.length === 0) {
    return { body: null, isBase64Encoded: false };
  }
  const isBase64Encoded = isBinary(api.binaryMediaTypes, bareMediaType(request.headers["content-type"]));
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return { body: bytes.toString(isBase64Encoded ? "base64" : "utf8"), isBase64Encoded };
}

/** Repeated headers are one header, under the spelling that came first. */
function headerValues(headers: Exchange["headers"]): { single: Values; multi: MultiValues } {
  const spelling = new Map<string, string>();
  for (const [name] of headers) {
    if (!spelling.has(name.toLowerCase())) {
      spelling.set(name.toLowerCase(), name);
    }
  }
  return valuesByName(headers.map(([name, value]) => [spelling.get(name.toLowerCase()) ?? name, value]));
}

function queryValues(request: HttpRequest): { single: Values; multi: MultiValues } {
  return valuesByName([...request.query]);
}

/** Clients choose the names, so they may be those of every object (`constructor`, `__proto__`): entries, no assignments. */
function valuesByName(pairs: readonly (readonly [name: string, value: string])[]): {
  single: Values;
  multi: MultiValues;
} {
  const groups = [...Map.groupBy(pairs, ([name]) => name)];
  return {
    single: Object.fromEntries(pairs),
    multi: Object.fromEntries(groups.map(([name, group]) => [name, group.map(([, value]) => value)])),
  };
}

function orNull<T>(map: Record<string, T>): Record<string, T> | null {
  return Object.keys(map).length === 0 ? null : map;
}
