variable "environment" {
  description = "Name of the environment: part of every name, and of the URL."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment must be one of dev, staging and prod: they are what releases, roles and alarms know."
  }
}

variable "name_prefix" {
  description = "Put before every name but the bucket's, for a second copy of the service in one account. Empty, or ending in a hyphen."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.name_prefix == "" || can(regex("^[a-z0-9][a-z0-9-]{0,22}-$", var.name_prefix))
    error_message = "name_prefix must be empty or up to 24 lower-case letters, digits and hyphens that end in a hyphen: with more, the names of the role and its function would not fit into the 64 characters of IAM and Lambda."
  }
}

variable "bucket_prefix" {
  description = "Put before `lambda-code-<environment>`, because bucket names are shared by all AWS accounts. Empty, or ending in a hyphen."
  type        = string
  nullable    = false

  validation {
    condition     = var.bucket_prefix == "" || can(regex("^[a-z0-9][a-z0-9-]{0,30}-$", var.bucket_prefix))
    error_message = "bucket_prefix must be empty or up to 32 lower-case letters, digits and hyphens that end in a hyphen, such as \"acme-\"."
  }
}

variable "permissions_boundary" {
  description = "Bounds the roles of functions and backups by the policies `slipway-<environment>-execution-boundary` and `slipway-<environment>-backup-boundary`, which infrastructure/bootstrap makes. False only where bootstrap's policies are not there: then a role's own policy is all that holds it."
  type        = bool
  default     = true
  nullable    = false
}

variable "cors_allow_origins" {
  description = "Origins whose scripts may call the API from a browser, or \"*\" for any. Empty: none."
  type        = list(string)
  default     = ["*"]
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.cors_allow_origins : can(regex("^(\\*|https?://[a-z0-9.-]+(:[0-9]+)?)$", origin))])
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

variable "deep_health" {
  description = "Who may call GET /health/deep, which asks the table: anybody (public), signed requests of those whom IAM allows execute-api:Invoke (iam), or nobody, because it is not there (off)."
  type        = string
  default     = "iam"
  nullable    = false

  validation {
    condition     = contains(["public", "iam", "off"], var.deep_health)
    error_message = "deep_health must be public, iam or off."
  }
}

variable "access_log_bucket" {
  description = "Bucket that S3 logs every request to the artifacts in; it must name the artifact bucket in its access_log_sources. Null: no access log."
  type        = string
  default     = null
}

variable "memory_size" {
  description = "Memory of the function in MB; its share of CPU grows with it."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size must be a whole number of MB between 128 and 10240 (the limits of Lambda)."
  }
}

variable "timeout" {
  description = "Seconds after which Lambda ends a call. At most 28, so that API Gateway, which waits for 29, sees the function's failure."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 28 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds between 1 and 28: API Gateway waits for 29 at most, and the function's own timeout has to come first."
  }
}

variable "reserved_concurrent_executions" {
  description = "Concurrency that is set aside for, and the most that is allowed to, the function. -1: shares the account's; 0: stops the function."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrent_executions >= -1 && floor(var.reserved_concurrent_executions) == var.reserved_concurrent_executions
    error_message = "reserved_concurrent_executions must be -1 (no reservation), 0 (stop) or a positive whole number."
  }
}

variable "log_level" {
  description = "What the function logs: DEBUG, INFO, WARN or ERROR, each with all that are worse."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level must be DEBUG, INFO, WARN or ERROR."
  }
}

variable "log_retention_in_days" {
  description = "Days that log events are kept, in every log group of the service."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "log_retention_in_days must be one of the periods of CloudWatch Logs: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or 1096 days, or 5 to 10 years (1827, 2192, 2557, 2922, 3288, 3653)."
  }
}

variable "throttling_rate_limit" {
  description = "Requests per second that the API takes over time, of all clients together."
  type        = number
  nullable    = false

  validation {
    condition     = var.throttling_rate_limit > 0
    error_message = "throttling_rate_limit must be more than 0: with 0 the API refuses every request."
  }
}

variable "throttling_burst_limit" {
  description = "Requests that the API takes at once before the rate limit applies."
  type        = number
  nullable    = false

  validation {
    condition     = var.throttling_burst_limit > 0 && floor(var.throttling_burst_limit) == var.throttling_burst_limit
    error_message = "throttling_burst_limit must be a positive whole number: with 0 the API refuses every request."
  }
}

variable "point_in_time_recovery" {
  description = "Continuous backups: the table can be restored to any second of the last 35 days."
  type        = bool
  default     = true
  nullable    = false
}

variable "backup_schedule" {
  description = "When the table is backed up, in UTC: cron(minutes hours day-of-month month day-of-week year), such as cron(0 3 * * ? *) for every day at 3, or rate(1 day). Null: only by hand."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "DynamoDB refuses to delete the table while this is on. To destroy, apply with false first."
  type        = bool
  default     = true
  nullable    = false
}

variable "force_destroy" {
  description = "Lets terraform destroy delete the artifact bucket with every artifact in it. To destroy, apply with true first."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_deletion_window_in_days" {
  description = "Days between the destruction of the table's key and the moment when exported backups can no longer be read."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.kms_deletion_window_in_days >= 7 && var.kms_deletion_window_in_days <= 30
    error_message = "kms_deletion_window_in_days must be between 7 and 30 (the limits of KMS)."
  }
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

variable "error_rate_percent" {
  description = "Calls of the function that may fail, in percent, before the alarm."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.error_rate_percent > 0 && var.error_rate_percent < 100
    error_message = "error_rate_percent must be more than 0 and less than 100: it is in percent."
  }
}

variable "server_error_percent" {
  description = "Answers of the API that may be server errors (5xx), in percent, before the alarm."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.server_error_percent > 0 && var.server_error_percent < 100
    error_message = "server_error_percent must be more than 0 and less than 100: it is in percent."
  }
}

variable "latency_p99_milliseconds" {
  description = "Milliseconds that the slowest 1 % of the API's answers may take before the alarm."
  type        = number
  default     = 5000
  nullable    = false

  validation {
    condition     = var.latency_p99_milliseconds >= 1 && floor(var.latency_p99_milliseconds) == var.latency_p99_milliseconds
    error_message = "latency_p99_milliseconds must be a whole number of milliseconds, 1 or more."
  }
}

variable "account_concurrency_limit" {
  description = "Concurrent executions that Lambda allows all functions of the region together; `aws lambda get-account-settings` says how many."
  type        = number
  default     = 1000
  nullable    = false

  validation {
    condition     = var.account_concurrency_limit >= 1 && floor(var.account_concurrency_limit) == var.account_concurrency_limit
    error_message = "account_concurrency_limit must be a whole number, 1 or more: what `aws lambda get-account-settings` says."
  }
}

variable "silence_minutes" {
  description = "Minutes without any request after which the service counts as down; null where quiet hours are normal."
  type        = number
  default     = null
}

variable "restored_table" {
  description = "Which table is in use since the table was restored, and which one it was restored from, as long as that is kept: the function's versions from before use it. Written by slipway rollback into restored-table.auto.tfvars.json, which belongs into a commit. Null: the table was never restored."
  type = object({
    name   = string
    former = optional(string)
  })
  default = null

  validation {
    condition     = var.restored_table == null || try(can(regex("^[A-Za-z0-9_.-]{3,255}$", var.restored_table.name)) && var.restored_table.name != var.restored_table.former, false)
    error_message = "restored_table must have the name of a table (3 to 255 letters, digits, underscores, dots and hyphens), and as former another one or none."
  }
}
