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
  environment = "prod"
  location    = { region = "us-east-1", account_id = "123456789012" }

  github = {
    provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    repository   = "acme/items-api"
  }

  state                = { bucket_arn = "arn:aws:s3:::acme-terraform-state", kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/state" }
  ledger               = { table_arn = "arn:aws:dynamodb:us-east-1:123456789012:table/slipway-ledger", kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/ledger" }
  artifact_bucket_name = "acme-lambda-code-prod"
  function_names       = ["api-handler-prod", "api-authorizer-prod"]
  table_name           = "items-prod"
  monitoring_names     = { dashboard = "api-gateway-lambda-prod", topic = "items-alarms-prod", alarm_prefixes = ["api-handler-prod-", "items-prod-"] }
}

run "jobs_must_come_from_the_repository_the_branch_and_the_github_environment" {
  command = plan

  assert {
    condition = alltrue([for purpose in ["provision", "deploy", "operate", "migrate"] :
      jsondecode(aws_iam_role.this[purpose].assume_role_policy) == {
        Version = "2012-10-17"
        Statement = [{
          Sid       = "JobsOfTheGitHubEnvironment"
          Effect    = "Allow"
          Action    = "sts:AssumeRoleWithWebIdentity"
          Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
          Condition = {
            StringEquals = {
              "token.actions.githubusercontent.com:aud"         = "sts.amazonaws.com"
              "token.actions.githubusercontent.com:sub"         = "repo:acme/items-api:environment:prod"
              "token.actions.githubusercontent.com:repository"  = "acme/items-api"
              "token.actions.githubusercontent.com:ref"         = "refs/heads/main"
              "token.actions.githubusercontent.com:environment" = "prod"
            }
          }
        }]
      }
    ])
    error_message = "Each role that changes something trusts one repository, one branch and one GitHub environment, and nothing else."
  }
}

run "plans_may_come_from_pull_requests_and_the_branch_too" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_iam_role.this["plan"].assume_role_policy).Statement : [statement.Sid, statement.Condition.StringEquals]] == [
      ["JobsOfTheGitHubEnvironment", {
        "token.actions.githubusercontent.com:aud"         = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub"         = "repo:acme/items-api:environment:prod"
        "token.actions.githubusercontent.com:repository"  = "acme/items-api"
        "token.actions.githubusercontent.com:ref"         = "refs/heads/main"
        "token.actions.githubusercontent.com:environment" = "prod"
      }],
      ["JobsOfTheBranch", {
        "token.actions.githubusercontent.com:aud"        = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub"        = "repo:acme/items-api:ref:refs/heads/main"
        "token.actions.githubusercontent.com:repository" = "acme/items-api"
        "token.actions.githubusercontent.com:ref"        = "refs/heads/main"
      }],
      ["PullRequests", {
        "token.actions.githubusercontent.com:aud"        = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub"        = "repo:acme/items-api:pull_request"
        "token.actions.githubusercontent.com:repository" = "acme/items-api"
      }],
    ]
    error_message = "The plan role trusts the GitHub environment, the branch and pull requests of one repository."
  }
}

run "the_repositorys_number_counts_where_it_is_known" {
  command = plan

  variables {
    github = {
      provider_arn   = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
      repository     = "acme/items-api"
      branch         = "release/next"
      repository_id  = "5678"
      subject_prefix = "repo:acme@1234/items-api@5678"
    }
  }

  assert {
    condition = jsondecode(aws_iam_role.this["deploy"].assume_role_policy).Statement[0].Condition.StringEquals == {
      "token.actions.githubusercontent.com:aud"           = "sts.amazonaws.com"
      "token.actions.githubusercontent.com:sub"           = "repo:acme@1234/items-api@5678:environment:prod"
      "token.actions.githubusercontent.com:repository"    = "acme/items-api"
      "token.actions.githubusercontent.com:repository_id" = "5678"
      "token.actions.githubusercontent.com:ref"           = "refs/heads/release/next"
      "token.actions.githubusercontent.com:environment"   = "prod"
    }
    error_message = "With a number and another beginning of the subject, the trust policy must hold both."
  }
}

run "people_on_call_may_operate_and_nothing_else" {
  command = plan

  variables {
    operator_principal_arns = ["arn:aws:iam::123456789012:role/on-call"]
  }

  assert {
    condition = jsondecode(aws_iam_role.this["operate"].assume_role_policy).Statement[1] == {
      Sid       = "PeopleOnCall"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::123456789012:role/on-call" }
    }
    error_message = "The people on call may assume the operate role."
  }

  assert {
    condition     = alltrue([for purpose in ["plan", "provision", "deploy", "migrate"] : !strcontains(aws_iam_role.this[purpose].assume_role_policy, "on-call")])
    error_message = "The people on call may assume no role but operate."
  }
}

run "jobs_that_watch_may_operate_where_that_is_wanted_and_nothing_else" {
  command = plan

  variables {
    operator_principal_arns = ["arn:aws:iam::123456789012:role/on-call"]
    github = {
      provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
      repository   = "acme/items-api"
      watch        = true
    }
  }

  assert {
    condition = one([for statement in jsondecode(aws_iam_role.this["operate"].assume_role_policy).Statement : statement if statement.Sid == "JobsThatWatch"]).Condition.StringEquals == {
      "token.actions.githubusercontent.com:aud"         = "sts.amazonaws.com"
      "token.actions.githubusercontent.com:sub"         = "repo:acme/items-api:environment:prod-watch"
      "token.actions.githubusercontent.com:repository"  = "acme/items-api"
      "token.actions.githubusercontent.com:ref"         = "refs/heads/main"
      "token.actions.githubusercontent.com:environment" = "prod-watch"
    }
    error_message = "Jobs of the GitHub environment prod-watch, from the one branch, may operate."
  }

  assert {
    condition     = alltrue([for purpose in ["plan", "provision", "deploy", "migrate"] : !strcontains(aws_iam_role.this[purpose].assume_role_policy, "prod-watch")])
    error_message = "Jobs that watch may assume no role but operate."
  }

  assert {
    condition     = length(aws_iam_role.this["operate"].assume_role_policy) <= 2048
    error_message = "A trust policy may have 2,048 characters."
  }
}

run "policies_fit_into_iam_and_name_what_each_statement_is_for" {
  command = plan

  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.this : length(replace(policy.policy, "/\\s/", "")) <= 10240])
    error_message = "The inline policies of a role may have 10,240 characters, white space not counted."
  }

  assert {
    condition     = alltrue([for boundary in [aws_iam_policy.execution_boundary, aws_iam_policy.backup_boundary] : length(replace(boundary.policy, "/\\s/", "")) <= 6144])
    error_message = "A managed policy may have 6,144 characters, white space not counted."
  }

  assert {
    condition = alltrue(flatten([
      for policy in concat([for role in aws_iam_role_policy.this : role.policy], [aws_iam_policy.execution_boundary.policy, aws_iam_policy.backup_boundary.policy]) : [
        for statement in jsondecode(policy).Statement : try(length(statement.Sid) > 0, false) && !contains(flatten([statement.Action]), "*")
      ]
    ]))
    error_message = "Every statement has a Sid, and none allows everything."
  }

  assert {
    # What has no resource-level permissions, and what is limited by conditions instead.
    condition = toset(flatten([
      for policy in concat([for role in aws_iam_role_policy.this : role.policy], [aws_iam_policy.execution_boundary.policy, aws_iam_policy.backup_boundary.policy]) : [
        for statement in jsondecode(policy).Statement : statement.Sid if contains(flatten([statement.Resource]), "*")
      ]
      ])) == toset([
      "CreateTaggedKeys", "FindByName", "FindLogsAndCollectQueries", "ListBackups", "ManageCompositeAlarmsQueriesAndSubscriptions",
      "ReadMetricsAndAlarms", "Traces",
    ])
    error_message = "Only these statements may speak of all resources."
  }
}

run "policies_fit_with_the_longest_names_that_bootstrap_makes" {
  command = plan

  variables {
    environment          = "staging"
    location             = { partition = "aws-us-gov", region = "us-gov-west-1", account_id = "123456789012" }
    state                = { bucket_arn = "arn:aws-us-gov:s3:::a-prefix-of-32-letters-and-more-terraform-state", kms_key_arn = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/00000000-0000-0000-0000-000000000001" }
    ledger               = { table_arn = "arn:aws-us-gov:dynamodb:us-gov-west-1:123456789012:table/slipway-ledger", kms_key_arn = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/00000000-0000-0000-0000-000000000002" }
    artifact_bucket_name = "a-prefix-of-32-letters-and-more-lambda-code-staging"
    function_names       = ["api-handler-staging", "api-authorizer-staging"]
    table_name           = "items-staging"
    signed_paths         = ["/health/deep"]
    monitoring_names     = { dashboard = "api-gateway-lambda-staging", topic = "items-alarms-staging", alarm_prefixes = ["api-handler-staging-", "items-staging-", "items-api-staging-"] }
  }

  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.this : length(replace(policy.policy, "/\\s/", "")) <= 10240])
    error_message = "IAM would refuse a role of staging: its inline policies may have 10,240 characters, white space not counted."
  }
}

run "a_wildcard_in_what_provision_may_do_is_one_that_was_thought_about" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_role_policy.this["provision"].policy).Statement : [for action in flatten([statement.Action]) : action if strcontains(action, "*")]
      ])) == toset([
      "cloudwatch:*Dashboard*", "dynamodb:*ResourcePolicy", "dynamodb:Describe*", "iam:GetRole*", "iam:UpdateRole*", "kms:*KeyRotation*", "kms:GenerateDataKey*",
      "kms:ReEncrypt*", "lambda:*Alias", "lambda:*FunctionConcurrency", "lambda:Get*", "s3:Get*Configuration", "s3:GetBucket*", "scheduler:*Schedule*",
      "scheduler:*Tag*",
    ])
    error_message = "What each wildcard stands for is in the README: say it there, too."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this["provision"].policy).Statement : !anytrue([for resource in flatten([statement.Resource]) : endswith(resource, "/*")])
      if contains(flatten([statement.Action]), "s3:GetBucket*")
    ])
    error_message = "What reads a bucket's settings by a wildcard must not speak of its objects."
  }
}

run "execution_roles_need_the_boundary" {
  command = plan

  assert {
    condition     = aws_iam_policy.execution_boundary.name == "slipway-prod-execution-boundary"
    error_message = "Environments know the boundary by this name."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this["provision"].policy).Statement : statement
      if contains(flatten([statement.Action]), "iam:CreateRole") || contains(flatten([statement.Action]), "iam:PutRolePolicy")
      ] == [{
        Sid       = "CreateBoundedExecutionRoles"
        Effect    = "Allow"
        Action    = ["iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:CreateRole"]
        Resource  = ["arn:aws:iam::123456789012:role/api-handler-prod-execution", "arn:aws:iam::123456789012:role/api-authorizer-prod-execution"]
        Condition = { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/slipway-prod-execution-boundary" } }
        }, {
        Sid       = "CreateBoundedBackupRole"
        Effect    = "Allow"
        Action    = ["iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:CreateRole"]
        Resource  = "arn:aws:iam::123456789012:role/items-prod-backup-execution"
        Condition = { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/slipway-prod-backup-boundary" } }
    }]
    error_message = "provision may create the roles of its functions and of its backups only, and only with their boundaries."
  }
}

run "a_role_is_passed_to_who_it_is_for" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.this["provision"].policy).Statement :
      statement.Condition.StringEquals["iam:PassedToService"] => toset(flatten([statement.Resource])) if statement.Action == "iam:PassRole"
      } == {
      "lambda.amazonaws.com"    = toset(["arn:aws:iam::123456789012:role/api-handler-prod-execution", "arn:aws:iam::123456789012:role/api-authorizer-prod-execution"])
      "scheduler.amazonaws.com" = toset(["arn:aws:iam::123456789012:role/items-prod-backup-execution"])
    }
    error_message = "Lambda gets the roles of functions, and EventBridge Scheduler the one that backs the table up."
  }

  assert {
    condition = one(jsondecode(aws_iam_policy.backup_boundary.policy).Statement) == {
      Sid      = "BackUpOwnTable"
      Effect   = "Allow"
      Action   = "dynamodb:CreateBackup"
      Resource = ["arn:aws:dynamodb:us-east-1:123456789012:table/items-prod-restored-*", "arn:aws:dynamodb:us-east-1:123456789012:table/items-prod"]
    } && aws_iam_policy.backup_boundary.name == "slipway-prod-backup-boundary"
    error_message = "The role that backs the table up can do nothing else, whatever is attached to it."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this["provision"].policy).Statement : toset(flatten([statement.Resource])) == toset([
        "arn:aws:scheduler:us-east-1:123456789012:schedule/items-prod-backup/items-prod-backup",
        "arn:aws:scheduler:us-east-1:123456789012:schedule-group/items-prod-backup",
      ]) if statement.Sid == "ManageBackupSchedule"
    ])
    error_message = "provision may manage one schedule, and its group."
  }
}

run "functions_are_known_by_their_names" {
  command = plan

  assert {
    condition = alltrue([
      for name in var.function_names : alltrue([
        strcontains(aws_iam_role_policy.this["deploy"].policy, "function:${name}:*"),
        strcontains(aws_iam_role_policy.this["deploy"].policy, "acme-lambda-code-prod/functions/${name}/*"),
        strcontains(aws_iam_role_policy.this["operate"].policy, "function:${name}:*"),
        strcontains(aws_iam_role_policy.this["plan"].policy, "${name}-dead-letters"),
        strcontains(aws_iam_role_policy.this["provision"].policy, "${name}-dead-letters"),
        strcontains(aws_iam_policy.execution_boundary.policy, "log-group:/aws/lambda/${name}:*"),
      ])
    ])
    error_message = "Every function is released, watched and bounded, with what belongs to it."
  }
}

run "operators_may_ask_what_asks_for_signatures" {
  command = plan

  variables {
    signed_paths = ["/health/deep"]
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this["operate"].policy).Statement : statement.Resource if statement.Action == "execute-api:Invoke"
    ] == ["arn:aws:execute-api:us-east-1:123456789012:*/prod/GET/health/deep"]
    error_message = "Operators may GET the path, on their own stage."
  }
}

run "refuses_a_path_that_is_a_pattern" {
  command = plan

  variables {
    signed_paths = ["/*"]
  }

  expect_failures = [var.signed_paths]
}

run "refuses_to_know_no_function" {
  command = plan

  variables {
    function_names = []
  }

  expect_failures = [var.function_names]
}

run "refuses_a_name_that_is_a_pattern" {
  command = plan

  variables {
    function_names = ["api-handler-*"]
  }

  expect_failures = [var.function_names]
}

run "refuses_a_repository_that_is_an_address" {
  command = plan

  variables {
    github = { provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", repository = "https://github.com/acme/items-api" }
  }

  expect_failures = [var.github]
}

run "refuses_a_repository_with_a_wildcard" {
  command = plan

  variables {
    github = { provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", repository = "acme/*" }
  }

  expect_failures = [var.github]
}

run "refuses_a_branch_that_is_a_ref" {
  command = plan

  variables {
    github = { provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", repository = "acme/items-api", branch = "refs/heads/main" }
  }

  expect_failures = [var.github]
}

run "refuses_an_unknown_environment_and_a_whole_account_as_operator" {
  command = plan

  variables {
    environment             = "production"
    operator_principal_arns = ["arn:aws:iam::123456789012:root"]
  }

  expect_failures = [var.environment, var.operator_principal_arns]
}

run "versions_are_asked_and_the_function_itself_is_not" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this["deploy"].policy).Statement : statement.Resource if try(statement.Action, "") == "lambda:InvokeFunction"] == [
      ["arn:aws:lambda:us-east-1:123456789012:function:api-handler-prod:*", "arn:aws:lambda:us-east-1:123456789012:function:api-authorizer-prod:*"],
    ]
    error_message = "deploy may call what was published of each function, and nothing else."
  }
}

run "people_are_told_through_the_own_topic_and_its_key" {
  command = plan

  assert {
    condition = alltrue([for purpose in ["deploy", "operate"] :
      [for statement in jsondecode(aws_iam_role_policy.this[purpose].policy).Statement : [statement.Resource, try(statement.Condition.StringEquals, null)] if contains(["TellPeople", "EncryptWhatPeopleAreTold"], statement.Sid)] == [
        ["arn:aws:sns:us-east-1:123456789012:items-alarms-prod", null],
        ["arn:aws:kms:us-east-1:123456789012:key/*", { "kms:ViaService" = "sns.us-east-1.amazonaws.com", "aws:ResourceTag/Environment" = "prod" }],
      ]
    ])
    error_message = "deploy and operate may publish to the own topic, with a key of the own environment, and only through SNS."
  }
}

run "operators_put_a_state_back_but_do_not_lock_it" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_role_policy.this["operate"].policy).Statement : statement.Resource if contains(flatten([statement.Action]), "s3:PutObject")
    ])) == toset(["arn:aws:s3:::acme-terraform-state/prod/terraform.tfstate", "arn:aws:s3:::acme-terraform-state/prod/terraform.tfstate.backups/*", "arn:aws:s3:::acme-terraform-state/recovery/prod/*"])
    error_message = "Operators may write the state, copies of it and exports, and no lock."
  }
}

run "exports_are_for_operators_alone" {
  command = plan

  assert {
    condition = [
      for purpose, role in aws_iam_role_policy.this : purpose if strcontains(role.policy, "/recovery/")
    ] == ["operate"]
    error_message = "What is exported of a table is what is in its items: only operators may read it."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_role_policy.this["operate"].policy).Statement : statement.Resource if contains(flatten([statement.Action]), "dynamodb:ExportTableToPointInTime")
      ])) == toset(flatten([
      for name in ["items-prod", "items-prod-restored-*"] :
      ["arn:aws:dynamodb:us-east-1:123456789012:table/${name}", "arn:aws:dynamodb:us-east-1:123456789012:table/${name}/export/*"]
    ]))
    error_message = "Operators may export their own table, and a restored one in its place."
  }
}

run "operators_delete_no_backup_and_no_table_but_those_of_verifications" {
  command = plan

  assert {
    condition = flatten([
      for statement in jsondecode(aws_iam_role_policy.this["operate"].policy).Statement : statement.Resource if contains(flatten([statement.Action]), "dynamodb:DeleteTable")
    ]) == ["arn:aws:dynamodb:us-east-1:123456789012:table/items-prod-slipway-verify-*"]
    error_message = "Operators may delete what a backup was restored to for its verification, and no other table."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.this["operate"].policy, "dynamodb:DeleteBackup")
    error_message = "Operators may delete no backup."
  }

  assert {
    condition     = alltrue([for policy in values(aws_iam_role_policy.this) : length(policy.policy) <= 10240])
    error_message = "IAM takes inline policies of up to 10,240 characters for a role."
  }
}

run "operators_read_a_restored_table_only_until_it_is_the_environments" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this["operate"].policy).Statement : statement.Condition
      if contains(flatten([statement.Action]), "dynamodb:Scan") && contains(flatten([statement.Resource]), "arn:aws:dynamodb:us-east-1:123456789012:table/items-prod-restored-*") && statement.Sid != "CompareKeys"
    ] == [{ Null = { "aws:ResourceTag/Environment" = "true" } }]
    error_message = "A table with the environment's tag has its data for the function alone."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.this["operate"].policy, "ResourcePolicy")
    error_message = "Who could write a table's policy could let anybody in: that is for who changes the infrastructure."
  }
}
