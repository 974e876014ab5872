# The most that an execution role can ever be allowed, whatever policies it gets: calls of single items and queries, never a scan, never
# the table itself, never anything of another environment. Only the bootstrap can change it.
data "aws_iam_policy_document" "execution_boundary" {
  statement {
    sid = "ItemsOfOwnTable"
    actions = [
      "dynamodb:BatchGetItem",
      "dynamodb:BatchWriteItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ]
    resources = flatten([for arn in local.table_arns : [arn, "${arn}/index/*"]])
  }

  statement {
    sid       = "KeyOfOwnTableThroughDynamoDb"
    actions   = ["kms:Decrypt"]
    resources = [local.any_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.via_dynamodb]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:dynamodb:tableName"
      values   = [var.table_name, local.restored_tables]
    }
  }

  statement {
    sid       = "OwnLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [for arn in local.function_log_arns : "${arn}:*"]
  }

  statement {
    sid       = "OwnDeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = local.queue_arns
  }

  # X-Ray has no resource-level permissions for these two actions.
  statement {
    sid       = "Traces"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }
}

# The same for the role that backs the table up by the clock: it can never read what it copies.
data "aws_iam_policy_document" "backup_boundary" {
  statement {
    sid       = "BackUpOwnTable"
    actions   = ["dynamodb:CreateBackup"]
    resources = local.table_arns
  }
}
