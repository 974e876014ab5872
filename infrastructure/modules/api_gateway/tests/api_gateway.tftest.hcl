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
  routes = {
    "/"           = ["GET"]
    "/items"      = ["GET", "POST"]
    "/items/{id}" = ["GET"]
    "/a/{proxy+}" = ["ANY"]
  }
}

run "builds_the_tree_of_resources" {
  command = plan

  assert {
    condition     = toset(keys(aws_api_gateway_resource.first_level)) == toset(["/items", "/a"])
    error_message = "Each first segment is one resource, also when only longer paths use it."
  }

  assert {
    condition     = { for path, resource in aws_api_gateway_resource.second_level : path => resource.path_part } == { "/items/{id}" = "{id}", "/a/{proxy+}" = "{proxy+}" }
    error_message = "Each second segment is one resource."
  }

  assert {
    condition     = toset(keys(aws_api_gateway_method.this)) == toset(["GET /", "GET /items", "POST /items", "GET /items/{id}", "ANY /a/{proxy+}"])
    error_message = "Each route and method is one method."
  }

  assert {
    condition     = alltrue([for integration in aws_api_gateway_integration.lambda : integration.type == "AWS_PROXY" && integration.integration_http_method == "POST"])
    error_message = "Every method is passed to the function as it is."
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

  assert {
    condition = jsondecode(replace(aws_api_gateway_gateway_response.this["DEFAULT_4XX"].response_templates["application/json"], "$context.error.messageString", "\"a \\\"quoted\\\" word\"")) == {
      type = "about:blank", title = "Request refused", detail = "a \"quoted\" word", requestId = "$context.requestId"
    }
    error_message = "Error answers must be JSON whatever the gateway's message holds."
  }

  assert {
    condition     = alltrue([for response in aws_api_gateway_gateway_response.this : response.response_parameters["gatewayresponse.header.Content-Type"] == "'application/problem+json'"])
    error_message = "Error answers must be problem details."
  }
}

run "every_log_group_has_a_retention" {
  command = plan

  assert {
    condition     = aws_cloudwatch_log_group.access.retention_in_days == 90 && aws_cloudwatch_log_group.execution.retention_in_days == 90
    error_message = "The access log and the gateway's own log must be kept for a limited time."
  }
}

run "refuses_a_path_that_is_too_deep_and_limits_that_refuse_everybody" {
  command = plan

  variables {
    name                             = ""
    stage_name                       = "prod/v1"
    routes                           = { "/a/b/c" = ["GET"] }
    binary_media_types               = ["png"]
    lambda_invoke_arn                = "arn:aws:lambda:us-east-1:123456789012:function:f:live"
    integration_timeout_milliseconds = 30000
    cors_allow_origin                = "https://app.example.com/"
    throttling_rate_limit            = -1
    throttling_burst_limit           = -1
    execution_log_level              = "DEBUG"
    log_retention_in_days            = 31
  }

  expect_failures = [
    var.name, var.stage_name, var.routes, var.binary_media_types, var.lambda_invoke_arn, var.integration_timeout_milliseconds, var.cors_allow_origin,
    var.throttling_rate_limit, var.throttling_burst_limit, var.execution_log_level, var.log_retention_in_days,
  ]
}

run "refuses_an_unknown_method" {
  command = plan

  variables {
    routes = { "/items" = ["get"] }
  }

  expect_failures = [var.routes]
}
