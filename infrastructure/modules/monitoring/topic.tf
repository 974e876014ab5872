# Where alarms go. A key of its own, because CloudWatch cannot use the one that AWS keeps for SNS (alias/aws/sns): its policy
# cannot be changed, and alarms would be lost with an entry in the alarm's history as the only trace.
data "aws_iam_policy_document" "key" {
  statement {
    # AWS's own default: without this statement IAM policies have no effect on the key, and it can become unmanageable.
    sid       = "DelegateToIamPoliciesOfThisAccount"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  statement {
    sid       = "EncryptNotificationsOfAlarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"] # in a key policy: this key

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_kms_key" "topic" {
  description             = "Encrypts the alarm notifications of ${var.topic_name}"
  policy                  = data.aws_iam_policy_document.key.json
  enable_key_rotation     = true
  deletion_window_in_days = 7 # notifications in flight are all that it encrypts
  tags                    = var.tags
}

resource "aws_kms_alias" "topic" {
  name          = "alias/sns/${var.topic_name}"
  target_key_id = aws_kms_key.topic.key_id
}

resource "aws_sns_topic" "alarms" {
  name              = var.topic_name
  display_name      = "${var.function_name} alarms"
  kms_master_key_id = aws_kms_key.topic.arn
  tags              = var.tags
}

data "aws_iam_policy_document" "topic" {
  statement {
    sid       = "PublishFromAlarmsOfThisAccount"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:cloudwatch:${local.region}:${local.account_id}:alarm:*"]
    }
  }

  # For everybody: a wildcard that takes something away.
  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.topic.json
}

locals {
  subscriptions = merge(
    { for address in var.notification_emails : "email ${address}" => { protocol = "email", endpoint = address } },
    { for url in var.notification_urls : "https ${url}" => { protocol = "https", endpoint = url } },
  )
  has_subscriptions = length(local.subscriptions) > 0
}

data "aws_iam_policy_document" "undelivered" {
  count = local.has_subscriptions ? 1 : 0

  statement {
    sid       = "KeepWhatTheTopicCouldNotDeliver"
    actions   = ["sqs:SendMessage"]
    resources = ["arn:${local.partition}:sqs:${local.region}:${local.account_id}:${var.topic_name}-undelivered"]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.alarms.arn]
    }
  }
}

# What SNS could not deliver: an alarm that nobody got should at least be found. The policy is part of the queue, because a policy of
# its own (aws_sqs_queue_policy) takes the provider 25 s to write, and 25 s to remove.
resource "aws_sqs_queue" "undelivered" {
  count = local.has_subscriptions ? 1 : 0

  name                      = "${var.topic_name}-undelivered"
  policy                    = data.aws_iam_policy_document.undelivered[0].json
  message_retention_seconds = 14 * 24 * 3600 # the longest that SQS has
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

# Each waits to be confirmed by whoever receives it.
resource "aws_sns_topic_subscription" "alarms" {
  for_each = local.subscriptions

  topic_arn      = aws_sns_topic.alarms.arn
  protocol       = each.value.protocol
  endpoint       = each.value.endpoint
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.undelivered[0].arn })
}
