# A deployment is a snapshot: the stage serves what the API was when the snapshot was taken. The trigger takes a new one
# whenever anything changes that is part of it, which is all in the body; so there is an import before each.
resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id

  triggers = {
    definition = sha256(local.body)
  }

  lifecycle {
    # A deployment that a stage points at cannot be deleted: the stage has to move to the new one first.
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/apigateway/${aws_api_gateway_rest_api.this.id}"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

# The gateway chooses this name, and creates the group without a retention when it is missing.
resource "aws_cloudwatch_log_group" "execution" {
  name              = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.this.id}/${var.stage_name}"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

resource "aws_api_gateway_stage" "this" {
  rest_api_id          = aws_api_gateway_rest_api.this.id
  deployment_id        = aws_api_gateway_deployment.this.id
  stage_name           = var.stage_name
  description          = var.description
  xray_tracing_enabled = var.tracing
  tags                 = var.tags

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn

    # Strings all: the gateway writes "-" for a value that a request does not have. No query strings and no headers but the
    # user agent: they can hold what should not be logged.
    format = jsonencode({
      requestId               = "$context.requestId"
      extendedRequestId       = "$context.extendedRequestId"
      traceId                 = "$context.xrayTraceId"
      requestTimeEpoch        = "$context.requestTimeEpoch"
      stage                   = "$context.stage"
      httpMethod              = "$context.httpMethod"
      path                    = "$context.path"
      resourcePath            = "$context.resourcePath"
      protocol                = "$context.protocol"
      status                  = "$context.status"
      responseLength          = "$context.responseLength"
      responseLatency         = "$context.responseLatency"
      integrationStatus       = "$context.integration.status"
      integrationLatency      = "$context.integration.latency"
      integrationRequestId    = "$context.integration.requestId"
      integrationErrorMessage = "$context.integrationErrorMessage"
      errorMessage            = "$context.error.message"
      errorType               = "$context.error.responseType"
      sourceIp                = "$context.identity.sourceIp"
      userAgent               = "$context.identity.userAgent"
    })
  }

  # The gateway creates the execution log group itself as soon as the stage logs; then Terraform could not.
  depends_on = [aws_cloudwatch_log_group.execution]
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = "*/*"

  settings {
    metrics_enabled        = true
    logging_level          = var.execution_log_level
    data_trace_enabled     = false # It logs whole requests and responses.
    throttling_rate_limit  = var.throttling_rate_limit
    throttling_burst_limit = var.throttling_burst_limit
  }
}
