# A bounded execution role. What it may use need not be there yet: policies speak of names.
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
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "iam" }
  }
}

variable "name_prefix" {
  description = "Put before every name."
  type        = string
  default     = "slipway-example-iam-"
  nullable    = false
}

data "aws_caller_identity" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  table_arn = "arn:aws:dynamodb:us-east-1:${local.account}:table/${var.name_prefix}orders"
}

# What no role in this account may do, whatever is attached to it: anything but this.
data "aws_iam_policy_document" "boundary" {
  statement {
    sid       = "AtMost"
    actions   = ["dynamodb:*", "kms:Decrypt", "logs:*", "sqs:SendMessage", "xray:Put*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name   = "${var.name_prefix}boundary"
  policy = data.aws_iam_policy_document.boundary.json
}

module "execution_role" {
  source = "../.."

  role_name                = "${var.name_prefix}execution"
  table_arn                = local.table_arn
  table_actions            = ["GetItem", "PutItem", "Query"]
  index_arns               = ["${local.table_arn}/index/state-index"]
  log_group_arn            = "arn:aws:logs:us-east-1:${local.account}:log-group:/aws/lambda/${var.name_prefix}handler"
  dead_letter_queue_arn    = "arn:aws:sqs:us-east-1:${local.account}:${var.name_prefix}dead-letters"
  permissions_boundary_arn = aws_iam_policy.boundary.arn
}

output "role_arn" {
  description = "ARN of the role."
  value       = module.execution_role.role_arn
}
