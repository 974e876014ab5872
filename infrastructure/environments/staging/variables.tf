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
  description = "Origins whose scripts may call the API from a browser, or \"*\" for any. It is no lock: the API knows no cookies, so a script of another origin has nothing but the tokens that it was given. Empty: none. Null: what main.tf has for this environment."
  type        = list(string)
  default     = null

  validation {
    condition     = var.cors_allow_origins == null || try(alltrue([for origin in var.cors_allow_origins : can(regex("^(\\*|https?://[a-z0-9.-]+(:[0-9]+)?)$", origin))]), false)
    error_message = "Each of cors_allow_origins must be \"*\" or an origin such as https://app.example.com: lower case, without a path or a slash at the end."
  }
}

variable "jwt" {
  description = "Whose tokens the API takes: issuer (https URL), audiences, optionally the address of the issuer's keys (jwks_uri; ISSUER/.well-known/jwks.json where left out) and the scopes that reads and writes need. Null: there is no authorizer."
  type = object({
    issuer      = string
    audiences   = list(string)
    jwks_uri    = optional(string)
    read_scope  = optional(string, "items:read")
    write_scope = optional(string, "items:write")
  })
  default = null

  validation {
    condition     = var.jwt == null || can(regex("^https://[^\\s?#]+$", var.jwt.issuer))
    error_message = "jwt.issuer must be the https URL that tokens have as their iss, such as https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12, to the last slash."
  }

  validation {
    condition     = var.jwt == null || try(length(var.jwt.audiences) > 0 && alltrue([for audience in var.jwt.audiences : can(regex("^[^\\s,]+$", audience))]), false)
    error_message = "jwt.audiences must be one or more of what tokens have as their aud (or client_id), each without commas and blanks: without one, tokens for any API of the issuer would do."
  }

  validation {
    condition     = try(var.jwt.jwks_uri, null) == null || can(regex("^(https://[^\\s]+|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:[0-9]+)?(/[^\\s]*)?)$", var.jwt.jwks_uri))
    error_message = "jwt.jwks_uri must begin with https:// (http:// only on this machine itself): whoever could change the keys on their way could let anyone in."
  }

  validation {
    condition     = var.jwt == null || alltrue([for scope in [try(var.jwt.read_scope, ""), try(var.jwt.write_scope, "")] : can(regex("^[!#-\\[\\]-~]+$", scope))])
    error_message = "jwt.read_scope and jwt.write_scope must be one scope each, such as items:read: no blanks and no quotes (RFC 6749)."
  }
}

variable "require_jwt" {
  description = "Whether items can only be read and written with a token. False with jwt makes the authorizer without asking it, so that it can be released first. Null: in prod as soon as jwt is set, in dev and staging not."
  type        = bool
  default     = null

  validation {
    condition     = var.require_jwt != true || var.jwt != null
    error_message = "require_jwt is true and jwt is not set: set jwt = { issuer = ..., audiences = [...] } too, so that there are tokens to ask for, or require_jwt = false."
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

variable "restored_table" {
  description = "Which table is in use since the table was restored, and which one it was restored from, as long as that is kept: the function's versions from before use it. Written by slipway rollback into restored-table.auto.tfvars.json, which belongs into a commit. Null: the table was never restored."
  type = object({
    name   = string
    former = optional(string)
  })
  default = null
}
