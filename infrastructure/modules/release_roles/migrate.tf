# A migration of records: reads all of the own table, changes records on conditions, and remembers in the table how far it is. Nothing is
# deleted, and the table itself stays as it is.
data "aws_iam_policy_document" "migrate" {
  statement {
    sid       = "MigrateRecordsOfOwnTable"
    actions   = ["dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan", "dynamodb:UpdateItem"]
    resources = local.table_arns
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
}
