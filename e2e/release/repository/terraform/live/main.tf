# A shop: two functions behind one API, a table, and an alarm. Small, so that a release of it takes seconds.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  backend "s3" {
    key          = "live/terraform.tfstate"
    use_lockfile = true
  }
}

provider "aws" {
  region = "us-east-1"
}

variable "greeting" {
  description = "What the functions greet with: a change of the infrastructure that takes a moment."
  type        = string
  default     = "hello"
}

variable "log_days" {
  description = "How many days logs are kept: a change of the infrastructure that is done at once."
  type        = number
  default     = 7
}

variable "orders_table" {
  description = "The table that the functions use. They have rights on one only."
  type        = string
  default     = "shop-orders"
}

variable "restored_table" {
  description = "Which table is in use since it was restored."
  type        = object({ name = string, former = optional(string) })
  default     = null
}

variable "password" {
  description = "One that the functions need."
  type        = string
  default     = ""
  sensitive   = true
}

variable "callback" {
  description = "An address that should have been called sensitive, and was not."
  type        = string
  default     = ""
}

variable "memory" {
  description = "MB of memory that each function has."
  type        = number
  default     = 192
}

variable "most_requests" {
  description = "How many requests a second the stage lets through; 0 lets none."
  type        = number
  default     = 5000
}

variable "rights" {
  description = "What the functions may do with the table."
  type        = list(string)
  default     = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
}

variable "indexes" {
  description = "Attributes that the table has an index by."
  type        = list(string)
  default     = ["what"]
}

variable "watched" {
  description = "Functions whose errors somebody is told of."
  type        = set(string)
  default     = ["orders", "stock"]
}

variable "archive" {
  description = "Names of further tables."
  type        = set(string)
  default     = []
}

locals {
  functions = toset(["orders", "stock"])

  integration = {
    for name in local.functions : name => {
      type                = "aws_proxy"
      httpMethod          = "POST"
      uri                 = aws_lambda_alias.live[name].invoke_arn
      passthroughBehavior = "when_no_match"
    }
  }
}

resource "aws_dynamodb_table" "orders" {
  name         = coalesce(try(var.restored_table.name, null), "shop-orders")
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  dynamic "attribute" {
    for_each = concat(["id"], var.indexes)

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.indexes

    content {
      name            = "by-${global_secondary_index.value}"
      hash_key        = global_secondary_index.value
      projection_type = "ALL"
    }
  }
}

resource "aws_dynamodb_table" "archive" {
  for_each = var.archive

  name         = "shop-orders-${each.key}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.functions

  name              = "/aws/lambda/shop-${each.key}"
  retention_in_days = var.log_days
}

resource "aws_iam_role" "functions" {
  name = "shop-functions"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "functions" {
  name = "work"
  role = aws_iam_role.functions.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = var.rights
        # A restored one, too: a restore widens no rights here.
        Resource = "arn:aws:dynamodb:us-east-1:*:table/shop-orders*"
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = [for group in aws_cloudwatch_log_group.this : "${group.arn}:*"]
      },
    ]
  })
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name = "shop-${each.key}"
  role          = aws_iam_role.functions.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "${path.module}/placeholder.zip"
  timeout       = 10
  memory_size   = var.memory
  publish       = true

  environment {
    variables = merge(
      { GREETING = var.greeting, TABLE = coalesce(try(var.restored_table.name, null), var.orders_table) },
      var.password == "" ? {} : { PASSWORD = var.password },
    )
  }

  lifecycle {
    ignore_changes = [filename, s3_bucket, s3_key, s3_object_version, source_code_hash]
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.functions]
}

resource "aws_lambda_alias" "live" {
  for_each = local.functions

  name             = "live"
  function_name    = aws_lambda_function.this[each.key].function_name
  function_version = aws_lambda_function.this[each.key].version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

resource "aws_lambda_permission" "api" {
  for_each = local.functions

  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this[each.key].function_name
  qualifier     = aws_lambda_alias.live[each.key].name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.this.execution_arn}/*/*"
}

resource "aws_api_gateway_rest_api" "this" {
  name = "shop"

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "shop", version = "1" }
    paths = {
      "/orders" = {
        post = { responses = {}, "x-amazon-apigateway-integration" = local.integration["orders"] }
      }
      "/orders/{id}" = {
        x-amazon-apigateway-any-method = { responses = {}, "x-amazon-apigateway-integration" = local.integration["orders"] }
      }
      "/stock" = {
        x-amazon-apigateway-any-method = { responses = {}, "x-amazon-apigateway-integration" = local.integration["stock"] }
      }
    }
  })

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  triggers    = { body = sha1(aws_api_gateway_rest_api.this.body) }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.this.id
  deployment_id = aws_api_gateway_deployment.this.id
  stage_name    = "live"
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.live.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = var.most_requests
    throttling_burst_limit = var.most_requests
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = var.watched

  alarm_name          = "shop-${each.key}-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.this[each.key].function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

output "api_url" {
  value = aws_api_gateway_stage.live.invoke_url
}

output "artifact_bucket" {
  value = "shop-code"
}

output "function_names" {
  value = { for name, function in aws_lambda_function.this : name => function.function_name }
}

output "orders_function" {
  value = aws_lambda_function.this["orders"].function_name
}

output "orders_alias" {
  value = aws_lambda_alias.live["orders"].name
}

output "stock_function" {
  value = aws_lambda_function.this["stock"].function_name
}

output "stock_alias" {
  value = aws_lambda_alias.live["stock"].name
}

output "table_name" {
  value = aws_dynamodb_table.orders.name
}

output "callback" {
  value = var.callback
}

output "password" {
  value     = var.password
  sensitive = true
}

output "database_url" {
  value     = "postgres://shop:${var.password}@db.example.com/shop"
  sensitive = true
}
