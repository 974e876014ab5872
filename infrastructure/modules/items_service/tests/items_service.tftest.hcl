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
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.table.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.backup_schedule[0].data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.monitoring.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  environment            = "prod"
  bucket_prefix          = "acme-"
  throttling_rate_limit  = 500
  throttling_burst_limit = 1000
}

run "has_the_names_of_the_production_guide" {
  command = plan

  assert {
    condition     = output.table_name == "items-prod" && output.function_name == "api-handler-prod" && output.dashboard_name == "api-gateway-lambda-prod"
    error_message = "The guide, the dashboards and the runbooks know the service by these names."
  }
}

run "a_second_copy_has_other_names" {
  command = plan

  variables {
    name_prefix = "copy-"
  }

  assert {
    condition     = output.table_name == "copy-items-prod" && output.function_name == "copy-api-handler-prod" && output.artifact_bucket == "acme-lambda-code-prod"
    error_message = "The prefix must be put before every name but the bucket's, which has one of its own."
  }
}

run "production_asks_for_tokens_as_soon_as_it_knows_whose" {
  command = plan

  variables {
    jwt = { issuer = "https://issuer.example.com/tenant", audiences = ["items", "reports"], jwks_uri = "https://issuer.example.com/keys" }
  }

  assert {
    condition     = output.authorizer_function_name == "api-authorizer-prod" && output.authorizer_function_alias == "live" && local.authorizer != null
    error_message = "With jwt set, production has an authorizer, and its API asks it."
  }

  assert {
    condition = local.authorizer_environment == {
      JWT_ISSUER      = "https://issuer.example.com/tenant"
      JWT_AUDIENCE    = "items,reports"
      JWT_JWKS_URI    = "https://issuer.example.com/keys"
      JWT_READ_SCOPE  = "items:read"
      JWT_WRITE_SCOPE = "items:write"
      LOG_LEVEL       = "INFO"
    }
    error_message = "The authorizer gets what jwt says."
  }
}

run "the_authorizer_can_be_there_before_it_is_asked" {
  command = plan

  variables {
    jwt         = { issuer = "https://issuer.example.com", audiences = ["items"] }
    require_jwt = false
  }

  assert {
    condition     = output.authorizer_function_name == "api-authorizer-prod" && output.authorizer_function_alias == "live"
    error_message = "With jwt there is a function that a release can give its code to."
  }

  assert {
    condition     = local.authorizer == null
    error_message = "require_jwt = false means an API that asks nobody: the placeholder would let nobody in."
  }
}

run "without_jwt_there_is_no_authorizer" {
  command = plan

  assert {
    condition     = output.authorizer_function_name == null && output.authorizer_function_alias == null && local.authorizer == null
    error_message = "Nobody can ask for tokens of nobody."
  }
}

run "others_do_not_ask_by_themselves" {
  command = plan

  variables {
    environment = "staging"
    jwt         = { issuer = "https://issuer.example.com", audiences = ["items"] }
  }

  assert {
    condition     = output.authorizer_function_name == "api-authorizer-staging" && local.authorizer == null
    error_message = "Outside of production jwt alone makes the function, and asks for nothing."
  }
}

run "others_ask_when_they_are_told_to" {
  command = plan

  variables {
    environment = "staging"
    jwt         = { issuer = "https://issuer.example.com", audiences = ["items"], jwks_uri = "http://127.0.0.1:4566/keys" }
    require_jwt = true
  }

  assert {
    condition     = output.authorizer_function_name == "api-authorizer-staging" && local.authorizer != null
    error_message = "require_jwt = true means an API that asks its authorizer."
  }
}

run "refuses_to_ask_for_tokens_of_nobody" {
  command = plan

  variables {
    require_jwt = true
  }

  expect_failures = [var.require_jwt]
}

run "refuses_an_issuer_in_the_clear" {
  command = plan

  variables {
    jwt         = { issuer = "http://issuer.example.com", audiences = [], jwks_uri = "http://issuer.example.com/keys", read_scope = "items read" }
    deep_health = "private"
  }

  expect_failures = [var.jwt, var.deep_health]
}

run "refuses_an_unknown_environment_names_that_are_too_long_and_negative_limits" {
  command = plan

  variables {
    environment                    = "production"
    name_prefix                    = "a-prefix-of-more-than-24-characters-"
    bucket_prefix                  = "acme"
    cors_allow_origins             = ["app.example.com"]
    memory_size                    = -512
    timeout                        = 29
    reserved_concurrent_executions = -2
    log_level                      = "info"
    log_retention_in_days          = 31
    throttling_rate_limit          = -500
    throttling_burst_limit         = -1000
    kms_deletion_window_in_days    = 0
    notification_emails            = ["on-call"]
    notification_urls              = ["http://example.com"]
    runbook_base_url               = "docs/runbooks"
    error_rate_percent             = -5
    server_error_percent           = 100
    latency_p99_milliseconds       = -1
    account_concurrency_limit      = 0
  }

  expect_failures = [
    var.environment, var.name_prefix, var.bucket_prefix, var.cors_allow_origins, var.memory_size, var.timeout, var.reserved_concurrent_executions,
    var.log_level, var.log_retention_in_days, var.throttling_rate_limit, var.throttling_burst_limit, var.kms_deletion_window_in_days,
    var.notification_emails, var.notification_urls, var.runbook_base_url, var.error_rate_percent, var.server_error_percent,
    var.latency_p99_milliseconds, var.account_concurrency_limit,
  ]
}

run "a_restored_table_is_used_and_watched_under_the_old_names" {
  command = plan

  variables {
    restored_table = { name = "items-prod-restored-20261128-161500", former = "items-prod" }
  }

  assert {
    condition     = output.table_name == "items-prod-restored-20261128-161500"
    error_message = "The function uses the table that was restored."
  }

  assert {
    condition     = contains(output.alarm_names, "items-prod-throttling")
    error_message = "Alarms keep their names: runbooks know them by these."
  }
}

run "refuses_a_restored_table_that_is_its_own_predecessor" {
  command = plan

  variables {
    restored_table = { name = "items-prod", former = "items-prod" }
  }

  expect_failures = [var.restored_table]
}

run "is_backed_up_by_the_clock_only_where_that_was_said" {
  command = plan

  assert {
    condition     = length(module.backup_schedule) == 0
    error_message = "Without backup_schedule there is no schedule."
  }

  assert {
    condition     = !contains(output.alarm_names, "items-prod-backups")
    error_message = "Where nothing is scheduled, nothing can be given up."
  }
}

run "is_backed_up_when_it_was_said" {
  command = plan

  variables {
    backup_schedule = "cron(0 3 * * ? *)"
  }

  assert {
    condition     = one(module.backup_schedule).group_name == "items-prod-backup"
    error_message = "The roles of a release know the schedule by this name."
  }

  assert {
    condition     = contains(output.alarm_names, "items-prod-backups")
    error_message = "A backup that is not made must ring an alarm."
  }
}

run "a_second_copy_watches_its_own_backups" {
  command = plan

  variables {
    name_prefix     = "copy-"
    backup_schedule = "cron(0 3 * * ? *)"
  }

  assert {
    condition     = contains(output.alarm_names, "copy-items-prod-backups") && one(module.backup_schedule).group_name == "copy-items-prod-backup"
    error_message = "Two copies in one account must not share their schedule's group, by which calls are counted, nor their alarm."
  }
}
