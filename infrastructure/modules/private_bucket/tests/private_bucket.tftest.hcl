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
  name = "acme-things"
}

run "defaults_are_safe" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Public access must be blocked in all four ways."
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy == false
    error_message = "A bucket with objects in it must not be destroyed by default."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Without a key the objects are encrypted with AES256."
  }
}

run "a_key_means_kms_with_a_bucket_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1b3c9e2a-0000-4000-8000-000000000000"
  }

  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.this.rule).bucket_key_enabled &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    )
    error_message = "With a key the objects are encrypted with it, and the bucket key saves KMS calls."
  }
}

run "keeps_everything_unless_told_otherwise" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this) == 0
    error_message = "Nothing may expire by default."
  }
}

run "expires_old_versions_when_told_to" {
  command = plan

  variables {
    noncurrent_version_retention_days = 30
    noncurrent_versions_kept          = 5
  }

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this[0].rule[0].noncurrent_version_expiration).noncurrent_days == 30
    error_message = "Old versions must expire after the retention."
  }
}

run "expires_what_lies_below_a_prefix_and_nothing_else" {
  command = plan

  variables {
    expiring_prefixes = { "exports/" = 7 }
  }

  assert {
    condition = [for rule in aws_s3_bucket_lifecycle_configuration.this[0].rule : [rule.id, try(one(rule.filter).prefix, null), try(one(rule.expiration).days, null)] if try(one(rule.expiration).days, 0) > 0] == [
      ["expire-exports", "exports/", 7],
    ]
    error_message = "Only what lies below the prefix may expire."
  }
}

run "refuses_to_let_everything_expire" {
  command = plan

  variables {
    expiring_prefixes = { "" = 7 }
  }

  expect_failures = [var.expiring_prefixes]
}

run "refuses_bad_names_and_limits" {
  command = plan

  variables {
    name                              = "Acme_Things"
    noncurrent_version_retention_days = -1
    noncurrent_versions_kept          = 101
    access_log_sources                = ["*"]
  }

  expect_failures = [
    var.name, var.noncurrent_version_retention_days, var.noncurrent_versions_kept, var.access_log_sources,
  ]
}

run "refuses_a_key_alias_and_the_arn_of_a_bucket" {
  command = plan

  variables {
    kms_key_arn       = "alias/things"
    access_log_bucket = "arn:aws:s3:::acme-access-logs"
  }

  expect_failures = [var.kms_key_arn, var.access_log_bucket]
}

run "refuses_a_name_that_is_too_long" {
  command = plan

  variables {
    name = join("", [for position in range(64) : "x"])
  }

  expect_failures = [var.name]
}

run "logs_to_another_bucket" {
  command = plan

  variables {
    access_log_bucket = "acme-access-logs"
  }

  assert {
    condition     = aws_s3_bucket_logging.this[0].target_bucket == "acme-access-logs" && aws_s3_bucket_logging.this[0].target_prefix == "acme-things/"
    error_message = "Access logs must go to the given bucket, below the bucket's own name."
  }
}

run "refuses_to_log_to_itself" {
  command = plan

  variables {
    access_log_bucket = "acme-things"
  }

  expect_failures = [var.access_log_bucket]
}

run "refuses_a_key_for_a_bucket_of_access_logs" {
  command = plan

  override_data {
    target = data.aws_caller_identity.current[0]
    values = { account_id = "123456789012" }
  }

  variables {
    kms_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/1b3c9e2a-0000-4000-8000-000000000000"
    access_log_sources = ["acme-other"]
  }

  expect_failures = [var.kms_key_arn]
}
