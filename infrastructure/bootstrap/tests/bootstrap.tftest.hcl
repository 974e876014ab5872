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

variables {
  bucket_prefix = "acme-"
}

run "state_is_encrypted_with_a_key_that_rotates" {
  command = plan

  assert {
    condition     = output.state_bucket_name == "acme-terraform-state" && aws_kms_key.state.enable_key_rotation
    error_message = "The state bucket must have the prefix in its name, and a key that rotates."
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

run "refuses_a_prefix_without_a_hyphen" {
  command = plan

  variables {
    bucket_prefix = "acme"
  }

  expect_failures = [var.bucket_prefix]
}
