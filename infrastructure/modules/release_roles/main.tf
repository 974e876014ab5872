# Names and ARNs that the policies are made of. Everything that a role may touch has the environment's name in its ARN or in its
# tag Environment.
locals {
  at = "${var.location.region}:${var.location.account_id}"
  p  = var.location.partition

  state_objects = "${var.state.bucket_arn}/${var.environment}/*"
  state_object  = "${var.state.bucket_arn}/${var.environment}/terraform.tfstate"

  function_arns       = [for name in var.function_names : "arn:${local.p}:lambda:${local.at}:function:${name}"]
  function_part_arns  = flatten([for arn in local.function_arns : [arn, "${arn}:*"]]) # versions and aliases, too
  execution_role_arns = [for name in var.function_names : "arn:${local.p}:iam::${var.location.account_id}:role/${name}-execution"]
  table_arn           = "arn:${local.p}:dynamodb:${local.at}:table/${var.table_name}"
  # What backs the table up by the clock: a schedule in a group of its own, and the role that it does so with.
  backup_name        = "${var.table_name}-backup"
  backup_role_arn    = "arn:${local.p}:iam::${var.location.account_id}:role/${local.backup_name}-execution"
  schedule_arn       = "arn:${local.p}:scheduler:${local.at}:schedule/${local.backup_name}/${local.backup_name}"
  schedule_group_arn = "arn:${local.p}:scheduler:${local.at}:schedule-group/${local.backup_name}"
  bounded_role_arns  = concat(local.execution_role_arns, [local.backup_role_arn])
  # Where the table is restored to when it is rolled back (slipway rollback ENV data --restore): one of these takes its place.
  restored_tables     = "${var.table_name}-restored-*"
  restored_tables_arn = "${local.table_arn}-restored-*"
  table_arns          = [local.table_arn, local.restored_tables_arn]
  # Where changes of the table are exported to while bad writes are taken back: slipway rollback ENV data --undo.
  exports_arn = "${var.state.bucket_arn}/recovery/${var.environment}/*"
  # Where backups are restored to while they are compared: slipway backup ENV verify.
  verification_tables_arn = "${local.table_arn}-slipway-verify-*"

  bucket_arn        = "arn:${local.p}:s3:::${var.artifact_bucket_name}"
  placeholder_arn   = "${local.bucket_arn}/placeholder/*"
  artifacts_arns    = [for name in var.function_names : "${local.bucket_arn}/functions/${name}/*"]
  queue_arns        = [for name in var.function_names : "arn:${local.p}:sqs:${local.at}:${name}-dead-letters"]
  function_log_arns = [for name in var.function_names : "arn:${local.p}:logs:${local.at}:log-group:/aws/lambda/${name}"]
  any_log_group_arn = "arn:${local.p}:logs:${local.at}:log-group:*"
  any_key_arn       = "arn:${local.p}:kms:${local.at}:key/*"
  topic_arn         = "arn:${local.p}:sns:${local.at}:${var.monitoring_names.topic}"
  undelivered_arn   = "arn:${local.p}:sqs:${local.at}:${var.monitoring_names.topic}-undelivered"
  dashboard_arn     = "arn:${local.p}:cloudwatch::${var.location.account_id}:dashboard/${var.monitoring_names.dashboard}"
  any_alarm_arn     = "arn:${local.p}:cloudwatch:${local.at}:alarm:*"
  alarm_arns        = [for prefix in var.monitoring_names.alarm_prefixes : "arn:${local.p}:cloudwatch:${local.at}:alarm:${prefix}*"]

  # Whoever creates a REST API does not choose its id, so its ARN cannot name the environment; its tag does, and API Gateway lets
  # everything below an API inherit it (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html).
  rest_apis_arn = "arn:${local.p}:apigateway:${var.location.region}::/restapis"

  key_alias_arns = [
    "arn:${local.p}:kms:${local.at}:alias/dynamodb/${var.table_name}",
    "arn:${local.p}:kms:${local.at}:alias/sns/${var.monitoring_names.topic}",
  ]

  # Tags of an API have a path of their own, with the API's ARN in it.
  api_tags_arn = "arn:${local.p}:apigateway:${var.location.region}::/tags/${urlencode("${local.rest_apis_arn}/")}*"

  boundary_name = "${var.name_prefix}-${var.environment}-execution-boundary"
  boundary_arn  = "arn:${local.p}:iam::${var.location.account_id}:policy/${local.boundary_name}"

  backup_boundary_name = "${var.name_prefix}-${var.environment}-backup-boundary"
  backup_boundary_arn  = "arn:${local.p}:iam::${var.location.account_id}:policy/${local.backup_boundary_name}"

  via_s3       = "s3.${var.location.region}.amazonaws.com"
  via_dynamodb = "dynamodb.${var.location.region}.amazonaws.com"
  via_sns      = "sns.${var.location.region}.amazonaws.com"

  purposes = {
    plan = {
      description = "Plans the infrastructure of ${var.environment}: reads, changes nothing"
      trust       = data.aws_iam_policy_document.trust_plan.json
      policy      = data.aws_iam_policy_document.plan.json
    }
    provision = {
      description = "Applies and destroys the infrastructure of ${var.environment}"
      trust       = data.aws_iam_policy_document.jobs["JobsOfTheGitHubEnvironment"].json
      policy      = data.aws_iam_policy_document.provision.json
    }
    deploy = {
      description = "Releases code to ${var.environment}: artifact, version, alias"
      trust       = data.aws_iam_policy_document.jobs["JobsOfTheGitHubEnvironment"].json
      policy      = data.aws_iam_policy_document.deploy.json
    }
    operate = {
      description = "Rollbacks and incidents of ${var.environment}: moves the alias, reads signals, backs the table up, takes bad writes back"
      trust       = data.aws_iam_policy_document.trust_operate.json
      policy      = data.aws_iam_policy_document.operate.json
    }
    migrate = {
      description = "Migrates the records of ${var.environment}: scans its table and changes records in place"
      trust       = data.aws_iam_policy_document.jobs["JobsOfTheGitHubEnvironment"].json
      policy      = data.aws_iam_policy_document.migrate.json
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.purposes

  name                 = "${var.name_prefix}-${var.environment}-${each.key}"
  description          = each.value.description
  assume_role_policy   = each.value.trust
  max_session_duration = 3600
  tags                 = var.tags
}

# One inline policy per role: it lives and dies with the role, and nobody can attach it elsewhere.
resource "aws_iam_role_policy" "this" {
  for_each = local.purposes

  name   = each.key
  role   = aws_iam_role.this[each.key].id
  policy = each.value.policy
}

resource "aws_iam_policy" "execution_boundary" {
  name        = local.boundary_name
  description = "The most that an execution role of ${var.environment} can ever be allowed"
  policy      = data.aws_iam_policy_document.execution_boundary.json
  tags        = var.tags
}

resource "aws_iam_policy" "backup_boundary" {
  name        = local.backup_boundary_name
  description = "The most that the role of the backups of ${var.environment} can ever be allowed"
  policy      = data.aws_iam_policy_document.backup_boundary.json
  tags        = var.tags
}
