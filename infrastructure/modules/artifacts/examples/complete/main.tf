# An artifact bucket with nothing around it: its defaults need nothing.
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
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "artifacts" }
  }
}

variable "name_prefix" {
  description = "Put before every name. Bucket names are shared by all AWS accounts: put in one of your own."
  type        = string
  default     = "slipway-example-artifacts-"
  nullable    = false
}

module "artifacts" {
  source = "../.."

  bucket_prefix = var.name_prefix
  environment   = "dev"
  force_destroy = true
}

output "bucket_name" {
  description = "Name of the artifact bucket."
  value       = module.artifacts.bucket_name
}
