# What clients get when the gateway answers without the function: problem details (RFC 9457), like the function's own
# errors, and readable by scripts of other origins. The templates know substitution only, no conditions; the status is
# written down where a type has exactly one.
locals {
  gateway_responses = {
    DEFAULT_4XX = {
      status  = null
      body    = { type = "about:blank", title = "Request refused", detail = "$context.error.messageString", requestId = "$context.requestId" }
      headers = {}
    }
    DEFAULT_5XX = {
      status  = null
      body    = { type = "about:blank", title = "Internal error", detail = "The API could not answer the request.", requestId = "$context.requestId" }
      headers = {}
    }
    # The gateway's name for "no such path or method"; without authorizers it has no other cause, so 403 would mislead.
    MISSING_AUTHENTICATION_TOKEN = {
      status  = 404
      body    = { type = "about:blank", title = "Not Found", status = 404, detail = "The API has no such path, or not with this method.", requestId = "$context.requestId" }
      headers = {}
    }
    THROTTLED = {
      status  = 429
      body    = { type = "about:blank", title = "Too Many Requests", status = 429, detail = "The API receives more requests than it takes. Try again later.", requestId = "$context.requestId" }
      headers = { "Retry-After" = "1" }
    }
    INTEGRATION_TIMEOUT = {
      status  = 504
      body    = { type = "about:blank", title = "Gateway Timeout", status = 504, detail = "The answer took too long. The request may have been carried out all the same.", requestId = "$context.requestId" }
      headers = {}
    }
  }
}

resource "aws_api_gateway_gateway_response" "this" {
  for_each = local.gateway_responses

  rest_api_id   = aws_api_gateway_rest_api.this.id
  response_type = each.key
  status_code   = each.value.status == null ? null : tostring(each.value.status)

  # messageString comes with its quotes, escaped as JSON, so those that jsonencode writes around it have to go.
  # Keyed by application/json, the type that the gateway takes whatever the client accepts; the header names the true type.
  response_templates = {
    "application/json" = replace(jsonencode(each.value.body), "\"$context.error.messageString\"", "$context.error.messageString")
  }

  response_parameters = {
    for header, value in merge(each.value.headers, {
      "Access-Control-Allow-Origin" = var.cors_allow_origin
      "Cache-Control"               = "no-store"
      "Content-Type"                = "application/problem+json"
    }) : "gatewayresponse.header.${header}" => "'${value}'"
  }
}
