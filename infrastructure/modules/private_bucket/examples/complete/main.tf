# A bucket with a key of its own and an access log, and the bucket that the log is written to.
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
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "private-bucket" }
  }
}

variable "name_prefix" {
  description = "Put before every name. Bucket names are shared by all AWS accounts: put in one of your own."
  type        = string
  default     = "slipway-example-bucket-"
  nullable    = false
}

# Examples come and go; what is kept lets the window stay at 30 days.
resource "aws_kms_key" "reports" {
  description             = "Encrypts the example's reports"
  enable_key_rotation     = true
  deletion_window_in_days = 7
}

module "access_logs" {
  source = "../.."

  name               = "${var.name_prefix}access-logs"
  access_log_sources = ["${var.name_prefix}reports"]
  force_destroy      = true
}

module "reports" {
  source = "../.."

  name              = "${var.name_prefix}reports"
  kms_key_arn       = aws_kms_key.reports.arn
  access_log_bucket = module.access_logs.name
  force_destroy     = true
}

output "bucket_name" {
  description = "Name of the bucket with the key and the access log."
  value       = module.reports.name
}

output "access_log_bucket_name" {
  description = "Name of the bucket that the access log is written to."
  value       = module.access_logs.name
}
