import type { Exchange } from "./exchange.ts";

/** What is known only once the answer is on its way. */
export interface Outcome {
  readonly status: number;
  /** Bytes of the answer's body. */
  readonly responseLength: number;
  /** Milliseconds from receiving the request to sending the answer. */
  readonly responseLatency: number;
}

type Value = string | number | null | undefined;

/**
 * The value of a `$context` variable.
 *
 * Source: Amazon API Gateway developer guide, "Variables for access logging for API Gateway" and "Variables for data
 * transformations for API Gateway".
 *
 * @param name - what follows `$context.`
 * @returns nothing for a variable that the request has no value for
 */
export function contextVariable(exchange: Exchange, name: string, outcome?: Outcome): string | undefined {
  const value = Object.hasOwn(VARIABLES, name) ? VARIABLES[name]?.(exchange, outcome) : authorizerValue(exchange, name);
  return value === undefined || value === null ? undefined : String(value);
}

function authorizerValue(exchange: Exchange, name: string): string | undefined {
  const key = name.startsWith("authorizer.") ? name.slice("authorizer.".length) : undefined;
  const context = exchange.authorizer?.context;
  return key === undefined || context === undefined || !Object.hasOwn(context, key) ? undefined : context[key];
}

const VARIABLES: Readonly<Record<string, (exchange: Exchange, outcome: Outcome | undefined) => Value>> = {
  accountId: (x) => x.accountId,
  apiId: (x) => x.target.apiId,
  "authorizer.integrationLatency": (x) => x.authorizer?.integrationLatency,
  "authorizer.latency": (x) => x.authorizer?.integrationLatency,
  "authorizer.principalId": (x) => x.authorizer?.principalId,
  deploymentId: (x) => x.stage.deploymentId,
  domainName: (x) => domainName(x),
  domainPrefix: (x) => x.target.apiId,
  "error.message": (x) => x.error?.message,
  "error.messageString": (x) => (x.error === undefined ? undefined : JSON.stringify(x.error.message)),
  "error.responseType": (x) => x.error?.type,
  // Escaped for a JSON text, without the quotes around it.
  "error.validationErrorString": (x) =>
    x.error?.validation === undefined ? undefined : JSON.stringify(x.error.validation).slice(1, -1),
  extendedRequestId: (x) => x.extendedRequestId,
  httpMethod: (x) => x.request.method,
  "identity.accessKey": (x) => x.caller?.accessKeyId,
  "identity.accountId": (x) => x.caller?.accountId,
  "identity.apiKey": (x) => x.apiKey?.value,
  "identity.apiKeyId": (x) => x.apiKey?.id,
  "identity.caller": (x) => x.caller?.userId,
  "identity.sourceIp": (x) => x.sourceIp,
  "identity.user": (x) => x.caller?.userId,
  "identity.userAgent": (x) => x.request.headers["user-agent"],
  "identity.userArn": (x) => x.caller?.arn,
  "integration.error": (x) => x.integration?.error,
  "integration.integrationStatus": (x) => x.integration?.integrationStatus,
  "integration.latency": (x) => x.integration?.latency,
  "integration.status": (x) => x.integration?.status,
  integrationErrorMessage: (x) => x.integration?.error,
  integrationLatency: (x) => x.integration?.latency,
  integrationStatus: (x) => x.integration?.integrationStatus,
  operationName: (x) => x.matched?.method.definition.operationName,
  path: (x) => contextPath(x),
  protocol: () => "HTTP/1.1",
  requestId: (x) => x.requestId,
  requestTime: (x) => commonLogTime(x.time),
  requestTimeEpoch: (x) => x.time,
  resourceId: (x) => x.matched?.resourceId,
  resourcePath: (x) => x.matched?.resourcePath,
  responseLatency: (_x, outcome) => outcome?.responseLatency,
  responseLength: (_x, outcome) => outcome?.responseLength,
  stage: (x) => x.target.stage,
  status: (_x, outcome) => outcome?.status,
  xrayTraceId: (x) => (x.stage.tracingEnabled === true ? x.trace.root : undefined),
};

/** The host name of an API's default endpoint here, however the request was addressed. */
export function domainName({ target }: Exchange): string {
  return `${target.apiId}.execute-api.localhost`;
}

/** The path with its stage, as it was sent. */
export function contextPath({ target }: Exchange): string {
  return `/${target.stage}${target.path}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A time as web servers' common log format has it: `23/Nov/2026:01:16:05 +0000`. */
export function commonLogTime(time: number): string {
  const iso = new Date(time).toISOString();
  const month = MONTHS[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
