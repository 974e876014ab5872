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
  role_name         = "api-handler-test-execution"
  table_arn         = "arn:aws:dynamodb:us-east-1:123456789012:table/items-test"
  index_arns        = ["arn:aws:dynamodb:us-east-1:123456789012:table/items-test/index/status-index"]
  table_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1b3c9e2a-0000-4000-8000-000000000000"
  log_group_arn     = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/api-handler-test"

  dead_letter_queue_arn    = "arn:aws:sqs:us-east-1:123456789012:api-handler-test-dead-letters"
  permissions_boundary_arn = "arn:aws:iam::123456789012:policy/slipway-test-execution-boundary"
}

run "grants_what_the_function_calls_and_nothing_else" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement :
      statement.Sid => { actions = toset(flatten([statement.Action])), resources = toset(flatten([statement.Resource])) }
      } == {
      ReadAndWriteItems = {
        actions   = toset(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"])
        resources = toset([var.table_arn])
      }
      QueryIndexes               = { actions = toset(["dynamodb:Query"]), resources = toset(var.index_arns) }
      UseTableKeyThroughDynamoDb = { actions = toset(["kms:Decrypt"]), resources = toset([var.table_kms_key_arn]) }
      WriteOwnLogs               = { actions = toset(["logs:CreateLogStream", "logs:PutLogEvents"]), resources = toset(["${var.log_group_arn}:*"]) }
      SendDeadLetters            = { actions = toset(["sqs:SendMessage"]), resources = toset([var.dead_letter_queue_arn]) }
      SendTraces                 = { actions = toset(["xray:PutTraceSegments", "xray:PutTelemetryRecords"]), resources = toset(["*"]) }
    }
    error_message = "The execution role's policy is not the expected one."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Condition if statement.Sid == "UseTableKeyThroughDynamoDb"
    ]) == { StringEquals = { "kms:ViaService" = "dynamodb.us-east-1.amazonaws.com" } }
    error_message = "The key must be usable through DynamoDB only."
  }

  assert {
    condition     = aws_iam_role.execution.permissions_boundary == var.permissions_boundary_arn
    error_message = "The role must be bounded by the given policy."
  }

  assert {
    condition     = one(jsondecode(aws_iam_role.execution.assume_role_policy).Statement).Principal == { Service = "lambda.amazonaws.com" }
    error_message = "Only Lambda may assume the execution role."
  }
}

run "leaves_out_what_is_not_used" {
  command = plan

  variables {
    index_arns            = []
    table_kms_key_arn     = null
    dead_letter_queue_arn = null
    tracing               = false
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid] == ["ReadAndWriteItems", "WriteOwnLogs"]
    error_message = "Without indexes, key and traces only two statements remain."
  }
}

run "a_function_without_a_table_may_log_and_nothing_else" {
  command = plan

  variables {
    table_arn             = null
    index_arns            = []
    table_kms_key_arn     = null
    dead_letter_queue_arn = null
    tracing               = false
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid] == ["WriteOwnLogs"]
    error_message = "Without a table there is nothing to read and write."
  }
}

run "refuses_scan" {
  command = plan

  variables {
    table_actions = ["GetItem", "Scan"]
  }

  expect_failures = [var.table_actions]
}

run "refuses_wildcards_bad_names_and_bare_names" {
  command = plan

  variables {
    role_name                = join("", [for position in range(65) : "x"])
    table_actions            = ["*"]
    table_arn                = "arn:aws:dynamodb:us-east-1:123456789012:table/*"
    index_arns               = ["arn:aws:dynamodb:us-east-1:123456789012:table/items-test/index/*"]
    table_kms_key_arn        = "alias/items-test"
    dead_letter_queue_arn    = "api-handler-test-dead-letters"
    permissions_boundary_arn = "slipway-test-execution-boundary"
  }

  expect_failures = [
    var.role_name, var.table_actions, var.table_arn, var.index_arns, var.table_kms_key_arn, var.dead_letter_queue_arn, var.permissions_boundary_arn,
  ]
}

run "versions_from_before_a_restore_keep_their_table" {
  command = plan

  variables {
    table_arn         = "arn:aws:dynamodb:us-east-1:123456789012:table/items-restored-20261128-161500"
    former_table_arns = ["arn:aws:dynamodb:us-east-1:123456789012:table/items"]
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Resource if statement.Sid == "ReadAndWriteItems"
    ])) == toset(["arn:aws:dynamodb:us-east-1:123456789012:table/items", "arn:aws:dynamodb:us-east-1:123456789012:table/items-restored-20261128-161500"])
    error_message = "The role may use both tables, until the former one is retired."
  }
}
