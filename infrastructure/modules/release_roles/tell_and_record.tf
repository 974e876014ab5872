# What deploy and operate have in common: people are told, and what was done is written down.
data "aws_iam_policy_document" "tell_and_record" {
  # How a release goes, what its checkpoints say, and how an incident goes.
  statement {
    sid       = "TellPeople"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]
  }

  # The topic's own key, which is made by the apply that makes the topic.
  statement {
    sid       = "EncryptWhatPeopleAreTold"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = [local.any_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.via_sns]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [var.environment]
    }
  }

  # History is added to, never changed in place and never deleted.
  statement {
    sid       = "WriteOwnLedger"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
    resources = [var.ledger.table_arn]

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:LeadingKeys"
      values   = [var.environment]
    }

    # ForAllValues is also true where there is no value at all.
    condition {
      test     = "Null"
      variable = "dynamodb:LeadingKeys"
      values   = ["false"]
    }
  }

  statement {
    sid       = "UseLedgerKeyThroughDynamoDb"
    actions   = ["kms:Decrypt"]
    resources = [var.ledger.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [local.via_dynamodb]
    }
  }
}
