# A table with a sort key, an index of its own projection, and expiry.
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
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "dynamodb" }
  }
}

variable "name_prefix" {
  description = "Put before every name."
  type        = string
  default     = "slipway-example-table-"
  nullable    = false
}

module "table" {
  source = "../.."

  table_name    = "${var.name_prefix}orders"
  hash_key      = "customerId"
  range_key     = "orderedAt"
  ttl_attribute = "expiresAtEpoch"
  attributes    = { customerId = "S", orderedAt = "N", state = "S" }
  global_secondary_indexes = {
    state-index = { hash_key = "state", range_key = "orderedAt", projection_type = "INCLUDE", non_key_attributes = ["total"] }
  }

  # An example comes and goes; what is kept leaves both at their defaults, true and 30.
  deletion_protection         = false
  kms_deletion_window_in_days = 7
}

output "table_arn" {
  description = "ARN of the table."
  value       = module.table.table_arn
}
