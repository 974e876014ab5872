module "bucket" {
  source = "../private_bucket"

  name                              = "${var.bucket_prefix}lambda-code-${var.environment}"
  kms_key_arn                       = var.kms_key_arn
  access_log_bucket                 = var.access_log_bucket
  noncurrent_version_retention_days = var.noncurrent_version_retention_days
  force_destroy                     = var.force_destroy
  tags                              = var.tags
}
