data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  environments = toset(["dev", "staging", "prod"])

  state_bucket_name      = "${var.bucket_prefix}terraform-state"
  access_log_bucket_name = "${var.bucket_prefix}access-logs"
  artifact_bucket_names  = { for environment in local.environments : environment => "${var.bucket_prefix}lambda-code-${environment}" }
  ledger_table_name      = "slipway-ledger"
}

module "api_gateway_account" {
  source = "../modules/api_gateway_account"
  count  = var.manage_api_gateway_account ? 1 : 0

  role_name = "api-gateway-logging-${var.aws_region}"
}
