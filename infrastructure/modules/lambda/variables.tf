variable "function_name" {
  description = "Name of the function, such as api-handler-prod."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.function_name))
    error_message = "function_name must be 1 to 64 letters, digits, underscores and hyphens (the limit of Lambda)."
  }
}

variable "description" {
  description = "What the function is for, as the console shows it."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 256
    error_message = "description must have at most 256 characters (the limit of Lambda)."
  }
}

variable "role_arn" {
  description = "ARN of the execution role. It must be allowed to send to the dead-letter queue (output dead_letter_queue_arn, known before the function is created)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$", var.role_arn))
    error_message = "role_arn must be the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME), not its name."
  }
}

variable "artifact_bucket" {
  description = "Bucket that the code comes from. The placeholder of the first apply is put there too."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.artifact_bucket))
    error_message = "artifact_bucket must be the name of a bucket (3 to 63 lower-case letters, digits, dots and hyphens), not its ARN."
  }
}

variable "runtime" {
  description = "Lambda runtime; the placeholder is a Node.js module, so it must be a Node.js one."
  type        = string
  default     = "nodejs22.x"
  nullable    = false

  validation {
    condition     = can(regex("^nodejs[0-9]+\\.x$", var.runtime))
    error_message = "runtime must be a Node.js runtime, such as nodejs22.x."
  }
}

variable "handler" {
  description = "Module and export that Lambda calls. The placeholder answers to index.handler."
  type        = string
  default     = "index.handler"
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s.]+\\.[^\\s.]+$", var.handler))
    error_message = "handler must be MODULE.EXPORT, such as index.handler."
  }
}

variable "architecture" {
  description = "Instruction set, x86_64 or arm64. A change makes Lambda load code again, and Terraform only has the placeholder: release right after it (traffic stays on the alias's version meanwhile)."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64."
  }
}

variable "memory_size" {
  description = "Memory in MB; the share of CPU grows with it."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size must be a whole number of MB between 128 and 10240 (the limits of Lambda)."
  }
}

variable "timeout" {
  description = "Seconds after which Lambda ends an invocation."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds between 1 and 900 (the limits of Lambda)."
  }
}

variable "reserved_concurrent_executions" {
  description = "Concurrency that is set aside for, and the most that is allowed to, this function. -1: shares the account's; 0: stops the function."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrent_executions >= -1 && floor(var.reserved_concurrent_executions) == var.reserved_concurrent_executions
    error_message = "reserved_concurrent_executions must be -1 (no reservation), 0 (stop) or a positive whole number."
  }
}

variable "environment" {
  description = "Environment variables. Everyone who may read the function's configuration can read them: nothing that opens more than the function itself."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Za-z][A-Za-z0-9_]+$", name))])
    error_message = "Each name in environment must be two or more letters, digits and underscores that start with a letter."
  }

  validation {
    condition     = length(setintersection(keys(var.environment), ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_EXECUTION_ENV"])) == 0
    error_message = "environment holds a name that Lambda sets itself (such as AWS_REGION): remove it."
  }
}

variable "tracing" {
  description = "X-Ray traces a sample of the requests. The execution role must allow it."
  type        = bool
  default     = true
  nullable    = false
}

variable "log_format" {
  description = "Text: Lambda's own lines stay as they are (REPORT and its @duration in Logs Insights) beside the JSON lines that the handler writes. JSON: Lambda wraps everything."
  type        = string
  default     = "Text"
  nullable    = false

  validation {
    condition     = contains(["Text", "JSON"], var.log_format)
    error_message = "log_format must be Text or JSON."
  }
}

variable "log_retention_in_days" {
  description = "Days that log events are kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "log_retention_in_days must be one of the periods of CloudWatch Logs: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or 1096 days, or 5 to 10 years (1827, 2192, 2557, 2922, 3288, 3653)."
  }
}

variable "alias_name" {
  description = "Name of the alias that traffic is sent to."
  type        = string
  default     = "live"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.alias_name)) && !can(regex("^[0-9]+$", var.alias_name))
    error_message = "alias_name must be 1 to 128 letters, digits, underscores and hyphens, and not a number: numbers are versions."
  }
}

variable "invokers" {
  description = "Services that may invoke the alias, by statement id: service principal and the ARN (wildcards allowed) of what calls."
  type = map(object({
    principal  = string
    source_arn = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for invoker in values(var.invokers) : can(regex("^arn:[a-z-]+:[a-z0-9-]+:[^:]*:[^:]*:.+$", invoker.source_arn))])
    error_message = "Each invoker's source_arn must be the ARN of what calls, such as arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/*: without it, everybody's use of that service could invoke the function."
  }

  validation {
    condition     = alltrue([for invoker in values(var.invokers) : endswith(invoker.principal, ".amazonaws.com")])
    error_message = "Each invoker's principal must be an AWS service, such as apigateway.amazonaws.com; \"*\" would let anyone invoke."
  }
}

variable "tags" {
  description = "Tags beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
