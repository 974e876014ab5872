variable "environment" {
  description = "Environment that is watched: part of the dashboard's name where none is given, and left out of the runbooks' names."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment must be one of dev, staging and prod: they are what releases, roles and alarms know."
  }
}

variable "name_prefix" {
  description = "What the names of function, API and table have in front in a second copy of the service: left out of the runbooks' names, which are the same for all copies."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{0,64}$", var.name_prefix))
    error_message = "name_prefix must be empty or up to 64 letters, digits, underscores and hyphens."
  }
}

variable "function_name" {
  description = "Name of the function, such as api-handler-prod. Alarms on it begin with it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.function_name))
    error_message = "function_name must be 1 to 64 letters, digits, underscores and hyphens (the limit of Lambda), not an ARN."
  }
}

variable "function_timeout" {
  description = "Seconds after which Lambda ends a call of the function: what the duration is measured against."
  type        = number
  nullable    = false

  validation {
    condition     = var.function_timeout >= 1 && var.function_timeout <= 900
    error_message = "function_timeout must be the function's timeout in seconds, between 1 and 900."
  }
}

variable "alias_name" {
  description = "Alias that traffic is sent to; the dashboard shows the versions behind it."
  type        = string
  default     = "live"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.alias_name))
    error_message = "alias_name must be 1 to 128 letters, digits, underscores and hyphens."
  }
}

variable "api_name" {
  description = "Name (not the id) of the REST API, such as items-api-prod: API Gateway measures by name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,128}$", var.api_name))
    error_message = "api_name must be 1 to 128 letters, digits, dots, underscores and hyphens: alarms are named after it."
  }
}

variable "stage_name" {
  description = "Name of the API's stage."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.stage_name))
    error_message = "stage_name must be 1 to 128 letters, digits, underscores and hyphens."
  }
}

variable "restored_table_name" {
  description = "Name of the table that is watched where it was restored; alarms keep the names that they have from table_name. Null: table_name."
  type        = string
  default     = null

  validation {
    condition     = var.restored_table_name == null || can(regex("^[A-Za-z0-9_.-]{3,255}$", var.restored_table_name))
    error_message = "restored_table_name must be 3 to 255 letters, digits, underscores, dots and hyphens, not an ARN, or null."
  }
}

variable "table_name" {
  description = "Name of the table, such as items-prod."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,244}$", var.table_name))
    error_message = "table_name must be 3 to 244 letters, digits, underscores, dots and hyphens (an alarm's name has 255 and ends in -throttling), not an ARN."
  }
}

variable "index_names" {
  description = "Names of the table's global secondary indexes, which are throttled by themselves."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.index_names) <= 4
    error_message = "index_names can have 4 names at most: an alarm adds up 10 metrics at most, and the table and each index have 2."
  }
}

variable "backup_schedule_group_name" {
  description = "Name of the group of EventBridge Scheduler that holds the table's schedule of backups, such as items-prod-backup; nothing else may be in it. Null, no alarm on backups: there is no schedule."
  type        = string
  default     = null

  validation {
    condition     = var.backup_schedule_group_name == null || can(regex("^[A-Za-z0-9_.-]{1,64}$", var.backup_schedule_group_name))
    error_message = "backup_schedule_group_name must be 1 to 64 letters, digits, underscores, dots and hyphens (the limit of EventBridge Scheduler), not an ARN, or null."
  }
}

variable "dead_letter_queue_name" {
  description = "Name of the queue for events that the function failed to handle for good."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,80}$", var.dead_letter_queue_name))
    error_message = "dead_letter_queue_name must be 1 to 80 letters, digits, underscores and hyphens (the limit of SQS), neither an ARN nor a URL."
  }
}

variable "function_log_group_name" {
  description = "Log group of the function, for the saved queries."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_/.#-]{1,512}$", var.function_log_group_name))
    error_message = "function_log_group_name must be the name of a log group, such as /aws/lambda/api-handler-prod, not its ARN."
  }
}

variable "access_log_group_name" {
  description = "Log group with one JSON line per request to the API, for the saved queries."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_/.#-]{1,512}$", var.access_log_group_name))
    error_message = "access_log_group_name must be the name of a log group, such as /aws/apigateway/API-ID, not its ARN."
  }
}

variable "topic_name" {
  description = "Name of the SNS topic that alarms are sent to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,68}$", var.topic_name))
    error_message = "topic_name must be 1 to 68 letters, digits, underscores and hyphens: the queue of undelivered notifications (80 at most) is named after it."
  }
}

variable "dashboard_name" {
  description = "Name of the dashboard; null: api-gateway-lambda-<environment>, as the production guide has it."
  type        = string
  default     = null

  validation {
    condition     = var.dashboard_name == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.dashboard_name))
    error_message = "dashboard_name must be 1 to 255 letters, digits, underscores and hyphens (the limit of CloudWatch), or null."
  }
}

variable "notification_emails" {
  description = "Addresses that alarms are mailed to. Each gets a mail first, and nothing else until somebody has confirmed it."
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
  description = "Where docs/runbooks can be read, such as https://github.com/acme/slipway/blob/main/docs/runbooks: each alarm's description ends in the address of its runbook. Null: the path in the repository."
  type        = string
  default     = null

  validation {
    condition     = var.runbook_base_url == null || can(regex("^https://[^\\s]*[^\\s/]$", var.runbook_base_url))
    error_message = "runbook_base_url must begin with https:// and not end in a slash, or be null."
  }
}

variable "error_rate_percent" {
  description = "Calls of the function that may fail, in percent of all. The production guide says 5. SLIC Watch alarms on every single error, which is right where an error is an event that is lost; here it is a request that a client repeats."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.error_rate_percent > 0 && var.error_rate_percent < 100
    error_message = "error_rate_percent must be more than 0 and less than 100: it is in percent."
  }
}

variable "server_error_percent" {
  description = "Answers of the API that may be server errors (5xx), in percent of all. The production guide calls a release good below 1. SLIC Watch alarms on every single one."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.server_error_percent > 0 && var.server_error_percent < 100
    error_message = "server_error_percent must be more than 0 and less than 100: it is in percent."
  }
}

variable "minimum_requests" {
  description = "Calls (requests) in 5 minutes below which a share of failures says nothing: with 20, two failures in a quiet period are 10 %, and one alone does not reach the alarm of the function."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.minimum_requests >= 1 && floor(var.minimum_requests) == var.minimum_requests
    error_message = "minimum_requests must be a whole number, 1 or more."
  }
}

variable "unavailable_percent" {
  description = "Answers that are server errors, in percent of all, from which on the service counts as unavailable."
  type        = number
  default     = 50
  nullable    = false

  validation {
    condition     = var.unavailable_percent > 0 && var.unavailable_percent < 100
    error_message = "unavailable_percent must be more than 0 and less than 100: it is in percent."
  }
}

variable "unavailable_minimum_requests" {
  description = "Requests in a minute below which the service does not count as unavailable. Low, because a service that is down is asked less."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.unavailable_minimum_requests >= 1 && floor(var.unavailable_minimum_requests) == var.unavailable_minimum_requests
    error_message = "unavailable_minimum_requests must be a whole number, 1 or more."
  }
}

variable "duration_percent_of_timeout" {
  description = "How much of its timeout the slowest 1 % of the calls may take. SLIC Watch: 95 % of the timeout, of the slowest call; of the 99th percentile here, so that one call alone wakes nobody."
  type        = number
  default     = 95
  nullable    = false

  validation {
    condition     = var.duration_percent_of_timeout > 0 && var.duration_percent_of_timeout < 100
    error_message = "duration_percent_of_timeout must be more than 0 and less than 100: it is in percent."
  }
}

variable "latency_p99_milliseconds" {
  description = "Milliseconds that the slowest 1 % of the API's answers may take. SLIC Watch: 5000 for p99."
  type        = number
  default     = 5000
  nullable    = false

  validation {
    condition     = var.latency_p99_milliseconds >= 1 && floor(var.latency_p99_milliseconds) == var.latency_p99_milliseconds
    error_message = "latency_p99_milliseconds must be a whole number, 1 or more."
  }
}

variable "throttles_threshold" {
  description = "Calls of the function in a minute that may be refused for lack of concurrency. SLIC Watch: none, since each is a failed request."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.throttles_threshold >= 0 && floor(var.throttles_threshold) == var.throttles_threshold
    error_message = "throttles_threshold must be a whole number, 0 or more."
  }
}

variable "concurrency_percent" {
  description = "Share of the concurrency limit that may be used, in percent. SLIC Watch knows no such alarm for functions; 80 is what it takes for the hard limit of messages in flight in SQS, and leaves time to raise a quota."
  type        = number
  default     = 80
  nullable    = false

  validation {
    condition     = var.concurrency_percent > 0 && var.concurrency_percent < 100
    error_message = "concurrency_percent must be more than 0 and less than 100: it is in percent."
  }
}

variable "account_concurrency_limit" {
  description = "Concurrent executions that Lambda allows all functions of the region together. 1000 is AWS's default; new accounts can have as few as 10 (`aws lambda get-account-settings`)."
  type        = number
  default     = 1000
  nullable    = false

  validation {
    condition     = var.account_concurrency_limit >= 1 && floor(var.account_concurrency_limit) == var.account_concurrency_limit
    error_message = "account_concurrency_limit must be a whole number, 1 or more."
  }
}

variable "reserved_concurrency" {
  description = "Concurrency that is reserved for the function, which then is its limit; -1 for none, and the account's limit counts."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency >= -1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "reserved_concurrency must be a whole number, -1 or more."
  }
}

variable "table_throttles_threshold" {
  description = "Reads and writes in 5 minutes that DynamoDB may throttle. SLIC Watch: 10, since single throttles are normal and the SDK repeats them."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.table_throttles_threshold >= 0 && floor(var.table_throttles_threshold) == var.table_throttles_threshold
    error_message = "table_throttles_threshold must be a whole number, 0 or more."
  }
}

variable "dead_letters_threshold" {
  description = "Messages that may lie in the dead-letter queue. None: each is an event that was lost. SLIC Watch leaves the age and number of messages to each queue's owner."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.dead_letters_threshold >= 0 && floor(var.dead_letters_threshold) == var.dead_letters_threshold
    error_message = "dead_letters_threshold must be a whole number, 0 or more."
  }
}

variable "silence_minutes" {
  description = "Minutes without any request after which the service counts as down. Null, off, by default, as SLIC Watch does: only who knows the traffic knows whether silence is a failure."
  type        = number
  default     = null

  validation {
    condition     = var.silence_minutes == null || try(var.silence_minutes >= 5 && var.silence_minutes <= 1440 && floor(var.silence_minutes) == var.silence_minutes, false)
    error_message = "silence_minutes must be a whole number of minutes between 5 and 1440 (CloudWatch looks back a day at most), or null."
  }
}

variable "tags" {
  description = "Tags beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
