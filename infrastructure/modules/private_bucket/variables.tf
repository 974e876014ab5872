variable "name" {
  description = "Full name of the bucket. Bucket names are shared by all AWS accounts."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "The bucket name must be 3 to 63 lower-case letters, digits and hyphens, and start and end with a letter or digit."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the objects; null encrypts with keys that S3 owns (AES256)."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not an alias or a bare id."
  }
}

variable "noncurrent_version_retention_days" {
  description = "Days that an overwritten or deleted object can still be brought back; abandoned uploads are removed after 7. Null keeps everything for ever."
  type        = number
  default     = null

  validation {
    condition     = var.noncurrent_version_retention_days == null || try(var.noncurrent_version_retention_days >= 1 && floor(var.noncurrent_version_retention_days) == var.noncurrent_version_retention_days, false)
    error_message = "noncurrent_version_retention_days must be a whole number of days, 1 or more, or null."
  }
}

variable "noncurrent_versions_kept" {
  description = "With a retention: noncurrent versions of each object that are kept whatever their age; null keeps none beyond it."
  type        = number
  default     = null

  validation {
    condition     = var.noncurrent_versions_kept == null || try(var.noncurrent_versions_kept >= 1 && var.noncurrent_versions_kept <= 100, false)
    error_message = "noncurrent_versions_kept must be between 1 and 100 (the limit of S3), or null."
  }
}

variable "force_destroy" {
  description = "Lets terraform destroy delete the bucket together with everything in it. Leave it false outside a planned destruction."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
