# The account's one setting: apply it where nobody owns it yet, and one of it only.
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
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "api-gateway-account" }
  }
}

variable "name_prefix" {
  description = "Put before every name."
  type        = string
  default     = "slipway-example-account-"
  nullable    = false
}

module "api_gateway_account" {
  source = "../.."

  role_name = "${var.name_prefix}gateway-logging"
}

output "role_arn" {
  description = "ARN of the role that API Gateway writes logs with."
  value       = module.api_gateway_account.role_arn
}
