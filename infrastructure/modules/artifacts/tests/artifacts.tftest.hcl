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

variables {
  bucket_prefix = "acme-"
  environment   = "prod"
}

run "refuses_a_prefix_without_a_hyphen_and_an_unknown_environment" {
  command = plan

  variables {
    bucket_prefix = "acme"
    environment   = "production"
  }

  expect_failures = [var.bucket_prefix, var.environment]
}

run "refuses_a_prefix_that_is_too_long" {
  command = plan

  variables {
    bucket_prefix = "a-prefix-of-more-than-thirty-two-characters-"
  }

  expect_failures = [var.bucket_prefix]
}

run "plans_with_an_empty_prefix" {
  command = plan

  variables {
    bucket_prefix = ""
  }

  assert {
    condition     = module.bucket.name == "lambda-code-prod"
    error_message = "Without a prefix the bucket has the name of the production guide."
  }
}
