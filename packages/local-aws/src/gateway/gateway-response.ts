import type { GatewayResponse } from "@aws-sdk/client-api-gateway";
import { contextVariable } from "./context-variables.ts";
import type { Exchange } from "./exchange.ts";
import type { GatewayError } from "./gateway-error.ts";
import { DEFAULT_TEMPLATES, effectiveGatewayResponse, GATEWAY_RESPONSE_STATUS } from "./gateway-response-types.ts";
import { ResponseHeaders } from "./header-rules.ts";
import type { IntegrationAnswer } from "./integration.ts";
import { firstAccepted, pickByMediaType } from "./media-types.ts";
import { mappedValue } from "./value-mapping.ts";

const VARIABLE = /\$(?:\{(context|stageVariables)\.([\w.-]+)\}|(context|stageVariables)\.([A-Za-z0-9_][\w.-]*))/g;

/**
 * The answer to a request that the gateway refused: the API's gateway response for the error's type. Its templates are no mapping
 * templates: only `$context` and `$stageVariables` are filled in.
 *
 * Source: Amazon API Gateway developer guide, "Gateway responses for REST APIs in API Gateway".
 */
export function renderGatewayResponse(exchange: Exchange, error: GatewayError): IntegrationAnswer {
  exchange.error = { message: error.text, type: error.type, validation: error.validation };
  const response = effectiveGatewayResponse(exchange.api.gatewayResponses, error.type);
  const templates = response.responseTemplates ?? {};
  const [contentType, template] = pickByMediaType(templates, firstAccepted(exchange.request.headers.accept)) ?? [
    "application/json",
    "",
  ];
  const headers = new ResponseHeaders();
  headers.set("Content-Type", contentType);
  headers.set("x-amzn-ErrorType", error.errorType);
  for (const [target, expression] of Object.entries(response.responseParameters ?? {})) {
    const value = mappedValue(exchange, expression);
    if (value !== undefined) {
      headers.set(target.replace(/^gatewayresponse\.header\./, ""), value);
    }
  }
  // AWS spells the member with a capital in this one answer, unless the API has a response of its own for it.
  const spelled =
    error.type === "ACCESS_DENIED" && response.defaultResponse === true && template === DEFAULT_TEMPLATES[contentType]
      ? '{"Message":$context.error.messageString}'
      : template;
  return { status: statusOf(response, error), headers, body: Buffer.from(fill(spelled, exchange)) };
}

/** The status that was asked for; where none was, the error's own, which may differ from the one of its type. */
function statusOf(response: GatewayResponse, error: GatewayError): number {
  const asked = response.statusCode;
  const customised = response.defaultResponse !== true || asked !== GATEWAY_RESPONSE_STATUS[error.type];
  return asked !== undefined && customised ? Number(asked) : error.status;
}

function fill(template: string, exchange: Exchange): string {
  return template.replaceAll(VARIABLE, (_match, braced?: string, inside?: string, bare?: string, after?: string) => {
    const root = braced ?? bare;
    const path = inside ?? after ?? "";
    // A dot at the end of a sentence is not part of the name.
    const name = path.replace(/\.+$/, "");
    const value = root === "context" ? contextVariable(exchange, name) : exchange.stage.variables?.[name];
    return (value ?? "") + path.slice(name.length);
  });
}
