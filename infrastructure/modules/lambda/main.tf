# The function needs some code before the first release exists. These 503 answers are published as version 1, so that the
# alias has a version to point at from the first second, and the first release something to go back to.
resource "aws_s3_object" "placeholder" {
  bucket         = var.artifact_bucket
  key            = "placeholder/${var.function_name}.zip"
  content_base64 = filebase64("${path.module}/placeholder/placeholder.zip")
  content_type   = "application/zip"
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

# Asynchronous events that failed for good: two weeks to look at them and to send them again. The API calls the function
# synchronously, so what is in here comes from elsewhere, and all of it is worth a look.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.function_name}-dead-letters"
  message_retention_seconds = 14 * 24 * 3600 # the longest that SQS has
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_lambda_function" "this" {
  function_name                  = var.function_name
  description                    = var.description
  role                           = var.role_arn
  runtime                        = var.runtime
  handler                        = var.handler
  architectures                  = [var.architecture]
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrent_executions
  s3_bucket                      = aws_s3_object.placeholder.bucket
  s3_key                         = aws_s3_object.placeholder.key
  tags                           = var.tags

  # Every configuration becomes a version, from the first one on: see "Who owns what" in the README.
  publish = true

  dynamic "environment" {
    for_each = length(var.environment) > 0 ? [var.environment] : []

    content {
      variables = environment.value
    }
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letters.arn
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  logging_config {
    log_format = var.log_format
    log_group  = aws_cloudwatch_log_group.function.name
  }

  lifecycle {
    # The code belongs to the release engine; Terraform put the first bytes there and never looks again.
    ignore_changes = [s3_bucket, s3_key, s3_object_version, source_code_hash]
  }
}

resource "aws_lambda_alias" "live" {
  name             = var.alias_name
  description      = "The version that serves traffic; moved by the release engine"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    # Both fields, or an apply in the middle of a canary would undo the canary.
    ignore_changes = [function_version, routing_config]
  }
}

# On the alias, not on the function: what is not released cannot be reached through the permission.
resource "aws_lambda_permission" "invoke" {
  for_each = var.invokers

  statement_id  = each.key
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = each.value.principal
  source_arn    = each.value.source_arn
}
