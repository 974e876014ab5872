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

  assert {
    condition     = alltrue([for name in ["api-handler-prod-errors", "api-handler-prod-duration", "items-prod-throttling", "items-prod-backups", "items-api-prod-down"] : contains(output.alarm_names, name)])
    error_message = "The alarms must have the names that the guide and the runbooks know them by."
  }

  assert {
    condition     = output.dashboard_name == "api-gateway-lambda-prod"
    error_message = "The dashboard must have the name that the guide knows it by."
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

run "asks_for_tokens_as_soon_as_it_knows_whose" {
  command = plan

  variables {
    jwt = { issuer = "https://issuer.example.com", audiences = ["items"] }
  }

  assert {
    condition     = output.authorizer_function_name == "api-authorizer-prod" && output.authorizer_function_alias == "live"
    error_message = "With jwt set, production has an authorizer."
  }
}

run "has_the_authorizer_before_it_is_asked" {
  command = plan

  variables {
    jwt         = { issuer = "https://issuer.example.com", audiences = ["items"] }
    require_jwt = false
  }

  assert {
    condition     = output.authorizer_function_name == "api-authorizer-prod" && output.authorizer_function_alias == "live"
    error_message = "With jwt there is an authorizer to release, whether it is asked or not."
  }
}

run "lets_no_script_of_another_origin_in_by_itself" {
  command = plan

  # Whatever terraform.tfvars says: this is about who has said nothing.
  variables {
    cors_allow_origins = null
  }

  assert {
    condition     = length(local.cors_allow_origins) == 0
    error_message = "In production an origin is allowed by its name."
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
