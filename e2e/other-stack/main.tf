# A stack that is nothing like the items API: what local AWS must be able to hold for another team.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
data "aws_partition" "current" {}

# --- a table with a sort key, a local and a global index, provisioned capacity and a key of its own

resource "aws_kms_key" "readings" {
  description             = "readings at rest"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  tags                    = { Team = "telemetry" }

  # CloudWatch Logs encrypts the log group with it, and may only where the key says so.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Action    = "kms:*"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Resource  = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Action    = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Principal = { Service = "logs.${data.aws_region.current.name}.amazonaws.com" }
        Resource  = "*"
      },
    ]
  })
}

resource "aws_kms_alias" "readings" {
  name          = "alias/telemetry/readings"
  target_key_id = aws_kms_key.readings.key_id
}

resource "aws_dynamodb_table" "readings" {
  name           = "telemetry_readings.v2"
  billing_mode   = "PROVISIONED"
  read_capacity  = 5
  write_capacity = 7
  hash_key       = "device"
  range_key      = "takenAt"
  table_class    = "STANDARD_INFREQUENT_ACCESS"

  attribute {
    name = "device"
    type = "S"
  }
  attribute {
    name = "takenAt"
    type = "N"
  }
  attribute {
    name = "site"
    type = "B"
  }

  local_secondary_index {
    name               = "by-site"
    range_key          = "site"
    projection_type    = "INCLUDE"
    non_key_attributes = ["value", "unit"]
  }

  global_secondary_index {
    name            = "site-first"
    hash_key        = "site"
    range_key       = "takenAt"
    projection_type = "KEYS_ONLY"
    read_capacity   = 1
    write_capacity  = 2
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.readings.arn
  }

  ttl {
    enabled        = true
    attribute_name = "forgetAfter"
  }
}

resource "aws_dynamodb_table_item" "first" {
  table_name = aws_dynamodb_table.readings.name
  hash_key   = aws_dynamodb_table.readings.hash_key
  range_key  = aws_dynamodb_table.readings.range_key
  item = jsonencode({
    device  = { S = "thermometer-1" }
    takenAt = { N = "1700000000" }
    site    = { B = "AAEC" }
    value   = { N = "21.5" }
  })
}

# --- two roles, one with a managed policy, a path and a boundary; a user with a key

data "aws_iam_policy_document" "assume_by_lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_policy" "boundary" {
  name        = "telemetry-boundary"
  path        = "/telemetry/"
  description = "the most that anything of telemetry may do"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Most", Effect = "Allow", Action = ["dynamodb:*", "logs:*", "kms:*", "sns:Publish", "xray:Put*"], Resource = "*" },
      { Sid = "ButNever", Effect = "Deny", Action = "dynamodb:DeleteTable", Resource = "*" },
    ]
  })
}

resource "aws_iam_role" "collector" {
  name                 = "telemetry-collector"
  path                 = "/telemetry/"
  assume_role_policy   = data.aws_iam_policy_document.assume_by_lambda.json
  permissions_boundary = aws_iam_policy.boundary.arn
  max_session_duration = 7200
  tags                 = { Team = "telemetry", Purpose = "a&b <c>" }
}

resource "aws_iam_role_policy_attachment" "collector_logs" {
  role       = aws_iam_role.collector.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy" "collector_table" {
  name = "write-readings"
  role = aws_iam_role.collector.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["dynamodb:PutItem", "dynamodb:GetItem"], Resource = aws_dynamodb_table.readings.arn },
      { Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = aws_kms_key.readings.arn },
      # Lambda refuses a dead-letter target and tracing that the role may not use.
      { Effect = "Allow", Action = ["sns:Publish"], Resource = aws_sns_topic.trouble.arn },
      { Effect = "Allow", Action = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource = "*" },
    ]
  })
}

resource "aws_iam_openid_connect_provider" "github" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
  tags            = { Purpose = "pipelines" }
}

resource "aws_iam_role" "pipeline" {
  name = "telemetry-pipeline"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
        StringLike   = { "token.actions.githubusercontent.com:sub" = "repo:example/telemetry:*" }
      }
    }]
  })
}

resource "aws_iam_user" "robot" {
  name = "telemetry.robot@example.com"
  path = "/robots/"
}

resource "aws_iam_access_key" "robot" {
  user = aws_iam_user.robot.name
}

# --- an arm64 function from a bucket, with a split alias, its own log group, tracing, limits and asynchronous rules

resource "aws_s3_bucket" "code" {
  bucket        = "telemetry-code-example"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "code" {
  bucket = aws_s3_bucket.code.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "code" {
  depends_on = [aws_s3_bucket_versioning.code]
  bucket     = aws_s3_bucket.code.id

  rule {
    id     = "old-code"
    status = "Enabled"
    filter {
      and {
        prefix = "functions/"
        tags   = { Kind = "code" }
      }
    }
    noncurrent_version_expiration {
      noncurrent_days           = 30
      newer_noncurrent_versions = 3
    }
  }
  rule {
    id     = "logs"
    status = "Disabled"
    filter {
      prefix = "logs/"
    }
    transition {
      days          = 60
      storage_class = "GLACIER"
    }
    expiration {
      days = 365
    }
  }
}

resource "aws_s3_object" "code" {
  depends_on  = [aws_s3_bucket_versioning.code]
  bucket      = aws_s3_bucket.code.id
  key         = "functions/collector.zip"
  source      = var.code_file
  source_hash = filemd5(var.code_file)
  tags        = { Kind = "code" }
  metadata    = { built-by = "test" }
}

resource "aws_cloudwatch_log_group" "collector" {
  name              = "/telemetry/collector"
  retention_in_days = 14
  kms_key_id        = aws_kms_key.readings.arn
}

resource "aws_lambda_function" "collector" {
  depends_on                     = [aws_iam_role_policy.collector_table, aws_iam_role_policy_attachment.collector_logs]
  function_name                  = "telemetry-collector"
  description                    = "collects"
  role                           = aws_iam_role.collector.arn
  s3_bucket                      = aws_s3_object.code.bucket
  s3_key                         = aws_s3_object.code.key
  s3_object_version              = aws_s3_object.code.version_id
  handler                        = "collector.collect"
  runtime                        = "nodejs22.x"
  architectures                  = ["arm64"]
  memory_size                    = 256
  timeout                        = 5
  reserved_concurrent_executions = 10
  publish                        = true

  environment {
    variables = { TABLE = aws_dynamodb_table.readings.name, EMPTY = "" }
  }
  ephemeral_storage {
    size = 1024
  }
  tracing_config {
    mode = "Active"
  }
  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "WARN"
    log_group             = aws_cloudwatch_log_group.collector.name
  }
  dead_letter_config {
    target_arn = aws_sns_topic.trouble.arn
  }
}

resource "aws_lambda_alias" "stable" {
  name             = "stable"
  function_name    = aws_lambda_function.collector.function_name
  function_version = aws_lambda_function.collector.version
}

resource "aws_lambda_function_event_invoke_config" "collector" {
  function_name                = aws_lambda_function.collector.function_name
  qualifier                    = aws_lambda_alias.stable.name
  maximum_retry_attempts       = 1
  maximum_event_age_in_seconds = 120
}

resource "aws_lambda_permission" "gateway" {
  statement_id  = "AllowGateway"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.collector.function_name
  qualifier     = aws_lambda_alias.stable.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.telemetry.execution_arn}/*/*"
}

# --- an API of one greedy path behind a key and a plan, with a mock for preflights

resource "aws_api_gateway_rest_api" "telemetry" {
  name               = "telemetry"
  description        = "everything under one path"
  binary_media_types = ["application/octet-stream"]
  endpoint_configuration {
    types = ["EDGE"]
  }
}

resource "aws_api_gateway_resource" "proxy" {
  rest_api_id = aws_api_gateway_rest_api.telemetry.id
  parent_id   = aws_api_gateway_rest_api.telemetry.root_resource_id
  path_part   = "{proxy+}"
}

resource "aws_api_gateway_method" "any" {
  rest_api_id      = aws_api_gateway_rest_api.telemetry.id
  resource_id      = aws_api_gateway_resource.proxy.id
  http_method      = "ANY"
  authorization    = "NONE"
  api_key_required = true
  request_parameters = {
    "method.request.path.proxy"         = true
    "method.request.header.X-Device-Id" = false
  }
}

resource "aws_api_gateway_integration" "any" {
  rest_api_id             = aws_api_gateway_rest_api.telemetry.id
  resource_id             = aws_api_gateway_resource.proxy.id
  http_method             = aws_api_gateway_method.any.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.stable.invoke_arn
  timeout_milliseconds    = 6000
}

resource "aws_api_gateway_method" "preflight" {
  rest_api_id   = aws_api_gateway_rest_api.telemetry.id
  resource_id   = aws_api_gateway_resource.proxy.id
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "preflight" {
  rest_api_id       = aws_api_gateway_rest_api.telemetry.id
  resource_id       = aws_api_gateway_resource.proxy.id
  http_method       = aws_api_gateway_method.preflight.http_method
  type              = "MOCK"
  request_templates = { "application/json" = jsonencode({ statusCode = 204 }) }
}

resource "aws_api_gateway_method_response" "preflight" {
  rest_api_id         = aws_api_gateway_rest_api.telemetry.id
  resource_id         = aws_api_gateway_resource.proxy.id
  http_method         = aws_api_gateway_method.preflight.http_method
  status_code         = "204"
  response_parameters = { "method.response.header.Access-Control-Allow-Origin" = true }
}

resource "aws_api_gateway_integration_response" "preflight" {
  depends_on          = [aws_api_gateway_integration.preflight]
  rest_api_id         = aws_api_gateway_rest_api.telemetry.id
  resource_id         = aws_api_gateway_resource.proxy.id
  http_method         = aws_api_gateway_method.preflight.http_method
  status_code         = aws_api_gateway_method_response.preflight.status_code
  response_parameters = { "method.response.header.Access-Control-Allow-Origin" = "'*'" }
}

resource "aws_api_gateway_gateway_response" "throttled" {
  rest_api_id         = aws_api_gateway_rest_api.telemetry.id
  response_type       = "THROTTLED"
  status_code         = "429"
  response_templates  = { "application/json" = "{\"slow\":$context.error.messageString}" }
  response_parameters = { "gatewayresponse.header.Retry-After" = "'1'" }
}

resource "aws_api_gateway_deployment" "telemetry" {
  depends_on  = [aws_api_gateway_integration.any, aws_api_gateway_integration_response.preflight]
  rest_api_id = aws_api_gateway_rest_api.telemetry.id
  triggers    = { any = aws_api_gateway_integration.any.uri }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "v2" {
  rest_api_id   = aws_api_gateway_rest_api.telemetry.id
  deployment_id = aws_api_gateway_deployment.telemetry.id
  stage_name    = "v2"
  variables     = { colour = var.colour, empty = "" }
  tags          = { Team = "telemetry" }
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.telemetry.id
  stage_name  = aws_api_gateway_stage.v2.stage_name
  method_path = "*/*"
  settings {
    metrics_enabled        = true
    throttling_rate_limit  = 20
    throttling_burst_limit = 40
  }
}

resource "aws_api_gateway_usage_plan" "basic" {
  name = "basic"
  api_stages {
    api_id = aws_api_gateway_rest_api.telemetry.id
    stage  = aws_api_gateway_stage.v2.stage_name
  }
  quota_settings {
    limit  = 1000
    period = "DAY"
  }
  throttle_settings {
    rate_limit  = 10
    burst_limit = 20
  }
}

resource "aws_api_gateway_api_key" "device" {
  name = "device"
}

resource "aws_api_gateway_usage_plan_key" "device" {
  key_id        = aws_api_gateway_api_key.device.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.basic.id
}

# --- eyes and a voice

resource "aws_cloudwatch_log_metric_filter" "lost" {
  name           = "readings-lost"
  log_group_name = aws_cloudwatch_log_group.collector.name
  pattern        = "{ $.message = \"lost\" && $.count >= 1 }"
  metric_transformation {
    name          = "Lost"
    namespace     = "Telemetry"
    value         = "$.count"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_sns_topic" "trouble" {
  name         = "telemetry-trouble"
  display_name = "Telemetry"
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn     = aws_sns_topic.trouble.arn
  protocol      = "email"
  endpoint      = "on-call@example.com"
  filter_policy = jsonencode({ severity = ["high"] })
}

resource "aws_cloudwatch_metric_alarm" "lost" {
  alarm_name          = "telemetry-lost"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  metric_name         = "Lost"
  namespace           = "Telemetry"
  period              = 60
  statistic           = "Sum"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.trouble.arn]
  ok_actions          = [aws_sns_topic.trouble.arn]
}

resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name                            = "telemetry-slow"
  comparison_operator                   = "GreaterThanThreshold"
  evaluation_periods                    = 1
  metric_name                           = "Duration"
  namespace                             = "AWS/Lambda"
  dimensions                            = { FunctionName = aws_lambda_function.collector.function_name }
  period                                = 300
  extended_statistic                    = "p99"
  evaluate_low_sample_count_percentiles = "ignore"
  threshold                             = 4000
}

variable "colour" {
  description = "A stage variable that the function answers with."
  type        = string
  default     = "blue"
}

variable "code_file" {
  description = "Path of the function's zip."
  type        = string
}

output "api_id" {
  value = aws_api_gateway_rest_api.telemetry.id
}

output "api_key" {
  value     = aws_api_gateway_api_key.device.value
  sensitive = true
}

output "account" {
  value = "${data.aws_caller_identity.current.account_id}/${data.aws_region.current.name}"
}

output "table" {
  value = aws_dynamodb_table.readings.name
}
