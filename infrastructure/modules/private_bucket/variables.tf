variable "name" {
  description = "Full name of the bucket. Bucket names are shared by all AWS accounts."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 63 lower-case letters, digits and hyphens, and start and end with a letter or digit."
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

  validation {
    # S3 delivers access logs to no bucket whose default is a KMS key; they would be lost without an error.
    condition     = var.kms_key_arn == null || length(var.access_log_sources) == 0
    error_message = "A bucket that receives access logs cannot be encrypted with a KMS key: S3 delivers them to AES256 buckets only. Leave kms_key_arn or access_log_sources out."
  }
}

variable "access_log_bucket" {
  description = "Name of the bucket that S3 writes a line to for every request to this one, below `<name>/`. It must be in the same region and account and name this bucket in its own access_log_sources. Null: no access log."
  type        = string
  default     = null

  validation {
    condition     = var.access_log_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.access_log_bucket))
    error_message = "access_log_bucket must be the name of a bucket (3 to 63 lower-case letters, digits, dots and hyphens), not its ARN, or null."
  }

  validation {
    condition     = var.access_log_bucket == null || var.access_log_bucket != var.name
    error_message = "access_log_bucket must be another bucket: each log file that a bucket writes to itself would be logged again, for ever."
  }
}

variable "access_log_sources" {
  description = "Names of the buckets of this account whose access logs this one receives; S3 may then write below `<source>/`. Empty: none."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.access_log_sources : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", name))])
    error_message = "Each of access_log_sources must be the name of a bucket (3 to 63 lower-case letters, digits, dots and hyphens), without wildcards and not its ARN."
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

variable "expiring_prefixes" {
  description = "Days after which objects expire, by what their keys begin with, such as { \"exports/\" = 7 }. Empty: nothing expires."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for prefix, days in var.expiring_prefixes : can(regex("^([A-Za-z0-9_.-]+/)+$", prefix)) && days >= 1 && floor(days) == days])
    error_message = "Each of expiring_prefixes must be a prefix that ends in a slash, such as exports/, with a whole number of days, 1 or more."
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
