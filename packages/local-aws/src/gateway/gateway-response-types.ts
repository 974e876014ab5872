import type { GatewayResponse } from "@aws-sdk/client-api-gateway";

/**
 * The types of gateway responses with the status that each has by default; the two `DEFAULT_` types have none of their own.
 *
 * Source: Amazon API Gateway developer guide, "Gateway response types for API Gateway".
 */
export const GATEWAY_RESPONSE_STATUS = {
  ACCESS_DENIED: "403",
  API_CONFIGURATION_ERROR: "500",
  AUTHORIZER_CONFIGURATION_ERROR: "500",
  AUTHORIZER_FAILURE: "500",
  BAD_REQUEST_BODY: "400",
  BAD_REQUEST_PARAMETERS: "400",
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: "403",
  INTEGRATION_FAILURE: "504",
  INTEGRATION_TIMEOUT: "504",
  INVALID_API_KEY: "403",
  INVALID_SIGNATURE: "403",
  MISSING_AUTHENTICATION_TOKEN: "403",
  QUOTA_EXCEEDED: "429",
  REQUEST_TOO_LARGE: "413",
  RESOURCE_NOT_FOUND: "404",
  THROTTLED: "429",
  UNAUTHORIZED: "401",
  UNSUPPORTED_MEDIA_TYPE: "415",
  WAF_FILTERED: "403",
} as const;

/** A type of gateway response. */
export type GatewayResponseTypeName = keyof typeof GATEWAY_RESPONSE_STATUS;

/** The template of every response that was not customised. */
export const DEFAULT_TEMPLATES: Readonly<Record<string, string>> = {
  "application/json": '{"message":$context.error.messageString}',
};

/**
 * The response that applies for a type: its own, else the customised `DEFAULT_4XX` or `DEFAULT_5XX` of its class, else AWS's.
 */
export function effectiveGatewayResponse(
  customised: Readonly<Record<string, GatewayResponse>>,
  type: GatewayResponseTypeName,
): GatewayResponse {
  const own = customised[type];
  if (own !== undefined) {
    return own;
  }
  const status = GATEWAY_RESPONSE_STATUS[type];
  const fallback = status === undefined ? undefined : customised[status < "500" ? "DEFAULT_4XX" : "DEFAULT_5XX"];
  return {
    responseType: type,
    statusCode: fallback?.statusCode ?? status,
    responseParameters: fallback?.responseParameters ?? {},
    responseTemplates: fallback?.responseTemplates ?? { ...DEFAULT_TEMPLATES },
    defaultResponse: true,
  };
}
