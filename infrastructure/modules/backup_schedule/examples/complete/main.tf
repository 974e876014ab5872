# A table that is backed up every night.
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
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "backup_schedule" }
  }
}

variable "name_prefix" {
  description = "Put before every name."
  type        = string
  default     = "slipway-example-backup-"
  nullable    = false
}

data "aws_caller_identity" "current" {}

# It need not be there yet: the schedule and its role speak of names.
locals {
  table_arn = "arn:aws:dynamodb:us-east-1:${data.aws_caller_identity.current.account_id}:table/${var.name_prefix}orders"
}

module "backup_schedule" {
  source = "../.."

  environment         = "example"
  name                = "${var.name_prefix}orders"
  table_arn           = local.table_arn
  schedule_expression = "cron(30 2 * * ? *)"
  schedule_timezone   = "Asia/Kolkata"
}

output "schedule_arn" {
  description = "ARN of the schedule."
  value       = module.backup_schedule.schedule_arn
}
