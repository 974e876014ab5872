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

override_data {
  target = module.table.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  bucket_prefix = "acme-"
}

run "has_the_names_of_the_production_guide" {
  command = plan

  assert {
    condition     = output.table_name == "items-prod" && output.function_name == "api-handler-prod" && output.function_alias == "live"
    error_message = "The guide, the dashboards and the runbooks know the table as items-prod and the function as api-handler-prod."
  }

  assert {
    condition     = output.function_log_group == "/aws/lambda/api-handler-prod"
    error_message = "The function's log group must be the one that the guide tails."
  }

  assert {
    condition     = output.artifact_bucket == "acme-lambda-code-prod"
    error_message = "The artifact bucket must be the prefix and lambda-code-prod."
  }
}

run "an_empty_prefix_gives_the_bucket_name_of_the_guide" {
  command = plan

  variables {
    bucket_prefix = ""
  }

  assert {
    condition     = output.artifact_bucket == "lambda-code-prod"
    error_message = "Without a prefix the artifact bucket is lambda-code-prod."
  }
}

run "refuses_a_prefix_without_a_hyphen" {
  command = plan

  variables {
    bucket_prefix = "acme"
  }

  expect_failures = [var.bucket_prefix]
}

run "refuses_an_unknown_region" {
  command = plan

  variables {
    aws_region = "virginia"
  }

  expect_failures = [var.aws_region]
}

run "refuses_an_account_id_that_lost_a_zero" {
  command = plan

  variables {
    allowed_account_ids = ["12345678901"]
  }

  expect_failures = [var.allowed_account_ids]
}

run "refuses_an_origin_with_a_slash" {
  command = plan

  variables {
    cors_allow_origins = ["https://app.example.com/"]
  }

  expect_failures = [var.cors_allow_origins]
}
