# A function that answers 503 until its first release, with the role and the bucket that it needs.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "lambda" }
  }
}

variable "name_prefix" {
  description = "Put before every name. Bucket names are shared by all AWS accounts: put in one of your own."
  type        = string
  default     = "slipway-example-lambda-"
  nullable    = false
}

data "aws_caller_identity" "current" {}

resource "aws_s3_bucket" "artifacts" {
  bucket        = "${var.name_prefix}code"
  force_destroy = true
}

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
  name               = "${var.name_prefix}execution"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "WriteOwnLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${module.function.log_group_arn}:*"]
  }

  statement {
    sid       = "SendDeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [module.function.dead_letter_queue_arn]
  }

  statement {
    sid       = "SendTraces"
    actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    resources = ["*"] # X-Ray knows no resources here
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "execution"
  role   = aws_iam_role.execution.name
  policy = data.aws_iam_policy_document.execution.json
}

module "function" {
  source = "../.."

  function_name = "${var.name_prefix}handler"
  description   = "An example"

  # By way of the role's policy, so that it is there first: Lambda refuses a dead-letter queue that the role may not send to.
  role_arn = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/${aws_iam_role_policy.execution.role}"

  artifact_bucket = aws_s3_bucket.artifacts.bucket
  memory_size     = 128
  timeout         = 3
  environment     = { GREETING = "hello" }

  invokers = {
    schedule = {
      principal  = "events.amazonaws.com"
      source_arn = "arn:aws:events:us-east-1:${data.aws_caller_identity.current.account_id}:rule/${var.name_prefix}nightly"
    }
  }

  log_retention_in_days = 7
}

output "alias_arn" {
  description = "ARN of the alias that serves traffic."
  value       = module.function.alias_arn
}

output "dead_letter_queue_url" {
  description = "URL of the queue for events that failed for good."
  value       = module.function.dead_letter_queue_url
}
