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
  function_name   = "api-handler-test"
  role_arn        = "arn:aws:iam::123456789012:role/api-handler-test-execution"
  artifact_bucket = "acme-lambda-code-test"
  invokers = {
    api-gateway = { principal = "apigateway.amazonaws.com", source_arn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/test/*" }
  }
}

run "starts_with_a_published_placeholder" {
  command = plan

  assert {
    condition     = aws_lambda_function.this.publish && aws_lambda_function.this.s3_key == "placeholder/api-handler-test.zip"
    error_message = "The first version must be the placeholder."
  }

  assert {
    condition     = aws_lambda_permission.invoke["api-gateway"].qualifier == "live"
    error_message = "API Gateway may invoke the alias, not the function."
  }

  assert {
    condition     = aws_cloudwatch_log_group.function.name == "/aws/lambda/api-handler-test" && aws_cloudwatch_log_group.function.retention_in_days == 90
    error_message = "The log group must have the name that Lambda's tools expect, and a retention."
  }
}

run "keeps_failed_events" {
  command = plan

  assert {
    condition     = aws_sqs_queue.dead_letters.name == "api-handler-test-dead-letters" && aws_sqs_queue.dead_letters.message_retention_seconds == 1209600
    error_message = "Failed events must be kept for 14 days, in a queue that is named after the function."
  }

  assert {
    condition     = aws_sqs_queue.dead_letters.sqs_managed_sse_enabled && length(aws_lambda_function.this.dead_letter_config) == 1
    error_message = "The queue must be encrypted, and the function must send to it."
  }
}

run "the_alias_belongs_to_the_release_engine" {
  command = plan

  assert {
    # What lifecycle ignores is no value of a plan: hold the source against it.
    condition = alltrue([
      for owned in ["ignore_changes = [function_version, routing_config]", "ignore_changes = [s3_bucket, s3_key, s3_object_version, source_code_hash]"] :
      strcontains(file("main.tf"), owned) && aws_lambda_alias.live.name == "live"
    ])
    error_message = "Terraform must leave the alias's version and weights, and the function's code, to the release engine."
  }
}

run "the_placeholder_archive_holds_the_placeholder" {
  command = plan

  assert {
    # The one file is stored uncompressed behind a header of 30 + 9 bytes (9 for "index.mjs"). 39 is a multiple of 3, so the
    # base64 of the archive goes on with the base64 of the file, but for the last, partial group.
    condition = startswith(
      substr(aws_s3_object.placeholder.content_base64, 52, -1),
      substr(filebase64("placeholder/index.mjs"), 0, length(filebase64("placeholder/index.mjs")) - 4),
    )
    error_message = "placeholder.zip does not hold index.mjs as it is now: make it again, placeholder/README.md says how."
  }
}

run "refuses_names_and_limits_that_lambda_does_not_have" {
  command = plan

  variables {
    function_name                  = join("", [for position in range(65) : "x"])
    timeout                        = 901
    memory_size                    = -128
    reserved_concurrent_executions = -2
    alias_name                     = "7"
    log_retention_in_days          = 31
    role_arn                       = "api-handler-test-execution"
    artifact_bucket                = "arn:aws:s3:::acme-lambda-code-test"
    environment                    = { AWS_REGION = "us-east-1" }
  }

  expect_failures = [
    var.function_name, var.timeout, var.memory_size, var.reserved_concurrent_executions, var.alias_name, var.log_retention_in_days, var.role_arn,
    var.artifact_bucket, var.environment,
  ]
}

run "refuses_invokers_that_are_anyone" {
  command = plan

  variables {
    invokers = { all = { principal = "*", source_arn = "*" } }
  }

  expect_failures = [var.invokers]
}
