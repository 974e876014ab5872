variable "bucket_prefix" {
  description = "Put before `lambda-code-<environment>`, because bucket names are shared by all AWS accounts. Empty, or ending in a hyphen."
  type        = string
  nullable    = false

  validation {
    condition     = var.bucket_prefix == "" || can(regex("^[a-z0-9][a-z0-9-]{0,30}-$", var.bucket_prefix))
    error_message = "bucket_prefix must be empty or up to 32 lower-case letters, digits and hyphens that end in a hyphen, such as \"acme-\"."
  }
}

variable "environment" {
  description = "Environment whose artifacts the bucket holds."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment must be one of dev, staging and prod: they are what releases, roles and alarms know."
  }
}

variable "kms_key_arn" {
  description = "KMS key for the objects. Null (AES256) by default: the code is no secret, and with a key every reader of the bucket needs kms:Decrypt too."
  type        = string
  default     = null
}

variable "access_log_bucket" {
  description = "Bucket that S3 logs every request to the artifacts in (who fetched and who put what); it must name this one in its access_log_sources. Null: no access log."
  type        = string
  default     = null
}

variable "noncurrent_version_retention_days" {
  description = "Days that a deleted artifact can still be brought back. Null, for ever, by default: a release that history names must be there to go back to."
  type        = number
  default     = null
}

variable "force_destroy" {
  description = "Lets terraform destroy delete the bucket together with every artifact in it."
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
