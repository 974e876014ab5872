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

run "a_restored_table_keeps_what_stands_beside_it" {
  command = plan

  variables {
    restored_name = "items-test-restored-20261128-161500"
  }

  assert {
    condition     = aws_dynamodb_table.this.name == "items-test-restored-20261128-161500" && output.table_name == "items-test-restored-20261128-161500"
    error_message = "The table is the one that was restored."
  }

  assert {
    condition     = aws_kms_alias.table.name == "alias/dynamodb/items-test" && aws_kms_key.table.description == "Encrypts the DynamoDB table items-test"
    error_message = "The key stays what it is: the restored table is encrypted with it."
  }
}

run "refuses_an_arn_as_the_name_of_a_restored_table" {
  command = plan

  variables {
    restored_name = "arn:aws:dynamodb:us-east-1:123456789012:table/items"
  }

  expect_failures = [var.restored_name]
}
