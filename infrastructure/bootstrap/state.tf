# Who read or wrote which state, and when. S3 delivers to buckets with its own encryption only. The artifact buckets of the environments
# may log here, too.
module "access_logs" {
  source = "../modules/private_bucket"

  name               = local.access_log_bucket_name
  access_log_sources = concat([local.state_bucket_name], values(local.artifact_bucket_names))
  force_destroy      = var.force_destroy
}

module "state_bucket" {
  source = "../modules/private_bucket"

  name              = local.state_bucket_name
  kms_key_arn       = aws_kms_key.state.arn
  access_log_bucket = module.access_logs.name

  # No retention unless asked for: old states are the way back after a lost or damaged one, and each is a few kilobytes.
  noncurrent_version_retention_days = var.noncurrent_version_retention_days

  # Exports of tables, which hold items: slipway rollback ENV data --undo.
  expiring_prefixes = var.export_retention_days == null ? {} : { "recovery/" = var.export_retention_days }
  force_destroy     = var.force_destroy
}
