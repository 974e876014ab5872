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

run "refuses_a_prefix_without_a_hyphen" {
  command = plan

  variables {
    bucket_prefix = "acme"
  }

  expect_failures = [var.bucket_prefix]
}

run "refuses_an_unknown_environment" {
  command = plan

  variables {
    environment = "production"
  }

  expect_failures = [var.environment]
}

run "plans_with_an_empty_prefix" {
  command = plan

  variables {
    bucket_prefix = ""
  }
}
