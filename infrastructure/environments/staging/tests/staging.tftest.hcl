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
  target = module.items.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.items.module.table.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.items.module.backup_schedule[0].data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.items.module.monitoring.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  bucket_prefix = "acme-"
}

run "has_the_names_of_the_production_guide" {
  command = plan

  assert {
    condition     = output.table_name == "items-staging" && output.function_name == "api-handler-staging" && output.function_alias == "live"
    error_message = "The guide, the dashboards and the runbooks know the table as items-staging and the function as api-handler-staging."
  }

  assert {
    condition     = output.function_log_group == "/aws/lambda/api-handler-staging"
    error_message = "The function's log group must be the one that the guide tails."
  }

  assert {
    condition     = output.artifact_bucket == "acme-lambda-code-staging"
    error_message = "The artifact bucket must be the prefix and lambda-code-staging."
  }

  assert {
    condition     = alltrue([for name in ["api-handler-staging-errors", "api-handler-staging-duration", "items-staging-throttling", "items-staging-backups", "items-api-staging-down"] : contains(output.alarm_names, name)])
    error_message = "The alarms must have the names that the guide and the runbooks know them by."
  }

  assert {
    condition     = output.dashboard_name == "api-gateway-lambda-staging"
    error_message = "The dashboard must have the name that the guide knows it by."
  }
}

run "asks_for_tokens_when_it_is_told_to" {
  command = plan

  variables {
    jwt         = { issuer = "https://issuer.example.com", audiences = ["items"] }
    require_jwt = true
  }

  assert {
    condition     = output.authorizer_function_name == "api-authorizer-staging" && output.authorizer_function_alias == "live"
    error_message = "What is asked for tokens is there."
  }
}

run "has_the_authorizer_before_it_is_asked" {
  command = plan

  variables {
    jwt         = { issuer = "https://issuer.example.com", audiences = ["items"] }
    require_jwt = false
  }

  assert {
    condition     = output.authorizer_function_name == "api-authorizer-staging" && output.authorizer_function_alias == "live"
    error_message = "With jwt there is an authorizer to release, whether it is asked or not."
  }
}

run "refuses_to_ask_for_tokens_of_nobody" {
  command = plan

  variables {
    jwt         = null
    require_jwt = true
  }

  expect_failures = [var.require_jwt]
}

run "refuses_values_that_cannot_be_right" {
  command = plan

  variables {
    bucket_prefix             = "acme"
    aws_region                = "virginia"
    allowed_account_ids       = ["12345678901"]
    cors_allow_origins        = ["https://app.example.com/"]
    jwt                       = { issuer = "http://issuer.example.com", audiences = [], jwks_uri = "http://issuer.example.com/keys" }
    notification_emails       = ["on-call"]
    notification_urls         = ["http://example.com/alarm"]
    runbook_base_url          = "docs/runbooks"
    account_concurrency_limit = -1
  }

  expect_failures = [
    var.bucket_prefix, var.aws_region, var.allowed_account_ids, var.cors_allow_origins, var.jwt, var.notification_emails, var.notification_urls,
    var.runbook_base_url, var.account_concurrency_limit,
  ]
}

run "refuses_a_prefix_that_is_too_long" {
  command = plan

  variables {
    bucket_prefix = "a-prefix-of-more-than-thirty-two-characters-"
  }

  expect_failures = [var.bucket_prefix]
}
