# A release of code: upload once, update the function, publish, ask the version, move the alias, tell people, and
# write down what was done.
data "aws_iam_policy_document" "deploy" {
  # GetObject is for Lambda, which fetches the code in the name of its caller.
  statement {
    sid       = "StoreArtifacts"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = local.artifacts_arns
  }

  statement {
    sid = "ReleaseCode"
    actions = [
      "lambda:GetAlias",
      "lambda:GetFunction",
      "lambda:GetFunctionConfiguration",
      "lambda:PublishVersion",
      "lambda:UpdateAlias",
      "lambda:UpdateFunctionCode",
    ]
    resources = local.function_part_arns
  }

  # A version is asked before it has any traffic, and again where a canary has too little of it. Not the function itself: nothing is to
  # run that was not published.
  statement {
    sid       = "AskVersions"
    actions   = ["lambda:InvokeFunction"]
    resources = [for arn in local.function_arns : "${arn}:*"]
  }

  # How a release goes, and what its checkpoints say.
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

  statement {
    sid       = "WriteOwnLedger"
    actions   = local.ledger_actions
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

locals {
  # History is added to, never changed in place and never deleted.
  ledger_actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
}
