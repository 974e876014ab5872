# Object ownership is left at AWS's default since April 2023 (bucket owner enforced, ACLs off).
resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    # The bucket key only has a meaning for KMS: one data key per bucket and hour instead of one KMS call per object.
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

data "aws_caller_identity" "current" {
  count = length(var.access_log_sources) > 0 ? 1 : 0
}

data "aws_partition" "current" {
  count = length(var.access_log_sources) > 0 ? 1 : 0
}

data "aws_iam_policy_document" "this" {
  # The two denials are for everybody: a wildcard that takes something away.
  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]

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

  statement {
    sid       = "DenyTlsBelow12"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "NumericLessThan"
      variable = "s3:TlsVersion"
      values   = ["1.2"]
    }
  }

  # S3 itself writes access logs, in the name of the bucket that they are about. Without the conditions any account could have its
  # logs written here (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html).
  dynamic "statement" {
    for_each = length(var.access_log_sources) > 0 ? [var.access_log_sources] : []

    content {
      sid       = "ReceiveAccessLogs"
      actions   = ["s3:PutObject"]
      resources = [for source in sort(statement.value) : "${aws_s3_bucket.this.arn}/${source}/*"]

      principals {
        type        = "Service"
        identifiers = ["logging.s3.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [data.aws_caller_identity.current[0].account_id]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = [for source in sort(statement.value) : "arn:${data.aws_partition.current[0].partition}:s3:::${source}"]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.this.json

  # S3 answers OperationAborted when both settings of one bucket are written at the same time.
  depends_on = [aws_s3_bucket_public_access_block.this]
}

moved {
  from = aws_s3_bucket_policy.tls_only
  to   = aws_s3_bucket_policy.this
}

resource "aws_s3_bucket_logging" "this" {
  count = var.access_log_bucket == null ? 0 : 1

  bucket        = aws_s3_bucket.this.id
  target_bucket = var.access_log_bucket
  target_prefix = "${var.name}/"
}

# Only where something is to expire: each create and change of these rules takes the provider 55 s, because it asks S3 ten
# times whether they have settled.
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = var.noncurrent_version_retention_days == null && length(var.expiring_prefixes) == 0 ? 0 : 1

  bucket = aws_s3_bucket.this.id

  dynamic "rule" {
    for_each = var.noncurrent_version_retention_days == null ? [] : [var.noncurrent_version_retention_days]

    content {
      id     = "expire-noncurrent-versions"
      status = "Enabled"

      filter {}

      noncurrent_version_expiration {
        noncurrent_days           = rule.value
        newer_noncurrent_versions = var.noncurrent_versions_kept
      }

      abort_incomplete_multipart_upload {
        days_after_initiation = 7
      }
    }
  }

  # What expires is gone a day later, too, for who asks for old versions.
  dynamic "rule" {
    for_each = var.expiring_prefixes

    content {
      id     = "expire-${trimsuffix(rule.key, "/")}"
      status = "Enabled"

      filter {
        prefix = rule.key
      }

      expiration {
        days = rule.value
      }

      noncurrent_version_expiration {
        noncurrent_days = 1
      }

      abort_incomplete_multipart_upload {
        days_after_initiation = 7
      }
    }
  }

  # A delete marker whose versions have all expired is an entry in every listing and nothing else.
  rule {
    id     = "remove-empty-delete-markers"
    status = "Enabled"

    filter {}

    expiration {
      expired_object_delete_marker = true
    }
  }

  # Rules on noncurrent versions are only meaningful, and only accepted in a stable way, once versioning is on.
  depends_on = [aws_s3_bucket_versioning.this]
}
