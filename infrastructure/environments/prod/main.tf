# Values and wiring only: what differs between environments is on this screen, how it is built is in the modules.
locals {
  project     = "slipway"
  environment = "prod"

  function_name   = "api-handler-${local.environment}"
  table_name      = "items-${local.environment}"
  status_index    = "status-index"
  timeout_seconds = 10
}

module "artifacts" {
  source = "../../modules/artifacts"

  bucket_prefix = var.bucket_prefix
  environment   = local.environment
  force_destroy = var.force_destroy
}

module "table" {
  source = "../../modules/dynamodb"

  table_name    = local.table_name
  hash_key      = "id"
  ttl_attribute = "expiresAtEpoch"
  attributes    = { id = "S", status = "S", createdAt = "S" }
  global_secondary_indexes = {
    (local.status_index) = { hash_key = "status", range_key = "createdAt" }
  }

  deletion_protection         = var.deletion_protection
  kms_deletion_window_in_days = 30
}

module "execution_role" {
  source = "../../modules/iam"

  role_name         = "${local.function_name}-execution"
  table_arn         = module.table.table_arn
  table_actions     = ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]
  index_arns        = [module.table.index_arns[local.status_index]]
  table_kms_key_arn = module.table.kms_key_arn
  log_group_arn     = module.function.log_group_arn
}

module "function" {
  source = "../../modules/lambda"

  function_name         = local.function_name
  description           = "The items API (${local.environment})"
  role_arn              = module.execution_role.role_arn
  artifact_bucket       = module.artifacts.bucket_name
  memory_size           = 512
  timeout               = local.timeout_seconds
  log_retention_in_days = 90

  environment = {
    DYNAMODB_TABLE_NAME = module.table.table_name
    CORS_ALLOW_ORIGIN   = join(",", var.cors_allow_origins)
    LOG_LEVEL           = "INFO"
  }

  invokers = {
    api-gateway = {
      principal  = "apigateway.amazonaws.com"
      source_arn = module.api.stage_execution_arn
    }
  }
}

module "api" {
  source = "../../modules/api_gateway"

  name              = "items-api-${local.environment}"
  description       = "The items API (${local.environment})"
  stage_name        = local.environment
  lambda_invoke_arn = module.function.alias_invoke_arn

  routes = {
    "/health"     = ["GET", "OPTIONS"]
    "/items"      = ["GET", "POST", "OPTIONS"]
    "/items/{id}" = ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]
  }

  # Long enough that the function's own timeout comes first and is counted as its error.
  integration_timeout_milliseconds = (local.timeout_seconds + 1) * 1000
  throttling_rate_limit            = 500
  throttling_burst_limit           = 1000
  log_retention_in_days            = 90
}
