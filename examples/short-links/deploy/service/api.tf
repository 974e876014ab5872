resource "aws_api_gateway_rest_api" "links" {
  name = "short-links-${var.stage}"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

# /health and /{slug} lead somewhere, /links and what is below it is for who makes links.
resource "aws_api_gateway_resource" "health" {
  rest_api_id = aws_api_gateway_rest_api.links.id
  parent_id   = aws_api_gateway_rest_api.links.root_resource_id
  path_part   = "health"
}

resource "aws_api_gateway_resource" "any" {
  rest_api_id = aws_api_gateway_rest_api.links.id
  parent_id   = aws_api_gateway_rest_api.links.root_resource_id
  path_part   = "{proxy+}"
}

resource "aws_api_gateway_resource" "links" {
  rest_api_id = aws_api_gateway_rest_api.links.id
  parent_id   = aws_api_gateway_rest_api.links.root_resource_id
  path_part   = "links"
}

resource "aws_api_gateway_resource" "link" {
  rest_api_id = aws_api_gateway_rest_api.links.id
  parent_id   = aws_api_gateway_resource.links.id
  path_part   = "{proxy+}"
}

resource "aws_api_gateway_method" "health" {
  rest_api_id   = aws_api_gateway_rest_api.links.id
  resource_id   = aws_api_gateway_resource.health.id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_method" "any" {
  rest_api_id   = aws_api_gateway_rest_api.links.id
  resource_id   = aws_api_gateway_resource.any.id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_method" "links" {
  rest_api_id   = aws_api_gateway_rest_api.links.id
  resource_id   = aws_api_gateway_resource.links.id
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_method" "link" {
  rest_api_id   = aws_api_gateway_rest_api.links.id
  resource_id   = aws_api_gateway_resource.link.id
  http_method   = "ANY"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "health" {
  rest_api_id             = aws_api_gateway_rest_api.links.id
  resource_id             = aws_api_gateway_resource.health.id
  http_method             = aws_api_gateway_method.health.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.redirect.invoke_arn
}

resource "aws_api_gateway_integration" "any" {
  rest_api_id             = aws_api_gateway_rest_api.links.id
  resource_id             = aws_api_gateway_resource.any.id
  http_method             = aws_api_gateway_method.any.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.redirect.invoke_arn
}

resource "aws_api_gateway_integration" "links" {
  rest_api_id             = aws_api_gateway_rest_api.links.id
  resource_id             = aws_api_gateway_resource.links.id
  http_method             = aws_api_gateway_method.links.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.manage.invoke_arn
}

resource "aws_api_gateway_integration" "link" {
  rest_api_id             = aws_api_gateway_rest_api.links.id
  resource_id             = aws_api_gateway_resource.link.id
  http_method             = aws_api_gateway_method.link.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.manage.invoke_arn
}

resource "aws_api_gateway_deployment" "links" {
  rest_api_id = aws_api_gateway_rest_api.links.id

  triggers = {
    routes = sha1(join(",", [
      for each in [
        aws_api_gateway_integration.health,
        aws_api_gateway_integration.any,
        aws_api_gateway_integration.links,
        aws_api_gateway_integration.link,
      ] : "${each.resource_id} ${each.http_method} ${each.uri}"
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/apigateway/short-links-${var.stage}"
  retention_in_days = 30
}

resource "aws_api_gateway_stage" "links" {
  rest_api_id   = aws_api_gateway_rest_api.links.id
  deployment_id = aws_api_gateway_deployment.links.id
  stage_name    = var.stage

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      requestId = "$context.requestId"
      method    = "$context.httpMethod"
      path      = "$context.path"
      status    = "$context.status"
      latency   = "$context.responseLatency"
    })
  }
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.links.id
  stage_name  = aws_api_gateway_stage.links.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = var.requests_per_second
    throttling_burst_limit = 2 * var.requests_per_second
  }
}
