data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# A group of its own: it is what the role's trust is bound to, what metrics are counted by, and what has the tags; a schedule has none.
resource "aws_scheduler_schedule_group" "this" {
  name = var.name
  tags = var.tags
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "SchedulesOfTheGroup"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    # Nobody else's schedule can use the role: EventBridge Scheduler names the group, not the schedule.
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.group_arn]
    }
  }
}

resource "aws_iam_role" "execution" {
  name                 = "${var.name}-execution"
  description          = "What the schedule itself may do: back the table up"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "BackUpTable"
    actions   = ["dynamodb:CreateBackup"]
    resources = [var.table_arn]
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "execution"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_scheduler_schedule" "this" {
  name                         = var.name
  group_name                   = aws_scheduler_schedule_group.this.name
  description                  = "Backs the table ${local.table_name} up"
  schedule_expression          = var.schedule_expression
  schedule_expression_timezone = var.schedule_timezone

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:${data.aws_partition.current.partition}:scheduler:::aws-sdk:dynamodb:createBackup"
    role_arn = aws_iam_role.execution.arn
    input    = local.input

    # A backup that comes some hours late is still one; one that comes a day late is the next one.
    retry_policy {
      maximum_event_age_in_seconds = 6 * 60 * 60
      maximum_retry_attempts       = 30
    }
  }

  # The first call may come at once.
  depends_on = [aws_iam_role_policy.execution]
}

locals {
  # By its name and not from the group itself, so that a plan shows whom the role will trust before there is a group.
  group_arn = "arn:${data.aws_partition.current.partition}:scheduler:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:schedule-group/${var.name}"

  table_name = split("/", var.table_arn)[1]

  # jsonencode writes < and > as \u003c and \u003e, where EventBridge Scheduler does not look for its keywords.
  input = replace(replace(jsonencode({
    TableName  = local.table_name
    BackupName = "slipway-${var.environment}-scheduled-<aws.scheduler.execution-id>"
  }), "\\u003c", "<"), "\\u003e", ">")
}
