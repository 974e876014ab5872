# Plans only: the real provider checks every value, and no API is called.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "not-used"
  secret_key                  = "not-used"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

variables {
  name                   = "items-api-test"
  description            = "Test"
  stage_name             = "test"
  lambda_invoke_arn      = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f:live/invocations"
  throttling_rate_limit  = 100
  throttling_burst_limit = 200
  problem_type_prefix    = "urn:test:problem:"

  definition = <<-JSON
    {
      "openapi": "3.0.1",
      "info": { "title": "Test", "version": "1.0.0" },
      "paths": {
        "/": { "get": { "responses": { "200": { "description": "ok" } } } },
        "/items": {
          "parameters": [{ "name": "X-Tenant", "in": "header", "required": true, "schema": { "type": "string" } }],
          "get": { "security": [{ "jwt": [] }], "responses": { "200": { "description": "ok" } } },
          "post": {
            "security": [{ "jwt": [] }],
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Item" } } } },
            "responses": { "201": { "description": "created" } }
          },
          "options": { "responses": { "204": { "description": "ok" } } }
        },
        "/items/{id}/parts/{proxy+}": { "x-amazon-apigateway-any-method": { "responses": { "200": { "description": "ok" } } } },
        "/inside": {
          "get": { "responses": { "200": { "description": "ok" } } },
          "options": { "responses": { "204": { "description": "ok" } } },
          "x-amazon-apigateway-any-method": { "security": [], "responses": { "405": { "description": "no such method" } } }
        },
        "/inside/{proxy+}": { "x-amazon-apigateway-any-method": { "responses": { "200": { "description": "ok" } } } }
      },
      "components": { "schemas": { "Item": { "type": "object", "required": ["name"] } } }
    }
  JSON
}

run "serves_every_operation_of_the_definition_by_the_function" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for item in values(jsondecode(aws_api_gateway_rest_api.this.body).paths) : [
        for key, operation in item : operation["x-amazon-apigateway-integration"] == {
          type = "aws_proxy", httpMethod = "POST", uri = var.lambda_invoke_arn, timeoutInMillis = 29000
        } if key != "parameters"
      ]
    ]))
    error_message = "Every operation, preflight too, is passed to the function as it is."
  }

  assert {
    condition = (
      { for path, item in jsondecode(aws_api_gateway_rest_api.this.body).paths : path => keys(item) } ==
      { for path, item in jsondecode(var.definition).paths : path => keys(item) }
    )
    error_message = "The body has the paths and operations of the definition, and what paths have beside them."
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).components.schemas == jsondecode(var.definition).components.schemas
    error_message = "The body has the schemas of the definition."
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body).info == { title = var.name, description = var.description, version = "1.0.0" }
    error_message = "The import must give the API the name that Terraform gives it."
  }

  assert {
    condition     = aws_api_gateway_rest_api.this.fail_on_warnings
    error_message = "What the gateway cannot use must not be left out in silence."
  }
}

run "validates_requests_with_a_body" {
  command = plan

  assert {
    condition = jsondecode(aws_api_gateway_rest_api.this.body)["x-amazon-apigateway-request-validators"] == {
      "body-and-parameters" = { validateRequestBody = true, validateRequestParameters = true }
    }
    error_message = "There is one validator, of body and parameters."
  }

  assert {
    condition = toset(flatten([
      for path, item in jsondecode(aws_api_gateway_rest_api.this.body).paths : [
        for key, operation in item : "${key} ${path}" if try(operation["x-amazon-apigateway-request-validator"], "") == "body-and-parameters"
      ]
    ])) == toset(["post /items"])
    error_message = "Operations with a body are validated, and no others."
  }
}

run "without_an_authorizer_nobody_is_asked" {
  command = plan

  assert {
    condition     = !strcontains(aws_api_gateway_rest_api.this.body, "\"security\"") && jsondecode(aws_api_gateway_rest_api.this.body).components.securitySchemes == {}
    error_message = "Without an authorizer no operation may ask for what nobody can give."
  }
}

run "with_an_authorizer_operations_with_security_need_a_token" {
  command = plan

  variables {
    authorizer = { invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:a:live/invocations" }
  }

  assert {
    condition = toset(flatten([
      for path, item in jsondecode(aws_api_gateway_rest_api.this.body).paths : [
        for key, operation in item : "${key} ${path}" if try(operation.security, null) == [{ jwt = [] }]
      ]
    ])) == toset(["get /items", "post /items"])
    error_message = "Operations with security need a token, and no others."
  }

  assert {
    condition     = !can(jsondecode(aws_api_gateway_rest_api.this.body).paths["/inside"]["x-amazon-apigateway-any-method"].security)
    error_message = "An empty security says that nobody is asked: to the module, and not to the gateway, which asks nobody anyway."
  }

  assert {
    condition = jsondecode(aws_api_gateway_rest_api.this.body).components.securitySchemes == {
      jwt = {
        type                           = "apiKey"
        name                           = "Authorization"
        in                             = "header"
        "x-amazon-apigateway-authtype" = "custom"
        "x-amazon-apigateway-authorizer" = {
          type                         = "token"
          authorizerUri                = var.authorizer.invoke_arn
          authorizerResultTtlInSeconds = 60
          identityValidationExpression = var.authorizer.identity_validation_expression
        }
      }
    }
    error_message = "The scheme is the authorizer, whose answers count for a minute."
  }

  assert {
    condition = (
      can(regex(var.authorizer.identity_validation_expression, "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl")) &&
      can(regex(var.authorizer.identity_validation_expression, "bearer a.b.c")) &&
      !can(regex(var.authorizer.identity_validation_expression, "Bearer a.b")) &&
      !can(regex(var.authorizer.identity_validation_expression, "Basic dXNlcjpwYXNzd29yZA=="))
    )
    error_message = "The authorizer is asked about what can be a token, and about nothing else."
  }
}

run "paths_can_take_signed_requests_only" {
  command = plan

  variables {
    iam_paths = ["/inside", "/inside/{proxy+}"]
  }

  assert {
    condition = (
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/inside"].get["x-amazon-apigateway-auth"] == { type = "AWS_IAM" } &&
      jsondecode(aws_api_gateway_rest_api.this.body).paths["/inside"].get.security == [{ sigv4 = [] }] &&
      jsondecode(aws_api_gateway_rest_api.this.body).components.securitySchemes.sigv4["x-amazon-apigateway-authtype"] == "awsSigv4"
    )
    error_message = "A path of iam_paths must be closed to everybody whom IAM does not allow it."
  }

  assert {
    condition = toset(flatten([
      for path, item in jsondecode(aws_api_gateway_rest_api.this.body).paths : [
        for key, operation in item : "${key} ${path}" if can(operation["x-amazon-apigateway-auth"])
      ]
    ])) == toset(["get /inside", "x-amazon-apigateway-any-method /inside/{proxy+}"])
    error_message = "Other paths, and of these what is a preflight or has an empty security, stay as they are; ANY without one is closed like any method."
  }

  assert {
    condition     = strcontains(jsondecode(local.gateway_responses.MISSING_AUTHENTICATION_TOKEN.responseTemplates["application/json"]).detail, "signed")
    error_message = "Who forgot to sign must get a hint."
  }
}

run "paths_can_be_left_out" {
  command = plan

  variables {
    dropped_paths = ["/inside"]
  }

  assert {
    condition     = toset(keys(jsondecode(aws_api_gateway_rest_api.this.body).paths)) == toset(["/", "/items", "/items/{id}/parts/{proxy+}", "/inside/{proxy+}"])
    error_message = "A path of dropped_paths is not there."
  }
}

run "answers_errors_of_its_own_as_problem_details" {
  command = plan

  # What the gateway puts in the place of its variables; messageString has its quotes with it.
  assert {
    condition = alltrue([
      for response in values(jsondecode(aws_api_gateway_rest_api.this.body)["x-amazon-apigateway-gateway-responses"]) : can(regex(
        "^urn:test:problem:[a-z-]+ .+ .+ \\$context\\.requestId$",
        join(" ", [for member in ["type", "title", "detail", "requestId"] : jsondecode(replace(response.responseTemplates["application/json"], "$context.error.messageString", "\"a \\\"quoted\\\" word\""))[member]]),
      ))
    ])
    error_message = "Error answers must be JSON with type, title, detail and requestId, whatever the gateway's message holds."
  }

  assert {
    condition = alltrue([
      for response in values(jsondecode(aws_api_gateway_rest_api.this.body)["x-amazon-apigateway-gateway-responses"]) :
      try(response.statusCode, "") == try(tostring(jsondecode(replace(response.responseTemplates["application/json"], "$context.error.messageString", "\"\"")).status), "")
    ])
    error_message = "The status in the answer must be the answer's."
  }

  assert {
    condition = alltrue([
      for response in values(jsondecode(aws_api_gateway_rest_api.this.body)["x-amazon-apigateway-gateway-responses"]) : (
        response.responseParameters["gatewayresponse.header.Content-Type"] == "'application/problem+json'" &&
        response.responseParameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'" &&
        response.responseParameters["gatewayresponse.header.Cache-Control"] == "'no-store'"
      )
    ])
    error_message = "Error answers must be problem details that scripts can read and nobody keeps."
  }

  assert {
    condition = {
      for type, response in jsondecode(aws_api_gateway_rest_api.this.body)["x-amazon-apigateway-gateway-responses"] : type => [
        for header in ["Retry-After", "WWW-Authenticate"] : response.responseParameters["gatewayresponse.header.${header}"]
        if can(response.responseParameters["gatewayresponse.header.${header}"])
      ] if anytrue([for header in ["Retry-After", "WWW-Authenticate"] : can(response.responseParameters["gatewayresponse.header.${header}"])])
    } == { UNAUTHORIZED = ["'Bearer'"], THROTTLED = ["'1'"], INTEGRATION_FAILURE = ["'5'"], INTEGRATION_TIMEOUT = ["'5'"] }
    error_message = "Who may try again must be told when, and who has no token which one is needed."
  }
}

run "the_deployment_follows_everything_in_the_body" {
  command = plan

  variables {
    binary_media_types = ["image/png"]
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.this.body)["x-amazon-apigateway-binary-media-types"] == ["image/png"]
    error_message = "The import must not take away what the argument says."
  }

  assert {
    condition     = aws_api_gateway_deployment.this.triggers.definition == sha256(aws_api_gateway_rest_api.this.body)
    error_message = "Whatever changes in the body must come into a new deployment."
  }
}

run "defaults_are_safe" {
  command = plan

  assert {
    condition     = aws_api_gateway_stage.this.xray_tracing_enabled && jsondecode(one(aws_api_gateway_stage.this.access_log_settings).format).requestId == "$context.requestId"
    error_message = "The stage must write access logs and traces."
  }

  assert {
    condition     = one(aws_api_gateway_method_settings.all.settings).throttling_rate_limit == 100 && one(aws_api_gateway_method_settings.all.settings).data_trace_enabled == false
    error_message = "The stage must be throttled, and must not log bodies."
  }
}

run "every_log_group_has_a_retention" {
  command = plan

  assert {
    condition     = aws_cloudwatch_log_group.access.retention_in_days == 90 && aws_cloudwatch_log_group.execution.retention_in_days == 90
    error_message = "The access log and the gateway's own log must be kept for a limited time."
  }
}

run "refuses_limits_that_refuse_everybody_and_names_that_are_none" {
  command = plan

  variables {
    name                             = ""
    stage_name                       = "prod/v1"
    definition                       = "openapi: 3.0.1"
    binary_media_types               = ["png"]
    lambda_invoke_arn                = "arn:aws:lambda:us-east-1:123456789012:function:f:live"
    authorizer                       = { invoke_arn = "arn:aws:lambda:us-east-1:123456789012:function:a:live", result_ttl_in_seconds = 3601 }
    integration_timeout_milliseconds = 30000
    cors_allow_origin                = "https://app.example.com/"
    problem_type_prefix              = "problems"
    throttling_rate_limit            = -1
    throttling_burst_limit           = -1
    execution_log_level              = "DEBUG"
    log_retention_in_days            = 31
  }

  expect_failures = [
    var.name, var.stage_name, var.definition, var.binary_media_types, var.lambda_invoke_arn, var.authorizer, var.integration_timeout_milliseconds,
    var.cors_allow_origin, var.problem_type_prefix, var.throttling_rate_limit, var.throttling_burst_limit, var.execution_log_level,
    var.log_retention_in_days,
  ]
}

run "refuses_openapi_3_1" {
  command = plan

  variables {
    definition = "{\"openapi\":\"3.1.0\",\"info\":{\"version\":\"1\"},\"paths\":{\"/\":{\"get\":{}}}}"
  }

  expect_failures = [var.definition]
}

run "refuses_a_path_with_a_slash_at_the_end" {
  command = plan

  variables {
    definition = "{\"openapi\":\"3.0.1\",\"info\":{\"version\":\"1\"},\"paths\":{\"/items/\":{\"get\":{}}}}"
  }

  expect_failures = [var.definition]
}

run "refuses_a_security_scheme_that_would_let_everybody_in" {
  command = plan

  variables {
    definition = "{\"openapi\":\"3.0.1\",\"info\":{\"version\":\"1\"},\"paths\":{\"/\":{\"get\":{\"security\":[{\"oauth\":[]}]}}}}"
  }

  expect_failures = [var.definition]
}

run "refuses_security_for_the_whole_document" {
  command = plan

  variables {
    definition = "{\"openapi\":\"3.0.1\",\"info\":{\"version\":\"1\"},\"security\":[{\"jwt\":[]}],\"paths\":{\"/\":{\"get\":{}}}}"
  }

  expect_failures = [var.definition]
}

run "refuses_to_protect_a_path_that_is_not_there" {
  command = plan

  variables {
    iam_paths = ["/outside"]
  }

  expect_failures = [aws_api_gateway_rest_api.this]
}
