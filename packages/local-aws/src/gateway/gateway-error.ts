import { GATEWAY_RESPONSE_STATUS, type GatewayResponseTypeName } from "./gateway-response-types.ts";

/** What API Gateway puts into `x-amzn-ErrorType` for each type of gateway response. */
const ERROR_TYPE: Record<GatewayResponseTypeName, string> = {
  ACCESS_DENIED: "AccessDeniedException",
  API_CONFIGURATION_ERROR: "InternalServerErrorException",
  AUTHORIZER_CONFIGURATION_ERROR: "AuthorizerConfigurationException",
  AUTHORIZER_FAILURE: "AuthorizerFailureException",
  BAD_REQUEST_BODY: "BadRequestException",
  BAD_REQUEST_PARAMETERS: "BadRequestException",
  DEFAULT_4XX: "BadRequestException",
  DEFAULT_5XX: "InternalServerErrorException",
  EXPIRED_TOKEN: "ExpiredTokenException",
  INTEGRATION_FAILURE: "InternalServerErrorException",
  INTEGRATION_TIMEOUT: "InternalServerErrorException",
  INVALID_API_KEY: "ForbiddenException",
  INVALID_SIGNATURE: "InvalidSignatureException",
  MISSING_AUTHENTICATION_TOKEN: "MissingAuthenticationTokenException",
  QUOTA_EXCEEDED: "LimitExceededException",
  REQUEST_TOO_LARGE: "RequestTooLargeException",
  RESOURCE_NOT_FOUND: "NotFoundException",
  THROTTLED: "TooManyRequestsException",
  UNAUTHORIZED: "UnauthorizedException",
  UNSUPPORTED_MEDIA_TYPE: "BadRequestException",
  WAF_FILTERED: "ForbiddenException",
};

/** What a {@link GatewayError} may carry beside its type and message. */
export interface GatewayErrorOptions {
  /** Where it is not the type's own. */
  readonly status?: number;
  /** `$context.error.validationErrorString`. */
  readonly validation?: string;
  /** What happened, for the execution log. */
  readonly reason?: string;
  /** `x-amzn-ErrorType`, where it is not the type's own. */
  readonly errorType?: string;
}

/**
 * A request that API Gateway answers by itself, with a gateway response.
 *
 * Source: Amazon API Gateway developer guide, "Gateway response types for API Gateway".
 */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly type: GatewayResponseTypeName;
  /** The text of `$context.error.message`; authorizers that fail have none. */
  readonly text: string | null;
  readonly status: number;
  readonly errorType: string;
  readonly validation: string | undefined;
  readonly reason: string | undefined;

  constructor(type: GatewayResponseTypeName, text: string | null, options: GatewayErrorOptions = {}) {
    super(text ?? type);
    this.type = type;
    this.text = text;
    this.status = options.status ?? Number(GATEWAY_RESPONSE_STATUS[type] ?? (type === "DEFAULT_4XX" ? 400 : 500));
    this.errorType = options.errorType ?? ERROR_TYPE[type];
    this.validation = options.validation;
    this.reason = options.reason;
  }
}
