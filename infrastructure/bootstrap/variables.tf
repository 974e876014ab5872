variable "bucket_prefix" {
  description = "Put before every bucket name, because bucket names are shared by all AWS accounts. Empty, or ending in a hyphen."
  type        = string
  nullable    = false

  validation {
    condition     = var.bucket_prefix == "" || can(regex("^[a-z0-9][a-z0-9-]{0,30}-$", var.bucket_prefix))
    error_message = "bucket_prefix must be empty or up to 32 lower-case letters, digits and hyphens that end in a hyphen, such as \"acme-\"."
  }
}

variable "aws_region" {
  description = "Region of the state bucket, and the one whose API Gateway account setting is managed."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.aws_region))
    error_message = "aws_region must be the name of an AWS region, such as us-east-1."
  }
}

variable "allowed_account_ids" {
  description = "AWS accounts that may be changed. With credentials of any other account Terraform stops before it does anything. Empty: any."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.allowed_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "Each of allowed_account_ids must be the 12 digits of an AWS account id, as a string."
  }
}

variable "manage_api_gateway_account" {
  description = "Sets the role that API Gateway writes logs with. There is one such setting per account and region: false where somebody else owns it already."
  type        = bool
  default     = true
  nullable    = false
}

variable "force_destroy" {
  description = "Lets terraform destroy delete the state bucket with every state in it. To destroy, apply with true first."
  type        = bool
  default     = false
  nullable    = false
}
