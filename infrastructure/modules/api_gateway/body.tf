# The definition says what the API is; what is here says how it is served: by which function, who is let in, and what the gateway
# answers by itself.
locals {
  document   = jsondecode(var.definition)
  operations = ["get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"]

  # Browsers send no credentials with a preflight request.
  preflight = "options"

  # Operations whose `security` is the empty list, which is more than none: OpenAPI's way of saying that nobody is to be asked.
  open = flatten([
    for path, item in local.document.paths : [
      for key, operation in item : "${key} ${path}" if contains(local.operations, key) && try(length(operation.security) == 0, false)
    ]
  ])

  integration = {
    type            = "aws_proxy"
    httpMethod      = "POST" # Lambda is invoked by POST, whatever the client's method.
    uri             = var.lambda_invoke_arn
    timeoutInMillis = var.integration_timeout_milliseconds
  }

  # Objects of different types cannot be alternatives of one condition: each part comes as a map that is empty where it is not meant.
  paths = {
    for path, item in local.document.paths : path => merge(
      { for key, part in item : key => part if !contains(local.operations, key) },
      {
        for key, operation in item : key => merge(
          { for name, value in operation : name => value if name != "security" || (var.authorizer != null && !contains(local.open, "${key} ${path}")) },
          { "x-amazon-apigateway-integration" = local.integration },
          { for name, value in local.validated : name => value if can(operation.requestBody) },
          { for name, value in local.signed : name => value if contains(var.iam_paths, path) && key != local.preflight && !contains(local.open, "${key} ${path}") },
        ) if contains(local.operations, key)
      },
    ) if !contains(var.dropped_paths, path)
  }

  validated = { "x-amazon-apigateway-request-validator" = "body-and-parameters" }
  signed    = { "x-amazon-apigateway-auth" = { type = "AWS_IAM" }, security = [{ sigv4 = [] }] }

  # As API Gateway exports them.
  security_schemes = merge(
    { for name, scheme in try(local.document.components.securitySchemes, {}) : name => scheme if name != "jwt" },
    {
      for authorizer in var.authorizer[*] : "jwt" => {
        type                           = "apiKey"
        name                           = "Authorization"
        in                             = "header"
        "x-amazon-apigateway-authtype" = "custom"
        "x-amazon-apigateway-authorizer" = {
          type                         = "token"
          authorizerUri                = authorizer.invoke_arn
          authorizerResultTtlInSeconds = authorizer.result_ttl_in_seconds
          identityValidationExpression = authorizer.identity_validation_expression
        }
      }
    },
    {
      for authtype in length(var.iam_paths) > 0 ? ["awsSigv4"] : [] : "sigv4" => {
        type                           = "apiKey"
        name                           = "Authorization"
        in                             = "header"
        "x-amazon-apigateway-authtype" = authtype
      }
    },
  )

  body = jsonencode(merge(
    local.document,
    {
      info                                     = merge(local.document.info, { title = var.name, description = var.description })
      paths                                    = local.paths
      components                               = merge(try(local.document.components, {}), { securitySchemes = local.security_schemes })
      "x-amazon-apigateway-request-validators" = { "body-and-parameters" = { validateRequestBody = true, validateRequestParameters = true } }
      "x-amazon-apigateway-gateway-responses"  = local.gateway_responses
      "x-amazon-apigateway-binary-media-types" = var.binary_media_types
    },
  ))
}
