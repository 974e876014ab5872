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
  table_name    = "items-test"
  hash_key      = "id"
  attributes    = { id = "S", status = "S", createdAt = "S" }
  ttl_attribute = "expiresAtEpoch"
  global_secondary_indexes = {
    status-index = { hash_key = "status", range_key = "createdAt" }
  }
}

run "defaults_are_safe" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "Deletion protection must be on by default."
  }

  assert {
    condition     = one(aws_dynamodb_table.this.point_in_time_recovery).enabled
    error_message = "Point-in-time recovery must be on by default."
  }

  assert {
    condition     = one(aws_dynamodb_table.this.server_side_encryption).enabled && aws_kms_key.table.enable_key_rotation
    error_message = "The table must be encrypted with a key that rotates."
  }

  assert {
    condition     = one(aws_dynamodb_table.this.global_secondary_index).projection_type == "ALL"
    error_message = "An index projects all attributes unless told otherwise."
  }
}

run "refuses_a_key_without_a_type" {
  command = plan

  variables {
    attributes = { id = "S", status = "S" }
  }

  expect_failures = [var.attributes]
}

run "refuses_a_type_without_a_key" {
  command = plan

  variables {
    attributes = { id = "S", status = "S", createdAt = "S", name = "S" }
  }

  expect_failures = [var.attributes]
}

run "refuses_names_types_and_limits_that_dynamodb_does_not_have" {
  command = plan

  variables {
    table_name                  = join("", [for position in range(256) : "x"])
    kms_deletion_window_in_days = 1
    ttl_attribute               = ""
    global_secondary_indexes = {
      status-index = { hash_key = "status", range_key = "createdAt", projection_type = "SOME" }
    }
  }

  expect_failures = [var.table_name, var.kms_deletion_window_in_days, var.ttl_attribute, var.global_secondary_indexes]
}

run "refuses_an_unknown_attribute_type" {
  command = plan

  variables {
    attributes = { id = "string", status = "S", createdAt = "S" }
  }

  expect_failures = [var.attributes]
}
