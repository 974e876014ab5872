data "aws_region" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "LambdaService"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name                 = var.role_name
  description          = "What the Lambda function itself may do"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

data "aws_iam_policy_document" "execution" {
  dynamic "statement" {
    for_each = var.table_arn[*]

    content {
      sid       = "ReadAndWriteItems"
      actions   = [for action in sort(var.table_actions) : "dynamodb:${action}"]
      resources = concat([statement.value], var.former_table_arns)
    }
  }

  dynamic "statement" {
    for_each = length(var.index_arns) > 0 ? [var.index_arns] : []

    content {
      sid       = "QueryIndexes"
      actions   = ["dynamodb:Query"]
      resources = statement.value
    }
  }

  # DynamoDB unwraps the table's key in the name of its caller, for reads and for writes. Through DynamoDB only: the role
  # cannot use the key on anything else.
  dynamic "statement" {
    for_each = var.table_kms_key_arn[*]

    content {
      sid       = "UseTableKeyThroughDynamoDb"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["dynamodb.${data.aws_region.current.name}.amazonaws.com"]
      }
    }
  }

  # CreateLogGroup is missing on purpose: Terraform owns the group, its retention and its removal.
  statement {
    sid       = "WriteOwnLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${var.log_group_arn}:*"]
  }

  # Lambda sends events that failed for good in the name of the function.
  dynamic "statement" {
    for_each = var.dead_letter_queue_arn[*]

    content {
      sid       = "SendDeadLetters"
      actions   = ["sqs:SendMessage"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = var.tracing ? [true] : []

    content {
      sid     = "SendTraces"
      actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      # X-Ray has no resource-level permissions for these two actions.
      resources = ["*"]
    }
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "execution"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}
