import type { LogSink } from "../core/ports.ts";
import { streamName } from "./access-log.ts";
import type { Outcome } from "./context-variables.ts";
import type { Exchange } from "./exchange.ts";

/**
 * Writes what happened to a request to the stage's execution log group, `API-Gateway-Execution-Logs_{api}/{stage}`.
 *
 * Source: Amazon API Gateway developer guide, "Set up CloudWatch logging for REST APIs in API Gateway".
 *
 * @param level - of the method's settings: `ERROR` tells only of requests that failed in the gateway
 * @param bodies - whether bodies and headers are written too (`dataTraceEnabled`)
 */
export function writeExecutionLog(
  logs: LogSink,
  exchange: Exchange,
  outcome: Outcome & { readonly body: Uint8Array },
  level: "ERROR" | "INFO",
  bodies: boolean,
): void {
  const failed = exchange.error !== undefined && outcome.status >= 500;
  if (level === "ERROR" && !failed) {
    return;
  }
  const lines = [
    ...(level === "INFO" ? openingLines(exchange, bodies) : []),
    ...(exchange.log ?? []),
    ...(level === "INFO" ? closingLines(exchange, outcome, bodies) : []),
    `Method completed with status: ${outcome.status}`,
  ];
  logs.append(
    `API-Gateway-Execution-Logs_${exchange.target.apiId}/${exchange.target.stage}`,
    streamName(exchange),
    lines.map((line) => ({ timestamp: exchange.time, message: `(${exchange.requestId}) ${line}` })),
    { createGroup: true },
  );
}

function openingLines(exchange: Exchange, bodies: boolean): string[] {
  const { request, matched } = exchange;
  return [
    `Extended Request Id: ${exchange.extendedRequestId}`,
    `Starting execution for request: ${exchange.requestId}`,
    `HTTP Method: ${request.method}, Resource Path: ${exchange.path}`,
    `Method request path: ${shown(Object.entries(matched?.pathParameters ?? {}))}`,
    `Method request query string: ${shown([...request.query])}`,
    ...(bodies
      ? [
          `Method request headers: ${shown(exchange.headers.filter(([name]) => !/^(authorization|x-api-key|cookie)$/i.test(name)))}`,
          `Method request body before transformations: ${new TextDecoder().decode(request.body)}`,
        ]
      : []),
  ];
}

function closingLines(exchange: Exchange, outcome: { readonly body: Uint8Array }, bodies: boolean): string[] {
  const { integration } = exchange;
  return [
    ...(integration === undefined
      ? []
      : [
          `Received response. Status: ${integration.integrationStatus ?? "-"}, Integration latency: ${integration.latency} ms`,
        ]),
    ...(bodies ? [`Method response body after transformations: ${new TextDecoder().decode(outcome.body)}`] : []),
    ...(exchange.error === undefined ? ["Successfully completed execution"] : []),
  ];
}

function shown(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([name, value]) => `${name}=${value}`).join(", ")}}`;
}
