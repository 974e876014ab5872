# Rollback and incident: back to a version that is there already, and everything that helps to see why. Nothing is created but backups and
# exports, and nothing is overwritten but a state that is lost or damaged, and items that were badly written.
data "aws_iam_policy_document" "operate" {
  source_policy_documents = [data.aws_iam_policy_document.tell_and_record.json]

  # What there is to look at is in the state, as for plan: functions, tables, logs and alarms need not be named again. Its older versions
  # are what a lost one is restored from.
  statement {
    sid       = "ReadOwnState"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = [local.state_objects]
  }

  # Without it S3 says of a state that is not there that it is forbidden.
  statement {
    sid       = "FindOwnState"
    actions   = ["s3:ListBucket", "s3:ListBucketVersions"]
    resources = [var.state.bucket_arn]

    condition {
      test     = "StringLikeIfExists"
      variable = "s3:prefix"
      values   = ["${var.environment}/*"]
    }
  }

  # The state itself and named copies of it, not the lock beside it: what was there before stays among the bucket's versions.
  statement {
    sid       = "RestoreAndCopyOwnState"
    actions   = ["s3:PutObject"]
    resources = [local.state_object, "${local.state_object}.backups/*"]
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
    sid = "MoveAlias"
    actions = [
      "lambda:GetAlias",
      "lambda:GetFunction",
      "lambda:GetFunctionConfiguration",
      "lambda:ListVersionsByFunction",
      "lambda:UpdateAlias",
    ]
    resources = local.function_part_arns
  }

  # CloudWatch has no resource-level permissions for metrics, and none for alarms in lists.
  statement {
    sid = "ReadMetricsAndAlarms"
    actions = [
      "cloudwatch:DescribeAlarmHistory",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetMetricData",
      "cloudwatch:GetMetricStatistics",
      "cloudwatch:ListMetrics",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "ReadDashboard"
    actions   = ["cloudwatch:GetDashboard"]
    resources = [local.dashboard_arn]
  }

  statement {
    sid       = "ReadOwnLogs"
    actions   = ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"]
    resources = [local.any_log_group_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  # A query's id is known only to who has started it, which needs ReadOwnLogs.
  statement {
    sid       = "FindLogsAndCollectQueries"
    actions   = ["logs:DescribeLogGroups", "logs:DescribeQueryDefinitions", "logs:GetQueryResults", "logs:StopQuery"]
    resources = ["*"]
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

  # A release that is live is judged by whether everything of it is there, and as it should be.
  statement {
    sid       = "SeeArtifactBucketSettings"
    actions   = ["s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration"]
    resources = [local.bucket_arn]
  }

  statement {
    sid       = "SeeOwnKeys"
    actions   = ["kms:DescribeKey", "kms:GetKeyRotationStatus"]
    resources = [local.any_key_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  statement {
    sid       = "SeeQueues"
    actions   = ["sqs:GetQueueAttributes"]
    resources = concat(local.queue_arns, [local.undelivered_arn])
  }

  # An API's id cannot be known here; its stage has the environment's name.
  dynamic "statement" {
    for_each = length(var.signed_paths) > 0 ? [var.signed_paths] : []

    content {
      sid       = "AskTheApi"
      actions   = ["execute-api:Invoke"]
      resources = [for path in sort(statement.value) : "arn:${local.p}:execute-api:${local.at}:*/${var.environment}/GET${path}"]
    }
  }

  statement {
    sid       = "BackUpTable"
    actions   = ["dynamodb:CreateBackup", "dynamodb:DescribeBackup", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable"]
    resources = flatten([for arn in local.table_arns : [arn, "${arn}/backup/*"]])
  }

  # A backup is proven by a restore to a table of its own, whose name begins with the table's. Reading that is reading all items, as they
  # were when they were backed up. DynamoDB writes the items in the caller's name.
  # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html
  statement {
    sid       = "RestoreOwnBackups"
    actions   = ["dynamodb:RestoreTableFromBackup"]
    resources = [for arn in local.table_arns : "${arn}/backup/*"]
  }

  statement {
    sid       = "RestoreOwnTableToASecond"
    actions   = ["dynamodb:RestoreTableToPointInTime"]
    resources = local.table_arns
  }

  # What it was restored to is read and compared as long as it has no tags. With the tags of the table whose place it takes it is the
  # environment's table, which nobody reads whole.
  statement {
    sid = "RestoreToTableThatIsNobodysYet"
    actions = [
      "dynamodb:BatchWriteItem",
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:RestoreTableFromBackup",
      "dynamodb:RestoreTableToPointInTime",
      "dynamodb:Scan",
      "dynamodb:UpdateItem",
    ]
    resources = [local.restored_tables_arn, "${local.restored_tables_arn}/index/*"]

    condition {
      test     = "Null"
      variable = "aws:ResourceTag/Environment"
      values   = ["true"]
    }
  }

  statement {
    sid = "VerifyInTableOfItsOwn"
    actions = [
      "dynamodb:BatchWriteItem",
      "dynamodb:DeleteItem",
      "dynamodb:DeleteTable",
      "dynamodb:DescribeTable",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:RestoreTableFromBackup",
      "dynamodb:Scan",
      "dynamodb:UpdateItem",
    ]
    resources = [local.verification_tables_arn]
  }

  # Of the whole table that is in use, keys alone: whether they are in the backup.
  statement {
    sid       = "CompareKeys"
    actions   = ["dynamodb:Scan"]
    resources = local.table_arns

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:Attributes"
      values   = var.table_key_attributes
    }

    # ForAllValues is also true where there is no value at all.
    condition {
      test     = "Null"
      variable = "dynamodb:Attributes"
      values   = ["false"]
    }

    condition {
      test     = "StringEquals"
      variable = "dynamodb:Select"
      values   = ["SPECIFIC_ATTRIBUTES"]
    }
  }

  # The table's own key, for the table and for those that its backups are restored to.
  statement {
    sid       = "UseKeyOfOwnTableThroughDynamoDb"
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
      values   = [var.table_name, local.restored_tables, "${var.table_name}-slipway-verify-*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  # What a bad write has done to an item is in the table's journal, which DynamoDB writes to the bucket in the caller's name; items are read
  # and written one by one, on conditions. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
  statement {
    sid       = "ExportChanges"
    actions   = ["dynamodb:DescribeExport", "dynamodb:ExportTableToPointInTime"]
    resources = flatten([for arn in local.table_arns : [arn, "${arn}/export/*"]])
  }

  statement {
    sid       = "KeepOwnExports"
    actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"]
    resources = [local.exports_arn]
  }

  statement {
    sid       = "TakeBadWritesBack"
    actions   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    resources = local.table_arns
  }

  # No resource-level permissions.
  statement {
    sid       = "ListBackups"
    actions   = ["dynamodb:ListBackups"]
    resources = ["*"]
  }
}
