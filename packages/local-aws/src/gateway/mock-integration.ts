import type { Integration, IntegrationResponse } from "@aws-sdk/client-api-gateway";
import type { Exchange } from "./exchange.ts";
import { GatewayError } from "./gateway-error.ts";
import { ResponseHeaders, responseHeaderName } from "./header-rules.ts";
import type { RunIntegration } from "./integration.ts";
import { bareMediaType, firstAccepted, pickByMediaType } from "./media-types.ts";
import { UnsupportedApiError } from "./unsupported-api-error.ts";
import { mappedValue } from "./value-mapping.ts";
import { compileTemplate, type Template } from "./vtl.ts";

interface MockResponse {
  readonly status: number;
  readonly pattern: RegExp | undefined;
  readonly parameters: readonly (readonly [header: string, expression: string])[];
  readonly templates: Readonly<Record<string, Template>>;
}

/**
 * Compiles a mock integration: its request template names a status code, which selects the integration response.
 *
 * @throws UnsupportedApiError for templates beyond the subset of {@link compileTemplate}
 */
export function mockIntegration(integration: Integration, where: string): RunIntegration {
  const requestTemplates = compileAll(integration.requestTemplates, where, "request template");
  const responses = Object.values(integration.integrationResponses ?? {}).map((response) =>
    compileResponse(response, where),
  );
  const behavior = integration.passthroughBehavior ?? "WHEN_NO_MATCH";
  return async (exchange) => {
    const document = requestDocument(exchange, requestTemplates, behavior);
    const status = statusIn(document);
    if (status === undefined) {
      throw new GatewayError("DEFAULT_5XX", "Internal server error", {
        reason: "Execution failed due to configuration error: Unable to parse statusCode. It should be an integer.",
      });
    }
    const response =
      responses.find(({ pattern }) => pattern?.test(String(status))) ??
      responses.find(({ pattern }) => pattern === undefined);
    if (response === undefined) {
      throw new GatewayError("API_CONFIGURATION_ERROR", "Internal server error", {
        reason: `Execution failed due to configuration error: No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${status}`,
      });
    }
    return answer(exchange, response);
  };
}

function compileResponse(response: IntegrationResponse, where: string): MockResponse {
  const { selectionPattern, statusCode } = response;
  const part = `response template of integration response ${statusCode}`;
  return {
    status: Number(statusCode),
    pattern:
      selectionPattern === undefined || selectionPattern === "" ? undefined : new RegExp(`^(?:${selectionPattern})$`),
    parameters: Object.entries(response.responseParameters ?? {}).map(([target, expression]) => {
      if (expression.startsWith("integration.response.")) {
        throw new UnsupportedApiError(
          `${where}: ${target} is mapped from ${expression}, but a mock integration has no answer to map from. Use a quoted text.`,
        );
      }
      return [target.replace(/^method\.response\.header\./, ""), expression];
    }),
    templates: compileAll(response.responseTemplates, where, part),
  };
}

function compileAll(
  templates: Record<string, string> | undefined,
  where: string,
  part: string,
): Record<string, Template> {
  return Object.fromEntries(
    Object.entries(templates ?? {}).map(([type, text]) => {
      const template = compileTemplate(text ?? "");
      if (typeof template !== "function") {
        throw new UnsupportedApiError(
          `${where}: the ${part} for ${type} uses ${template.unsupported}. Local AWS runs only plain text, comments, $context.*, $stageVariables.*, $input.params('name'), $input.body and $input.json('$') in mapping templates; use a Lambda proxy integration for more.`,
        );
      }
      return [type, template];
    }),
  );
}

/** What the request template made; the request's own body where there is none and the passthrough behavior lets it through. */
function requestDocument(exchange: Exchange, templates: Readonly<Record<string, Template>>, behavior: string): string {
  const asked = bareMediaType(exchange.request.headers["content-type"]) || "application/json";
  const template = Object.entries(templates).find(([type]) => bareMediaType(type) === asked)?.[1];
  if (template !== undefined) {
    return template(exchange);
  }
  const passes =
    behavior === "WHEN_NO_MATCH" || (behavior === "WHEN_NO_TEMPLATES" && Object.keys(templates).length === 0);
  if (!passes) {
    throw new GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
  }
  return new TextDecoder().decode(exchange.request.body);
}

/** The status code in the document, which many templates write as a loose kind of JSON (`{statusCode: 200}`). */
function statusIn(document: string): number | undefined {
  const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})\b/.exec(document)?.[1];
  return status === undefined ? undefined : Number(status);
}

function answer(exchange: Exchange, response: MockResponse) {
  const picked = pickByMediaType(response.templates, firstAccepted(exchange.request.headers.accept));
  const headers = new ResponseHeaders();
  headers.set("Content-Type", picked?.[0] ?? "application/json");
  for (const [name, expression] of response.parameters) {
    const value = mappedValue(exchange, expression);
    const outgoing = responseHeaderName(name);
    if (value !== undefined && outgoing !== undefined) {
      headers.set(outgoing, value);
    }
  }
  const body = picked?.[1](exchange) ?? "";
  return { status: response.status, headers, body: Buffer.from(body) };
}
