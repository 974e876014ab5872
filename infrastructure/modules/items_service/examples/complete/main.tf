# A second copy of the whole items service, beside the environments of its account.
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
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "items-service" }
  }
}

variable "name_prefix" {
  description = "Put before every name, those of buckets too, which are shared by all AWS accounts."
  type        = string
  default     = "slipway-example-"
  nullable    = false
}

variable "manage_api_gateway_account" {
  description = "Sets the role that API Gateway writes logs with. There is one such setting per account and region: false where somebody else, such as infrastructure/bootstrap, owns it already."
  type        = bool
  default     = true
  nullable    = false
}

module "account" {
  source = "../../../api_gateway_account"
  count  = var.manage_api_gateway_account ? 1 : 0

  role_name = "${var.name_prefix}gateway-logging"
}

module "items" {
  source = "../.."

  environment   = "dev"
  name_prefix   = var.name_prefix
  bucket_prefix = var.name_prefix

  throttling_rate_limit  = 10
  throttling_burst_limit = 20
  log_retention_in_days  = 7

  # An example comes and goes, in an account that bootstrap may not have been applied to.
  permissions_boundary        = false
  deletion_protection         = false
  force_destroy               = true
  kms_deletion_window_in_days = 7

  # Without the account's logging role AWS refuses a stage that logs.
  depends_on = [module.account]
}

output "api_url" {
  description = "URL of the API's stage."
  value       = module.items.api_url
}

output "alarm_names" {
  description = "Names of all alarms."
  value       = module.items.alarm_names
}
