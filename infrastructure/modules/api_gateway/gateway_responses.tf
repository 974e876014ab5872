# What clients get when the gateway answers without the function: problem details (RFC 9457), like the function's own
# errors, and readable by scripts of other origins. The templates know substitution only, no conditions; the status is
# written down where a type has exactly one. They are part of the body: an import that overwrites deletes all others.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
locals {
  # The gateway's name for "no such path or method" and, where methods want signed requests, for one without a signature. It cannot tell
  # them apart, and neither can who asks: 404 for both, because 403 would send people looking for a login that most of the API has not.
  no_such_method = length(var.iam_paths) == 0 ? "The API has no such path, or not with this method." : "The API has no such path, or not with this method, or not for requests that are not signed (Signature Version 4)."

  problems = {
    DEFAULT_4XX = { status = null, kind = "request-refused", title = "The request was refused", detail = "$context.error.messageString" }
    DEFAULT_5XX = { status = null, kind = "internal-error", title = "Internal error", detail = "The API could not answer the request." }

    BAD_REQUEST_BODY       = { status = 400, kind = "invalid-request", title = "The request is not valid", detail = "The body does not fit: $context.error.validationErrorString" }
    BAD_REQUEST_PARAMETERS = { status = 400, kind = "invalid-request", title = "The request is not valid", detail = "$context.error.messageString" }

    UNAUTHORIZED      = { status = 401, kind = "unauthorized", title = "Authentication is needed", detail = "Send a valid token: Authorization: Bearer TOKEN." }
    ACCESS_DENIED     = { status = 403, kind = "forbidden", title = "Not allowed", detail = "Who sent the request may not do this." }
    EXPIRED_TOKEN     = { status = 403, kind = "forbidden", title = "Not allowed", detail = "The credentials that the request is signed with have expired." }
    INVALID_SIGNATURE = { status = 403, kind = "forbidden", title = "Not allowed", detail = "The signature of the request is not valid." }
    INVALID_API_KEY   = { status = 403, kind = "forbidden", title = "Not allowed", detail = "The API key is missing, or not valid for this API." }
    WAF_FILTERED      = { status = 403, kind = "forbidden", title = "Not allowed", detail = "The request was filtered out." }

    MISSING_AUTHENTICATION_TOKEN = { status = 404, kind = "not-found", title = "Not found", detail = local.no_such_method }
    RESOURCE_NOT_FOUND           = { status = 404, kind = "not-found", title = "Not found", detail = local.no_such_method }
    REQUEST_TOO_LARGE            = { status = 413, kind = "body-too-large", title = "The request body is too large", detail = "The request is larger than the API takes." }
    UNSUPPORTED_MEDIA_TYPE       = { status = 415, kind = "unsupported-media-type", title = "Unsupported media type", detail = "The API does not take bodies of this media type." }
    QUOTA_EXCEEDED               = { status = 429, kind = "too-many-requests", title = "Too many requests", detail = "The quota of this API key is used up." }
    THROTTLED                    = { status = 429, kind = "too-many-requests", title = "Too many requests", detail = "The API receives more requests than it takes. Try again later." }

    API_CONFIGURATION_ERROR        = { status = 500, kind = "internal-error", title = "Internal error", detail = "The API could not answer the request." }
    AUTHORIZER_CONFIGURATION_ERROR = { status = 500, kind = "internal-error", title = "Internal error", detail = "The API could not find out who sent the request." }
    AUTHORIZER_FAILURE             = { status = 500, kind = "internal-error", title = "Internal error", detail = "The API could not find out who sent the request." }
    INTEGRATION_FAILURE            = { status = 503, kind = "temporarily-unavailable", title = "Temporarily unavailable", detail = "The API cannot answer at the moment. Try again later." }
    INTEGRATION_TIMEOUT            = { status = 504, kind = "timeout", title = "The answer took too long", detail = "The answer took too long. The request may have been carried out all the same." }
  }

  problem_headers = {
    UNAUTHORIZED        = { "WWW-Authenticate" = "Bearer" }
    THROTTLED           = { "Retry-After" = "1" }
    INTEGRATION_FAILURE = { "Retry-After" = "5" }
    INTEGRATION_TIMEOUT = { "Retry-After" = "5" }
  }

  gateway_responses = {
    for type, problem in local.problems : type => merge(
      { for name, status in { statusCode = problem.status } : name => tostring(status) if status != null },
      {
        # messageString comes with its quotes, escaped as JSON, so those that jsonencode writes around it have to go;
        # validationErrorString comes escaped, without quotes. Keyed by application/json, the type that the gateway takes whatever the
        # client accepts; the header names the true type.
        responseTemplates = {
          "application/json" = replace(jsonencode(merge(
            { for name, status in { status = problem.status } : name => status if status != null },
            { type = "${var.problem_type_prefix}${problem.kind}", title = problem.title, detail = problem.detail, requestId = "$context.requestId" },
          )), "\"$context.error.messageString\"", "$context.error.messageString")
        }

        responseParameters = {
          for header, value in merge(lookup(local.problem_headers, type, {}), {
            "Access-Control-Allow-Origin"   = var.cors_allow_origin
            "Access-Control-Expose-Headers" = "Retry-After, WWW-Authenticate"
            "Cache-Control"                 = "no-store"
            "Content-Type"                  = "application/problem+json"
          }) : "gatewayresponse.header.${header}" => "'${value}'"
        }
      },
    )
  }
}
