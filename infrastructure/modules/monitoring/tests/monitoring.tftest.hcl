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

variables {
  environment             = "prod"
  function_name           = "api-handler-prod"
  function_timeout        = 10
  api_name                = "items-api-prod"
  stage_name              = "prod"
  table_name              = "items-prod"
  index_names             = ["status-index"]
  dead_letter_queue_name  = "api-handler-prod-dead-letters"
  function_log_group_name = "/aws/lambda/api-handler-prod"
  access_log_group_name   = "/aws/apigateway/a1b2c3d4e5"
  topic_name              = "items-alarms-prod"
}

run "has_the_names_of_the_production_guide_and_what_the_guide_meant" {
  command = plan

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.rate["errors"].alarm_name == "api-handler-prod-errors" &&
      aws_cloudwatch_metric_alarm.metric["duration"].alarm_name == "api-handler-prod-duration" &&
      aws_cloudwatch_metric_alarm.throttling.alarm_name == "items-prod-throttling" &&
      aws_cloudwatch_dashboard.this.dashboard_name == "api-gateway-lambda-prod"
    )
    error_message = "Runbooks and people know the alarms and the dashboard by these names."
  }

  assert {
    condition     = toset([for query in aws_cloudwatch_query_definition.this : query.name]) == toset(["api-handler-prod/Error Analysis", "api-handler-prod/Performance Analysis", "api-handler-prod/Request Analysis"])
    error_message = "The guide's three queries must be saved."
  }

  assert {
    condition = one([
      for query in aws_cloudwatch_metric_alarm.rate["errors"].metric_query : query.expression if query.return_data == true
    ]) == "IF(whole >= 20, 100 * part / whole, 0)" && aws_cloudwatch_metric_alarm.rate["errors"].threshold == 5
    error_message = "The error alarm must be on a rate with a minimum of calls, not on a count."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["duration"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.metric["duration"].threshold == 9500
    error_message = "The duration alarm must be on the 99th percentile against the timeout, not on the average."
  }

  assert {
    condition = toset(flatten([for query in aws_cloudwatch_metric_alarm.throttling.metric_query : [for metric in query.metric : "${metric.metric_name} ${join(" ", values(metric.dimensions))}"]])) == toset([
      "ReadThrottleEvents items-prod", "WriteThrottleEvents items-prod", "ReadThrottleEvents status-index items-prod", "WriteThrottleEvents status-index items-prod",
    ])
    error_message = "The throttling alarm must add up the throttles of the table and of its indexes."
  }
}

run "a_second_copy_has_the_same_runbooks" {
  command = plan

  variables {
    name_prefix                = "blue-"
    function_name              = "blue-api-handler-prod"
    api_name                   = "blue-items-api-prod"
    table_name                 = "blue-items-prod"
    backup_schedule_group_name = "blue-items-prod-backup"
  }

  assert {
    condition     = output.alarm_names["backups"] == "blue-items-prod-backups" && output.runbooks["backups"] == "docs/runbooks/items-backups.md"
    error_message = "The alarm on backups has the copy's prefix, and the same runbook."
  }

  assert {
    condition     = output.runbooks["errors"] == "docs/runbooks/api-handler-errors.md" && output.runbooks["throttling"] == "docs/runbooks/items-throttling.md"
    error_message = "The prefix of a copy must not be in the runbooks' names: there is one runbook for all copies."
  }
}

run "every_alarm_has_a_runbook_and_says_something_about_missing_data" {
  command = plan

  variables {
    runbook_base_url = "https://example.com/runbooks"
  }

  assert {
    condition     = endswith(aws_cloudwatch_metric_alarm.rate["errors"].alarm_description, "Runbook: https://example.com/runbooks/api-handler-errors.md")
    error_message = "The description must end in the address of the runbook, which is the same for all environments."
  }

  assert {
    condition     = alltrue([for key, name in output.alarm_names : endswith(output.runbooks[key], ".md") && !strcontains(output.runbooks[key], "prod")])
    error_message = "Every alarm needs a runbook."
  }

  assert {
    condition     = output.runbooks["down"] == "https://example.com/runbooks/items-api-down.md" && output.runbooks["throttling"] == "https://example.com/runbooks/items-throttling.md"
    error_message = "A runbook's name is the alarm's without the environment."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.metric["dead_letters"].treat_missing_data == "ignore" &&
      alltrue([for key, alarm in aws_cloudwatch_metric_alarm.metric : alarm.treat_missing_data == "notBreaching" if key != "dead_letters"]) &&
      alltrue([for alarm in aws_cloudwatch_metric_alarm.rate : alarm.treat_missing_data == "notBreaching"])
    )
    error_message = "No traffic is not a failure; a queue that SQS no longer measures stays as full as it was."
  }

  assert {
    condition     = aws_cloudwatch_composite_alarm.down.alarm_rule == "ALARM(\"items-api-prod-unavailable\") OR (ALARM(\"api-handler-prod-throttles\") AND ALARM(\"items-api-prod-5xx\"))"
    error_message = "The service is down when most answers are errors, or when there is no room to run the function in."
  }
}

run "rings_for_a_scheduled_backup_that_was_given_up" {
  command = plan

  variables {
    backup_schedule_group_name = "items-prod-backup"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.backups[0].alarm_name == "items-prod-backups" &&
      aws_cloudwatch_metric_alarm.backups[0].namespace == "AWS/Scheduler" &&
      aws_cloudwatch_metric_alarm.backups[0].metric_name == "InvocationDroppedCount" &&
      aws_cloudwatch_metric_alarm.backups[0].dimensions == tomap({ ScheduleGroup = "items-prod-backup" })
    )
    error_message = "The alarm must count what EventBridge Scheduler has given up, by the schedule's group: without the dimension it would look at nothing."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.backups[0].statistic == "Sum" &&
      aws_cloudwatch_metric_alarm.backups[0].threshold == 0 &&
      aws_cloudwatch_metric_alarm.backups[0].datapoints_to_alarm == 1 &&
      aws_cloudwatch_metric_alarm.backups[0].period * aws_cloudwatch_metric_alarm.backups[0].evaluation_periods == 86400
    )
    error_message = "One backup that was not made must be seen, for a day."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.backups[0].treat_missing_data == "notBreaching"
    error_message = "EventBridge Scheduler counts nothing where it gives nothing up: no data is good news."
  }

  assert {
    condition     = strcontains(aws_cloudwatch_metric_alarm.backups[0].alarm_description, " of items-prod ") && endswith(aws_cloudwatch_metric_alarm.backups[0].alarm_description, "Severity 4. Runbook: docs/runbooks/items-backups.md")
    error_message = "The description must name the table, say how bad it is, and end in the runbook."
  }
}

run "without_a_schedule_there_is_no_alarm_on_backups" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.backups) == 0 && !contains(keys(output.alarm_names), "backups")
    error_message = "Where nothing is scheduled, nothing can be given up."
  }
}

run "a_reservation_is_the_functions_own_limit" {
  command = plan

  variables {
    reserved_concurrency = 50
    silence_minutes      = 15
    notification_emails  = ["on-call@example.com"]
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["concurrency"].threshold == 40 && aws_cloudwatch_metric_alarm.metric["concurrency"].dimensions["FunctionName"] == "api-handler-prod"
    error_message = "With a reservation the alarm must be on the function's own concurrency."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.silent[0].treat_missing_data == "breaching" && endswith(aws_cloudwatch_composite_alarm.down.alarm_rule, "OR ALARM(\"items-api-prod-silent\")")
    error_message = "Where silence is a failure, no data must be one."
  }

  assert {
    condition     = aws_sns_topic_subscription.alarms["email on-call@example.com"].protocol == "email" && length(aws_sqs_queue.undelivered) == 1
    error_message = "A subscription needs a queue for what cannot be delivered."
  }
}

run "without_a_reservation_the_accounts_limit_counts" {
  command = plan

  variables {
    account_concurrency_limit = 10
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["concurrency"].threshold == 8 && aws_cloudwatch_metric_alarm.metric["concurrency"].dimensions == null
    error_message = "Without a reservation all functions share the account's limit, so the alarm must be on all of them."
  }

  assert {
    condition     = length(aws_sqs_queue.undelivered) == 0
    error_message = "Without subscriptions nothing can remain undelivered."
  }
}

run "refuses_names_and_limits_that_make_no_sense" {
  command = plan

  variables {
    environment                  = "production"
    function_name                = join("", [for position in range(65) : "x"])
    function_timeout             = -1
    api_name                     = "items api"
    topic_name                   = join("", [for position in range(69) : "x"])
    table_name                   = "arn:aws:dynamodb:us-east-1:123456789012:table/items-prod"
    index_names                  = ["a", "b", "c", "d", "e"]
    backup_schedule_group_name   = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/items-prod-backup"
    dead_letter_queue_name       = "https://sqs.us-east-1.amazonaws.com/123456789012/q"
    dashboard_name               = "api gateway"
    notification_emails          = ["on-call"]
    notification_urls            = ["http://example.com/alarm"]
    runbook_base_url             = "docs/runbooks/"
    name_prefix                  = "a b"
    error_rate_percent           = -5
    server_error_percent         = 100
    minimum_requests             = 0
    unavailable_percent          = 0
    unavailable_minimum_requests = -1
    duration_percent_of_timeout  = 120
    latency_p99_milliseconds     = -1
    throttles_threshold          = -1
    concurrency_percent          = 0
    account_concurrency_limit    = 0
    reserved_concurrency         = -2
    table_throttles_threshold    = -1
    dead_letters_threshold       = -1
    silence_minutes              = 1
  }

  expect_failures = [
    var.environment, var.function_name, var.function_timeout, var.api_name, var.topic_name, var.table_name, var.index_names, var.backup_schedule_group_name, var.dead_letter_queue_name,
    var.dashboard_name, var.notification_emails, var.notification_urls, var.runbook_base_url, var.name_prefix, var.error_rate_percent, var.server_error_percent, var.minimum_requests,
    var.unavailable_percent, var.unavailable_minimum_requests, var.duration_percent_of_timeout, var.latency_p99_milliseconds, var.throttles_threshold,
    var.concurrency_percent, var.account_concurrency_limit, var.reserved_concurrency, var.table_throttles_threshold, var.dead_letters_threshold,
    var.silence_minutes,
  ]
}
