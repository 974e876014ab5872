resource "aws_dynamodb_table" "links" {
  name                        = "links-${var.stage}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "slug"
  deletion_protection_enabled = var.protect_data

  attribute {
    name = "slug"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_s3_bucket" "code" {
  bucket = "short-links-code-${var.stage}"
}

resource "aws_s3_bucket_versioning" "code" {
  bucket = aws_s3_bucket.code.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "code" {
  bucket                  = aws_s3_bucket.code.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

data "aws_iam_policy_document" "code" {
  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.code.arn, "${aws_s3_bucket.code.arn}/*"]

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

resource "aws_s3_bucket_policy" "code" {
  bucket = aws_s3_bucket.code.id
  policy = data.aws_iam_policy_document.code.json
}

# A function has to begin with some code: this one, zipped, until the first release.
#   exports.handler = async () => ({ statusCode: 503, body: "not released yet" });
resource "aws_s3_object" "first_code" {
  bucket         = aws_s3_bucket.code.id
  key            = "first.zip"
  content_base64 = "UEsDBBQAAAAAAAAAIQBHz5+6TwAAAE8AAAAJAAAAaW5kZXguY2pzZXhwb3J0cy5oYW5kbGVyID0gYXN5bmMgKCkgPT4gKHsgc3RhdHVzQ29kZTogNTAzLCBib2R5OiAibm90IHJlbGVhc2VkIHlldCIgfSk7ClBLAQIUAxQAAAAAAAAAIQBHz5+6TwAAAE8AAAAJAAAAAAAAAAAAAACkgQAAAABpbmRleC5janNQSwUGAAAAAAEAAQA3AAAAdgAAAAAA"
}
