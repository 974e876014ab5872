# Roles of one environment, with the bare minimum of what they are about.
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
    tags = {
      Project     = "slipway"
      Environment = "dev"
      ManagedBy   = "terraform"
      Service     = "example-release-roles"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

# What the bootstrap makes once per account; policies only name it.
locals {
  account  = data.aws_caller_identity.current.account_id
  region   = data.aws_region.current.name
  provider = "arn:aws:iam::${local.account}:oidc-provider/token.actions.githubusercontent.com"
  key      = "arn:aws:kms:${local.region}:${local.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

module "release_roles" {
  source = "../.."

  environment = "dev"
  name_prefix = "example"
  location    = { region = local.region, account_id = local.account }

  github = {
    provider_arn = local.provider
    repository   = "acme/items-api"
  }

  state                = { bucket_arn = "arn:aws:s3:::example-terraform-state", kms_key_arn = local.key }
  ledger               = { table_arn = "arn:aws:dynamodb:${local.region}:${local.account}:table/example-ledger", kms_key_arn = local.key }
  artifact_bucket_name = "example-lambda-code-dev"
  function_names       = ["example-dev"]
  table_name           = "example-dev"

  monitoring_names = {
    dashboard      = "example-dev"
    topic          = "example-alarms-dev"
    alarm_prefixes = ["example-dev-"]
  }
}

output "role_arns" {
  description = "ARNs of the roles by purpose."
  value       = module.release_roles.role_arns
}

output "execution_boundary_arn" {
  description = "ARN of the boundary of execution roles."
  value       = module.release_roles.execution_boundary_arn
}
