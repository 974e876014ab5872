# terraform plan -lock=false: refreshes everything and writes nothing, not even a lock.
data "aws_iam_policy_document" "plan" {
  statement {
    sid       = "ReadOwnState"
    actions   = ["s3:GetObject"]
    resources = [local.state_objects]
  }

  # To S3 a state that is not there yet is "not found" only for those who may list, and forbidden for everybody else. That check names
  # no prefix, hence IfExists. What can be listed are the names of the environments.
  statement {
    sid       = "FindOwnState"
    actions   = ["s3:ListBucket"]
    resources = [var.state.bucket_arn]

    condition {
      test     = "StringLikeIfExists"
      variable = "s3:prefix"
      values   = ["env:/", "${var.environment}/*"] # env:/ is where the backend looks for workspaces at init.
    }
  }

  # For the checklist's line "state backup": a state that was overwritten can be had again where the bucket keeps versions.
  statement {
    sid       = "SeeThatStateIsVersioned"
    actions   = ["s3:GetBucketVersioning"]
    resources = [var.state.bucket_arn]
  }

  statement {
    sid       = "DecryptStateThroughS3"
    actions   = ["kms:Decrypt"]
    resources = [var.state.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.via_s3]
    }
  }

  statement {
    sid       = "ReadTableSettings"
    actions   = local.read.table
    resources = local.table_arns
  }

  statement {
    sid       = "ReadFunctions"
    actions   = local.read.function
    resources = local.function_part_arns
  }

  statement {
    sid       = "ReadExecutionRoles"
    actions   = local.read.role
    resources = local.bounded_role_arns
  }

  statement {
    sid       = "ReadBackupSchedule"
    actions   = local.read.schedule
    resources = [local.schedule_arn, local.schedule_group_arn]
  }

  statement {
    sid       = "ReadArtifactBucketSettings"
    actions   = local.read.bucket
    resources = [local.bucket_arn]
  }

  # The code that functions have before their first release are the only objects that Terraform owns.
  statement {
    sid       = "ReadPlaceholders"
    actions   = local.read.object
    resources = [local.placeholder_arn]
  }

  statement {
    sid       = "ReadOwnApi"
    actions   = ["apigateway:GET"]
    resources = ["${local.rest_apis_arn}/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid       = "ReadSettingsOfOwnKeysAndLogGroups"
    actions   = concat(local.read.key, ["logs:ListTagsForResource"])
    resources = [local.any_key_arn, local.any_log_group_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid       = "ReadQueueSettings"
    actions   = local.read.queue
    resources = concat(local.queue_arns, [local.undelivered_arn])
  }

  statement {
    sid       = "ReadAlarmTopic"
    actions   = local.read.topic
    resources = [local.topic_arn]
  }

  statement {
    sid       = "ReadAlarmsAndDashboard"
    actions   = ["cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource"]
    resources = concat(local.alarm_arns, [local.dashboard_arn])
  }

  statement {
    sid       = "FindByName"
    actions   = local.read.lists
    resources = ["*"]
  }
}
