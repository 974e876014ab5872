data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# State holds every attribute of every resource, secrets included: it gets a key of its own.
data "aws_iam_policy_document" "state_key" {
  statement {
    # AWS's own default: without this statement IAM policies have no effect on the key, and it can become unmanageable.
    sid       = "DelegateToIamPoliciesOfThisAccount"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "state" {
  description             = "Encrypts the Terraform state"
  policy                  = data.aws_iam_policy_document.state_key.json
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "state" {
  name          = "alias/${local.state_bucket_name}"
  target_key_id = aws_kms_key.state.key_id
}

locals {
  state_bucket_name = "${var.bucket_prefix}terraform-state"
}

module "state_bucket" {
  source = "../modules/private_bucket"

  name        = local.state_bucket_name
  kms_key_arn = aws_kms_key.state.arn

  # No retention: old states are the way back after a lost or damaged one, and each is a few kilobytes.
  force_destroy = var.force_destroy
}

module "api_gateway_account" {
  source = "../modules/api_gateway_account"
  count  = var.manage_api_gateway_account ? 1 : 0

  role_name = "api-gateway-logging-${var.aws_region}"
}
