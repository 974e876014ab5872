# terraform apply and destroy of one environment. IAM takes 10,240 characters for all inline policies of a role, and this one needs most of
# them: where a wildcard stands in an action, it means no more than what is asked for here, or settings that are read. What it stands for is in
# the module's README.
data "aws_iam_policy_document" "provision" {
  statement {
    sid       = "WriteOwnState"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [local.state_objects]
  }

  # The state itself cannot be deleted, only the lock beside it.
  statement {
    sid       = "ReleaseStateLock"
    actions   = ["s3:DeleteObject"]
    resources = ["${local.state_objects}.tflock"]
  }

  # As in plan: without it a state that is not there yet would be forbidden, not missing.
  statement {
    sid       = "FindOwnState"
    actions   = ["s3:ListBucket"]
    resources = [var.state.bucket_arn]

    condition {
      test     = "StringLikeIfExists"
      variable = "s3:prefix"
      values   = ["env:/", "${var.environment}/*"]
    }
  }

  statement {
    sid       = "UseStateKeyThroughS3"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.state.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.via_s3]
    }
  }

  statement {
    sid = "ManageTable"
    actions = [
      # A policy of the table itself stops its writes while it is restored, and is taken over by the table that takes its place.
      "dynamodb:*ResourcePolicy",
      "dynamodb:CreateBackup",
      "dynamodb:CreateTable",
      "dynamodb:DeleteBackup",
      "dynamodb:DeleteTable",
      "dynamodb:Describe*",
      "dynamodb:ListTagsOfResource",
      "dynamodb:TagResource",
      "dynamodb:UntagResource",
      "dynamodb:UpdateContinuousBackups",
      "dynamodb:UpdateTable",
      "dynamodb:UpdateTimeToLive",
    ]
    # The backups of restored tables have names that begin as theirs do.
    resources = concat(local.table_arns, ["${local.table_arn}/backup/*"])
  }

  # A table with data in it is not destroyed, so somebody has to look. To count is allowed, to read is not.
  statement {
    sid       = "CountItems"
    actions   = ["dynamodb:Scan"]
    resources = local.table_arns

    condition {
      test     = "StringEquals"
      variable = "dynamodb:Select"
      values   = ["COUNT"]
    }
  }

  statement {
    sid       = "CreateTaggedKeys"
    actions   = ["kms:CreateKey", "kms:TagResource"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/Environment"
      values   = [var.environment]
    }

    # TagResource is checked when a key is created with tags, and then there is no key yet. On a key that is there, it must not
    # be the way to make another environment's key one's own.
    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid = "ManageOwnKeys"
    actions = [
      "kms:*KeyRotation*",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:GetKeyPolicy",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:UntagResource",
      "kms:UpdateKeyDescription",
    ]
    resources = [local.any_key_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  # An alias is checked apart from its key.
  statement {
    sid       = "NameOwnKeys"
    actions   = ["kms:CreateAlias", "kms:DeleteAlias"]
    resources = local.key_alias_arns
  }

  # DynamoDB takes the table's key into use in the name of who creates the table. Some of these actions carry the table's name, some the
  # key's tags.
  # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
  statement {
    sid       = "GiveOwnKeyToTable"
    actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = [local.any_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.via_dynamodb]
    }

    condition {
      test     = "StringLikeIfExists"
      variable = "kms:EncryptionContext:aws:dynamodb:tableName"
      values   = [var.table_name, local.restored_tables]
    }

    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid = "ManageArtifactBucket"
    actions = [
      "s3:CreateBucket",
      "s3:DeleteBucket",
      "s3:DeleteBucketPolicy",
      "s3:Get*Configuration",
      "s3:GetBucket*",
      "s3:ListBucket",
      "s3:ListBucketVersions",
      "s3:PutBucketLogging",
      "s3:PutBucketPolicy",
      "s3:PutBucketPublicAccessBlock",
      "s3:PutBucketTagging",
      "s3:PutBucketVersioning",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
    ]
    resources = [local.bucket_arn]
  }

  statement {
    sid       = "StorePlaceholders"
    actions   = concat(local.read.object, ["s3:PutObject", "s3:PutObjectTagging"])
    resources = [local.placeholder_arn]
  }

  # A bucket has to be empty to be destroyed.
  statement {
    sid       = "EmptyArtifactBucket"
    actions   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    resources = ["${local.bucket_arn}/*"]
  }

  statement {
    sid = "ManageFunctions"
    actions = [
      "lambda:*Alias",
      "lambda:*FunctionConcurrency",
      "lambda:AddPermission",
      "lambda:CreateFunction",
      "lambda:DeleteFunction",
      "lambda:Get*",
      "lambda:ListVersionsByFunction",
      "lambda:PublishVersion",
      "lambda:RemovePermission",
      "lambda:TagResource",
      "lambda:UntagResource",
      "lambda:UpdateFunctionConfiguration",
    ]
    resources = local.function_part_arns
  }

  # Whoever could create a role without a boundary could give it everything. The boundary itself is the bootstrap's: nothing in this
  # policy can change it, or take it off a role.
  statement {
    sid       = "CreateBoundedExecutionRoles"
    actions   = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePolicy"]
    resources = local.execution_role_arns

    condition {
      test     = "StringEquals"
      variable = "iam:PermissionsBoundary"
      values   = [local.boundary_arn]
    }
  }

  statement {
    sid       = "CreateBoundedBackupRole"
    actions   = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePolicy"]
    resources = [local.backup_role_arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PermissionsBoundary"
      values   = [local.backup_boundary_arn]
    }
  }

  statement {
    sid = "MaintainExecutionRoles"
    actions = [
      "iam:DeleteRole",
      "iam:GetRole*",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRole*",
    ]
    resources = local.bounded_role_arns
  }

  statement {
    sid       = "PassExecutionRolesToLambda"
    actions   = ["iam:PassRole"]
    resources = local.execution_role_arns

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["lambda.amazonaws.com"]
    }
  }

  statement {
    sid       = "PassBackupRoleToScheduler"
    actions   = ["iam:PassRole"]
    resources = [local.backup_role_arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["scheduler.amazonaws.com"]
    }
  }

  statement {
    sid       = "ManageBackupSchedule"
    actions   = ["scheduler:*Schedule*", "scheduler:*Tag*"]
    resources = [local.schedule_arn, local.schedule_group_arn]
  }

  # An API is created by POST, and tagged by PUT while it and its stage are created; what it is made of comes after that, by a PUT on
  # the API itself (ManageOwnApi).
  statement {
    sid       = "CreateTaggedApi"
    actions   = ["apigateway:POST", "apigateway:PUT"]
    resources = [local.rest_apis_arn, local.api_tags_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/Environment"
      values   = [var.environment]
    }

    # As with keys: no way to make another environment's API one's own.
    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid       = "ManageOwnApi"
    actions   = ["apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"]
    resources = ["${local.rest_apis_arn}/*", local.api_tags_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid       = "CreateTaggedLogGroups"
    actions   = ["logs:CreateLogGroup", "logs:TagResource"]
    resources = [local.any_log_group_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/Environment"
      values   = [var.environment]
    }

    # As with keys: no way to make another environment's group one's own.
    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid       = "ManageOwnLogGroups"
    actions   = ["logs:DeleteLogGroup", "logs:ListTagsForResource", "logs:PutRetentionPolicy", "logs:UntagResource"]
    resources = [local.any_log_group_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid       = "ManageQueues"
    actions   = concat(local.read.queue, ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"])
    resources = concat(local.queue_arns, [local.undelivered_arn])
  }

  statement {
    sid = "ManageAlarmTopic"
    actions = concat(local.read.topic, [
      "sns:CreateTopic",
      "sns:DeleteTopic",
      "sns:SetTopicAttributes",
      "sns:Subscribe",
      "sns:TagResource",
      "sns:UntagResource",
    ])
    resources = [local.topic_arn]
  }

  statement {
    sid = "ManageAlarmsAndDashboard"
    actions = [
      "cloudwatch:*Dashboard*",
      "cloudwatch:ListTagsForResource",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
      "cloudwatch:UntagResource",
    ]
    resources = concat(local.alarm_arns, [local.dashboard_arn])
  }

  # CloudWatch checks composite alarms, Logs saved queries and SNS subscriptions without naming any.
  statement {
    sid = "ManageCompositeAlarmsQueriesAndSubscriptions"
    actions = [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:PutCompositeAlarm",
      "logs:DeleteQueryDefinition",
      "logs:PutQueryDefinition",
      "sns:SetSubscriptionAttributes",
      "sns:Unsubscribe",
    ]
    resources = ["*"]
  }

  # Metric alarms are checked by name, so that at least theirs need not be at risk.
  statement {
    sid       = "KeepAlarmsOfOtherEnvironments"
    effect    = "Deny"
    actions   = ["cloudwatch:DeleteAlarms"]
    resources = [local.any_alarm_arn]

    condition {
      test     = "StringNotEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid       = "FindByName"
    actions   = concat(local.read.lists, ["dynamodb:ListBackups"])
    resources = ["*"]
  }
}
