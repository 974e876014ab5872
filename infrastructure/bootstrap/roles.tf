# GitHub's tokens stand for its workflows; there are no long-lived access keys. An account can have one provider per issuer, hence the
# way to use one that is there. AWS knows the certificates of this issuer itself: no thumbprints to go stale.
resource "aws_iam_openid_connect_provider" "github" {
  count = var.github_oidc_provider_arn == null ? 1 : 0

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  oidc_provider_arn = var.github_oidc_provider_arn != null ? var.github_oidc_provider_arn : aws_iam_openid_connect_provider.github[0].arn
}

module "release_roles" {
  source   = "../modules/release_roles"
  for_each = local.environments

  environment = each.key

  location = {
    partition  = data.aws_partition.current.partition
    region     = var.aws_region
    account_id = data.aws_caller_identity.current.account_id
  }

  github = {
    provider_arn   = local.oidc_provider_arn
    repository     = var.github_repository
    branch         = var.github_branch
    repository_id  = var.github_repository_id
    subject_prefix = var.github_subject_prefix
    watch          = var.github_watch
  }

  operator_principal_arns = var.operator_principal_arns

  # By name: roles need not wait for the table and the bucket that they are about.
  state                = { bucket_arn = "arn:${data.aws_partition.current.partition}:s3:::${local.state_bucket_name}", kms_key_arn = aws_kms_key.state.arn }
  ledger               = { table_arn = "arn:${data.aws_partition.current.partition}:dynamodb:${var.aws_region}:${data.aws_caller_identity.current.account_id}:table/${local.ledger_table_name}", kms_key_arn = aws_kms_key.ledger.arn }
  artifact_bucket_name = local.artifact_bucket_names[each.key]

  # The names that the environments give their resources.
  function_names = ["api-handler-${each.key}", "api-authorizer-${each.key}"]
  table_name     = "items-${each.key}"
  signed_paths   = ["/health/deep"]
  monitoring_names = {
    dashboard      = "api-gateway-lambda-${each.key}"
    topic          = "items-alarms-${each.key}"
    alarm_prefixes = ["api-handler-${each.key}-", "items-${each.key}-", "items-api-${each.key}-"]
  }
}
