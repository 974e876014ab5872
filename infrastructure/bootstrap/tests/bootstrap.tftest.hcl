# Plans only: the real provider checks every value, and no API is called.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "not-used"
  secret_key                  = "not-used"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.access_logs.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  bucket_prefix     = "acme-"
  github_repository = "acme/items-api"
}

run "state_is_encrypted_logged_and_kept" {
  command = plan

  assert {
    condition     = output.state_bucket_name == "acme-terraform-state" && aws_kms_key.state.enable_key_rotation
    error_message = "The state bucket must have the prefix in its name, and a key that rotates."
  }

  assert {
    condition     = output.access_log_bucket_name == "acme-access-logs"
    error_message = "The state bucket's access logs go to a bucket of their own."
  }

  assert {
    condition     = output.artifact_bucket_names == { dev = "acme-lambda-code-dev", staging = "acme-lambda-code-staging", prod = "acme-lambda-code-prod" }
    error_message = "The artifact buckets have the names that the environments give them."
  }
}

run "the_ledger_cannot_be_lost" {
  command = plan

  assert {
    condition     = output.ledger_table_name == "slipway-ledger" && aws_dynamodb_table.ledger.hash_key == "environment" && aws_dynamodb_table.ledger.range_key == "sequence"
    error_message = "The ledger has one partition per environment, in the order of its entries."
  }

  assert {
    condition     = aws_dynamodb_table.ledger.deletion_protection_enabled && aws_dynamodb_table.ledger.point_in_time_recovery[0].enabled && aws_dynamodb_table.ledger.server_side_encryption[0].enabled
    error_message = "The ledger must be protected from deletion, recoverable and encrypted with our key."
  }
}

run "has_roles_for_every_environment_and_purpose" {
  command = plan

  assert {
    condition     = toset(keys(output.role_arns)) == toset(["dev", "staging", "prod"])
    error_message = "Every environment has roles."
  }

  assert {
    condition = toset(flatten([for roles in output.role_arns : keys(roles)])) == toset(["plan", "provision", "deploy", "operate", "migrate"])

    error_message = "There are roles to plan, provision, deploy, operate and migrate."
  }

  assert {
    condition     = aws_iam_openid_connect_provider.github[0].url == "https://token.actions.githubusercontent.com" && aws_iam_openid_connect_provider.github[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = "The provider takes tokens of GitHub that were made for AWS, and no others."
  }
}

run "uses_a_provider_that_is_there" {
  command = plan

  variables {
    github_oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && output.oidc_provider_arn == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    error_message = "With an ARN given no second provider is made: AWS would refuse it."
  }
}

run "leaves_the_account_setting_alone_when_told" {
  command = plan

  variables {
    manage_api_gateway_account = false
  }

  assert {
    condition     = length(module.api_gateway_account) == 0
    error_message = "With manage_api_gateway_account = false the account's setting belongs to somebody else."
  }
}

run "refuses_a_prefix_without_a_hyphen_and_a_region_that_is_a_city" {
  command = plan

  variables {
    bucket_prefix = "acme"
    aws_region    = "virginia"
  }

  expect_failures = [var.bucket_prefix, var.aws_region]
}

run "refuses_a_repository_without_an_owner" {
  command = plan

  variables {
    github_repository = "items-api"
  }

  expect_failures = [var.github_repository]
}

run "refuses_a_repository_that_is_an_address" {
  command = plan

  variables {
    github_repository = "https://github.com/acme/items-api.git"
  }

  expect_failures = [var.github_repository]
}

run "refuses_a_repository_with_a_wildcard" {
  command = plan

  variables {
    github_repository = "acme/*"
  }

  expect_failures = [var.github_repository]
}

run "refuses_a_branch_that_is_a_ref_or_a_pattern" {
  command = plan

  variables {
    github_branch = "release/*"
  }

  expect_failures = [var.github_branch]
}

run "refuses_a_provider_of_somebody_else" {
  command = plan

  variables {
    github_oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
  }

  expect_failures = [var.github_oidc_provider_arn]
}

run "refuses_everybody_as_operator" {
  command = plan

  variables {
    operator_principal_arns = ["*"]
  }

  expect_failures = [var.operator_principal_arns]
}

run "refuses_a_negative_retention" {
  command = plan

  variables {
    noncurrent_version_retention_days = -1
  }

  expect_failures = [var.noncurrent_version_retention_days]
}
