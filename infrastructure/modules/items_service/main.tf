# The wiring of the items service: which output goes into which input, and what everything is called. What differs between
# environments comes in through variables.
data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  function_name   = "${var.name_prefix}api-handler-${var.environment}"
  authorizer_name = "${var.name_prefix}api-authorizer-${var.environment}"
  api_name        = "${var.name_prefix}items-api-${var.environment}"
  table_name      = "${var.name_prefix}items-${var.environment}"
  status_index    = "status-index"

  # What the table was restored from. Versions of the function that were published before still use it.
  former_table_arns = [for name in compact([try(var.restored_table.former, null)]) : join("/", [split("/", module.table.table_arn)[0], name])]
  deep_health       = "/health/deep"

  # Production asks for tokens as soon as it knows whose; the others only when they are told to.
  is_authorized = coalesce(var.require_jwt, var.environment == "prod" && var.jwt != null)
  authorizer    = local.is_authorized ? { invoke_arn = module.authorizer[0].alias_invoke_arn } : null

  # Made by bootstrap, which no role of an environment may change. The name is all that the two share: the environment reads nothing of
  # bootstrap's state.
  execution_boundary_arn = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy/slipway-${var.environment}-execution-boundary"
  backup_boundary_arn    = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy/slipway-${var.environment}-backup-boundary"
}

module "artifacts" {
  source = "../artifacts"

  bucket_prefix     = var.bucket_prefix
  environment       = var.environment
  access_log_bucket = var.access_log_bucket
  force_destroy     = var.force_destroy
}

module "table" {
  source = "../dynamodb"

  table_name    = local.table_name
  restored_name = try(var.restored_table.name, null)
  hash_key      = "id"
  ttl_attribute = "expiresAtEpoch"
  attributes    = { id = "S", status = "S", createdAt = "S" }
  global_secondary_indexes = {
    (local.status_index) = { hash_key = "status", range_key = "createdAt" }
  }

  point_in_time_recovery      = var.point_in_time_recovery
  deletion_protection         = var.deletion_protection
  kms_deletion_window_in_days = var.kms_deletion_window_in_days
}

# Beside point-in-time recovery, which goes 35 days back and is gone with the table: a backup stays until somebody deletes it.
module "backup_schedule" {
  source = "../backup_schedule"
  count  = var.backup_schedule == null ? 0 : 1

  environment              = var.environment
  name                     = "${local.table_name}-backup"
  table_arn                = module.table.table_arn
  schedule_expression      = var.backup_schedule
  permissions_boundary_arn = var.permissions_boundary ? local.backup_boundary_arn : null
}

module "execution_role" {
  source = "../iam"

  role_name                = "${local.function_name}-execution"
  table_arn                = module.table.table_arn
  table_actions            = ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]
  former_table_arns        = local.former_table_arns
  index_arns               = concat([module.table.index_arns[local.status_index]], [for arn in local.former_table_arns : "${arn}/index/${local.status_index}"])
  table_kms_key_arn        = module.table.kms_key_arn
  log_group_arn            = module.function.log_group_arn
  dead_letter_queue_arn    = module.function.dead_letter_queue_arn
  permissions_boundary_arn = var.permissions_boundary ? local.execution_boundary_arn : null
}

module "function" {
  source = "../lambda"

  function_name                  = local.function_name
  description                    = "The items API (${var.environment})"
  role_arn                       = module.execution_role.role_arn
  artifact_bucket                = module.artifacts.bucket_name
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrent_executions
  log_retention_in_days          = var.log_retention_in_days

  environment = {
    DYNAMODB_TABLE_NAME = module.table.table_name
    CORS_ALLOW_ORIGIN   = join(",", var.cors_allow_origins)
    CURSOR_KEY          = sha256(terraform_data.cursor_key.triggers_replace)
    LOG_LEVEL           = var.log_level
  }

  invokers = {
    api-gateway = {
      principal  = "apigateway.amazonaws.com"
      source_arn = module.api.stage_execution_arn
    }
  }
}

module "api" {
  source = "../api_gateway"

  name              = local.api_name
  description       = "The items API (${var.environment})"
  stage_name        = var.environment
  lambda_invoke_arn = module.function.alias_invoke_arn

  # Written by apps/api-handler, whose test says when it is out of date.
  definition          = file("${path.module}/openapi.json")
  problem_type_prefix = "urn:items-api:problem:"
  authorizer          = local.authorizer
  iam_paths           = var.deep_health == "iam" ? [local.deep_health] : []
  dropped_paths       = var.deep_health == "off" ? [local.deep_health] : []

  # Long enough that the function's own timeout comes first and is counted as its error.
  integration_timeout_milliseconds = (var.timeout + 1) * 1000
  throttling_rate_limit            = var.throttling_rate_limit
  throttling_burst_limit           = var.throttling_burst_limit
  log_retention_in_days            = var.log_retention_in_days
}

module "monitoring" {
  source = "../monitoring"

  environment             = var.environment
  name_prefix             = var.name_prefix
  function_name           = local.function_name
  function_timeout        = var.timeout
  alias_name              = module.function.alias_name
  api_name                = local.api_name
  stage_name              = module.api.stage_name
  table_name              = local.table_name
  restored_table_name     = try(var.restored_table.name, null)
  index_names             = [local.status_index]
  dead_letter_queue_name  = module.function.dead_letter_queue_name
  function_log_group_name = module.function.log_group_name
  access_log_group_name   = module.api.access_log_group_name

  backup_schedule_group_name = one(module.backup_schedule[*].group_name)

  dashboard_name      = "${var.name_prefix}api-gateway-lambda-${var.environment}"
  topic_name          = "${var.name_prefix}items-alarms-${var.environment}"
  notification_emails = var.notification_emails
  notification_urls   = var.notification_urls
  runbook_base_url    = var.runbook_base_url

  error_rate_percent        = var.error_rate_percent
  server_error_percent      = var.server_error_percent
  latency_p99_milliseconds  = var.latency_p99_milliseconds
  reserved_concurrency      = var.reserved_concurrent_executions
  account_concurrency_limit = var.account_concurrency_limit
  silence_minutes           = var.silence_minutes
}
