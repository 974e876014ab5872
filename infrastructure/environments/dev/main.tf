# Values only: what differs between environments is on this screen, how it is built is in modules/items_service.
locals {
  environment = "dev"

  # Anybody's scripts may call the API while nobody says whose.
  cors_allow_origins = var.cors_allow_origins == null ? ["*"] : var.cors_allow_origins
}

module "items" {
  source = "../../modules/items_service"

  environment           = local.environment
  memory_size           = 256
  log_level             = "DEBUG"
  log_retention_in_days = 7

  # What one client too many cannot take from the others, nor from the bill.
  throttling_rate_limit  = 20
  throttling_burst_limit = 40

  # Whom the check that asks the table answers.
  deep_health = "public"

  # What is needed to get lost items back.
  point_in_time_recovery      = false
  backup_schedule             = null
  deletion_protection         = coalesce(var.deletion_protection, false)
  force_destroy               = coalesce(var.force_destroy, true)
  kms_deletion_window_in_days = 7

  # Alarms.
  error_rate_percent       = 20
  server_error_percent     = 10
  latency_p99_milliseconds = 10000

  # Which table it is, once it was restored.
  restored_table = var.restored_table

  # Values of the organisation and the account: terraform.tfvars.
  bucket_prefix             = var.bucket_prefix
  access_log_bucket         = var.access_log_bucket
  permissions_boundary      = var.permissions_boundary
  cors_allow_origins        = local.cors_allow_origins
  jwt                       = var.jwt
  require_jwt               = var.require_jwt
  notification_emails       = var.notification_emails
  notification_urls         = var.notification_urls
  runbook_base_url          = var.runbook_base_url
  account_concurrency_limit = var.account_concurrency_limit
}
