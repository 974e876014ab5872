variable "bucket_prefix" {
  description = "Put before every bucket name, because bucket names are shared by all AWS accounts. Empty, or ending in a hyphen; the same as in infrastructure/bootstrap."
  type        = string
  nullable    = false

  validation {
    condition     = var.bucket_prefix == "" || can(regex("^[a-z0-9][a-z0-9-]{0,30}-$", var.bucket_prefix))
    error_message = "bucket_prefix must be empty or up to 32 lower-case letters, digits and hyphens that end in a hyphen, such as \"acme-\"."
  }
}

variable "aws_region" {
  description = "Region of everything in this environment."
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

variable "cors_allow_origins" {
  description = "Origins whose scripts may call the API from a browser, or \"*\" for any: the API knows no cookies and no logins. Empty: none."
  type        = list(string)
  default     = ["*"]
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.cors_allow_origins : can(regex("^(\\*|https?://[a-z0-9.-]+(:[0-9]+)?)$", origin))])
    error_message = "Each of cors_allow_origins must be \"*\" or an origin such as https://app.example.com: lower case, without a path or a slash at the end."
  }
}

variable "access_log_bucket" {
  description = "Bucket that S3 logs every request to the artifacts in; it must name the artifact bucket in its access_log_sources. Null: no access log."
  type        = string
  default     = null
}

variable "permissions_boundary" {
  description = "Bounds the function's role by a policy that infrastructure/bootstrap makes. False only in an account that bootstrap has not been applied to."
  type        = bool
  default     = true
  nullable    = false
}

variable "notification_emails" {
  description = "Addresses that alarms are mailed to. Each has to confirm the subscription."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.notification_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "Each of notification_emails must be an address such as on-call@example.com."
  }
}

variable "notification_urls" {
  description = "Addresses (https) that alarms are posted to, such as those of an on-call service. Each has to confirm the subscription."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for url in var.notification_urls : can(regex("^https://[^\\s/]+(/\\S*)?$", url))])
    error_message = "Each of notification_urls must begin with https://: notifications name what is broken, and are not sent in the clear."
  }
}

variable "runbook_base_url" {
  description = "Where docs/runbooks can be read, such as https://github.com/acme/slipway/blob/main/docs/runbooks. Null: alarms name the path in the repository."
  type        = string
  default     = null

  validation {
    condition     = var.runbook_base_url == null || can(regex("^https://[^\\s]*[^\\s/]$", var.runbook_base_url))
    error_message = "runbook_base_url must begin with https:// and not end in a slash, or be null."
  }
}

variable "account_concurrency_limit" {
  description = "Concurrent executions that Lambda allows all functions of the region together: an alarm warns at 80 % of it. AWS's default is 1000; new accounts can have as few as 10."
  type        = number
  default     = 1000
  nullable    = false

  validation {
    condition     = var.account_concurrency_limit >= 1 && floor(var.account_concurrency_limit) == var.account_concurrency_limit
    error_message = "account_concurrency_limit must be a whole number, 1 or more: what `aws lambda get-account-settings` says."
  }
}

variable "deletion_protection" {
  description = "DynamoDB refuses to delete the table while this is on. To destroy, apply with false first. Null: what main.tf has for this environment."
  type        = bool
  default     = null
}

variable "force_destroy" {
  description = "Lets terraform destroy delete the artifact bucket with every artifact in it. To destroy, apply with true first. Null: what main.tf has for this environment."
  type        = bool
  default     = null
}
