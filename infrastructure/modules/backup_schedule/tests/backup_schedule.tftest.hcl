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
  environment              = "test"
  name                     = "items-test-backup"
  table_arn                = "arn:aws:dynamodb:us-east-1:123456789012:table/items-test"
  schedule_expression      = "cron(0 3 * * ? *)"
  permissions_boundary_arn = "arn:aws:iam::123456789012:policy/slipway-test-backup-boundary"
}

run "backs_up_the_table_under_a_name_that_slipway_knows" {
  command = plan

  assert {
    condition = jsondecode(one(aws_scheduler_schedule.this.target).input) == {
      TableName  = "items-test"
      BackupName = "slipway-test-scheduled-<aws.scheduler.execution-id>"
    }
    error_message = "The schedule must call CreateBackup for its table, with a name that slipway backup knows as its own."
  }

  assert {
    condition     = strcontains(one(aws_scheduler_schedule.this.target).input, "<aws.scheduler.execution-id>")
    error_message = "The keyword must be written as it is: escaped, EventBridge Scheduler does not replace it."
  }

  assert {
    condition     = one(aws_scheduler_schedule.this.target).arn == "arn:aws:scheduler:::aws-sdk:dynamodb:createBackup" && one(aws_scheduler_schedule.this.flexible_time_window).mode == "OFF"
    error_message = "The target is DynamoDB's CreateBackup, at the time that was said."
  }
}

run "the_role_can_do_nothing_else_for_nobody_else" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role_policy.execution.policy).Statement == [
      { Sid = "BackUpTable", Effect = "Allow", Action = "dynamodb:CreateBackup", Resource = var.table_arn },
    ]
    error_message = "The role may back the table up, and nothing else."
  }

  assert {
    condition = one(jsondecode(aws_iam_role.execution.assume_role_policy).Statement) == {
      Sid       = "SchedulesOfTheGroup"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = "123456789012" }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/items-test-backup" }
      }
    }
    error_message = "Only schedules of the group may use the role."
  }

  assert {
    condition     = aws_iam_role.execution.permissions_boundary == var.permissions_boundary_arn
    error_message = "The role must be bounded by the given policy."
  }
}

run "refuses_what_eventbridge_scheduler_would_refuse" {
  command = plan

  variables {
    environment              = "Test"
    name                     = "a name with blanks"
    table_arn                = "items-test"
    schedule_expression      = "cron(0 3 * * *)"
    schedule_timezone        = "Europe Berlin"
    permissions_boundary_arn = "slipway-test-backup-boundary"
  }

  expect_failures = [
    var.environment, var.name, var.table_arn, var.schedule_expression, var.schedule_timezone, var.permissions_boundary_arn,
  ]
}

run "refuses_two_days_and_no_day" {
  command = plan

  variables {
    schedule_expression = "cron(0 3 * * * *)"
  }

  expect_failures = [var.schedule_expression]
}

run "refuses_backups_by_the_minute" {
  command = plan

  variables {
    schedule_expression = "rate(5 minutes)"
  }

  expect_failures = [var.schedule_expression]
}
