resource "aws_iam_role" "redirect" {
  name               = "short-links-redirect-${var.stage}"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role" "manage" {
  name               = "short-links-manage-${var.stage}"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

data "aws_iam_policy_document" "lambda" {
  statement {
    sid     = "LambdaWorksAsIt"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "redirect" {
  name   = "work"
  role   = aws_iam_role.redirect.id
  policy = data.aws_iam_policy_document.redirect.json
}

resource "aws_iam_role_policy" "manage" {
  name   = "work"
  role   = aws_iam_role.manage.id
  policy = data.aws_iam_policy_document.manage.json
}

data "aws_iam_policy_document" "redirect" {
  statement {
    sid       = "FollowLinks"
    actions   = ["dynamodb:GetItem"]
    resources = [aws_dynamodb_table.links.arn]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.redirect.arn}:*"]
  }
}

data "aws_iam_policy_document" "manage" {
  statement {
    sid       = "ManageLinks"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
    resources = [aws_dynamodb_table.links.arn]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.manage.arn}:*"]
  }
}

resource "aws_cloudwatch_log_group" "redirect" {
  name              = "/aws/lambda/short-links-redirect-${var.stage}"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_group" "manage" {
  name              = "/aws/lambda/short-links-manage-${var.stage}"
  retention_in_days = 30
}

resource "aws_lambda_function" "redirect" {
  function_name = "short-links-redirect-${var.stage}"
  role          = aws_iam_role.redirect.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  memory_size   = 256
  timeout       = 5
  s3_bucket     = aws_s3_object.first_code.bucket
  s3_key        = aws_s3_object.first_code.key
  publish       = true

  environment {
    variables = {
      LINKS_TABLE = aws_dynamodb_table.links.name
    }
  }

  # The code is released, not applied.
  lifecycle {
    ignore_changes = [s3_bucket, s3_key, s3_object_version, source_code_hash]
  }

  depends_on = [aws_cloudwatch_log_group.redirect, aws_iam_role_policy.redirect]
}

resource "aws_lambda_function" "manage" {
  function_name = "short-links-manage-${var.stage}"
  role          = aws_iam_role.manage.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  memory_size   = 256
  timeout       = 10
  s3_bucket     = aws_s3_object.first_code.bucket
  s3_key        = aws_s3_object.first_code.key
  publish       = true

  environment {
    variables = {
      LINKS_TABLE = aws_dynamodb_table.links.name
    }
  }

  lifecycle {
    ignore_changes = [s3_bucket, s3_key, s3_object_version, source_code_hash]
  }

  depends_on = [aws_cloudwatch_log_group.manage, aws_iam_role_policy.manage]
}

# What users reach. A release moves them, in two steps and back; an apply must not.
resource "aws_lambda_alias" "redirect" {
  name             = "live"
  function_name    = aws_lambda_function.redirect.function_name
  function_version = aws_lambda_function.redirect.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

resource "aws_lambda_alias" "manage" {
  name             = "live"
  function_name    = aws_lambda_function.manage.function_name
  function_version = aws_lambda_function.manage.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

resource "aws_lambda_permission" "redirect" {
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.redirect.function_name
  qualifier     = aws_lambda_alias.redirect.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.links.execution_arn}/*/*"
}

resource "aws_lambda_permission" "manage" {
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.manage.function_name
  qualifier     = aws_lambda_alias.manage.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.links.execution_arn}/*/*"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = {
    redirect = aws_lambda_function.redirect.function_name
    manage   = aws_lambda_function.manage.function_name
  }

  alarm_name          = "${each.value}-errors"
  alarm_description   = "Calls of ${each.value} fail."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = each.value }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}
