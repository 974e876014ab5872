import type { Method } from "@aws-sdk/client-api-gateway";
import { badRequest } from "./api-state.ts";

const REQUEST_PARAMETER = /^method\.request\.(?:multivalue)?(querystring|path|header)\.(.+)$/;

/**
 * Checks the names of a method's request parameters.
 *
 * @throws AwsError `BadRequestException` when one is malformed or two share a name
 */
export function checkDeclaredParameters(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const expression of names) {
    const match = REQUEST_PARAMETER.exec(expression);
    if (match === null) {
      throw invalidMapping(`Invalid mapping expression specified: ${expression}`);
    }
    const name = match[2] ?? "";
    if (seen.has(name)) {
      throw badRequest("Parameter names must be unique across querystring, header and path");
    }
    seen.add(name);
  }
}

/**
 * Checks an integration's mappings of request parameters: what they read must be declared by the method.
 *
 * @throws AwsError `BadRequestException`
 */
export function checkRequestMappings(method: Method, mappings: Record<string, string> | undefined): void {
  for (const [target, source] of Object.entries(mappings ?? {})) {
    if (!/^integration\.request\.(?:querystring|path|header)\.(.+)$/.test(target)) {
      throw invalidMapping(`Invalid mapping expression specified: ${target}`);
    }
    if (!isSource(source, "method.request")) {
      throw invalidMapping(`Invalid mapping expression specified: ${source}`);
    }
    if (
      REQUEST_PARAMETER.test(source) &&
      method.requestParameters?.[source.replace(".multivalue", ".")] === undefined &&
      method.requestParameters?.[source] === undefined
    ) {
      throw invalidMapping(`Invalid mapping expression parameter specified: ${source}`);
    }
  }
}

/**
 * Checks an integration response's mappings of headers: the method response must declare the headers that they write.
 *
 * @throws AwsError `BadRequestException`
 */
export function checkResponseMappings(
  method: Method,
  statusCode: string,
  mappings: Record<string, string> | undefined,
): void {
  for (const [target, source] of Object.entries(mappings ?? {})) {
    if (!/^method\.response\.header\.(.+)$/.test(target)) {
      throw invalidMapping(`Invalid mapping expression specified: ${target}`);
    }
    if (!isSource(source, "integration.response")) {
      throw invalidMapping(`Invalid mapping expression specified: ${source}`);
    }
    if (method.methodResponses?.[statusCode]?.responseParameters?.[target] === undefined) {
      throw invalidMapping(`Invalid mapping expression parameter specified: ${target}`);
    }
  }
}

function isSource(source: string, messagePrefix: "method.request" | "integration.response"): boolean {
  return (
    /^'.*'$/s.test(source) ||
    source.startsWith(`${messagePrefix}.`) ||
    source.startsWith("context.") ||
    source.startsWith("stageVariables.")
  );
}

function invalidMapping(error: string): Error {
  return badRequest(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`);
}
