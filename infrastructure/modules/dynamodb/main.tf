data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# A key of our own, so that access to the data can be granted, audited and revoked apart from access to the table.
data "aws_iam_policy_document" "key" {
  statement {
    # AWS's own default: without this statement IAM policies have no effect on the key, and it can become unmanageable.
    sid       = "DelegateToIamPoliciesOfThisAccount"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "table" {
  description             = "Encrypts the DynamoDB table ${var.table_name}"
  policy                  = data.aws_iam_policy_document.key.json
  enable_key_rotation     = true
  deletion_window_in_days = var.kms_deletion_window_in_days
  tags                    = var.tags
}

resource "aws_kms_alias" "table" {
  name          = "alias/dynamodb/${var.table_name}"
  target_key_id = aws_kms_key.table.key_id
}

resource "aws_dynamodb_table" "this" {
  # DynamoDB restores to a table of a new name, and renames none. All that stands beside the table keeps the name that it was given.
  name                        = coalesce(var.restored_name, var.table_name)
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  dynamic "attribute" {
    for_each = var.attributes

    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes

    content {
      name               = global_secondary_index.key
      hash_key           = global_secondary_index.value.hash_key
      range_key          = global_secondary_index.value.range_key
      projection_type    = global_secondary_index.value.projection_type
      non_key_attributes = global_secondary_index.value.non_key_attributes
    }
  }

  dynamic "ttl" {
    for_each = var.ttl_attribute[*]

    content {
      enabled        = true
      attribute_name = ttl.value
    }
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.table.arn
  }
}
