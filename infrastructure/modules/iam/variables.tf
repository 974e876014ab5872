variable "role_name" {
  description = "Name of the execution role, such as api-handler-prod-execution."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name must be 1 to 64 letters, digits and _+=,.@- (the limit of IAM)."
  }
}

variable "table_arn" {
  description = "ARN of the table whose items the function reads and writes; null for a function that has none."
  type        = string
  default     = null

  validation {
    condition     = var.table_arn == null || can(regex("^arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]+$", var.table_arn))
    error_message = "table_arn must be the ARN of one table (arn:aws:dynamodb:REGION:ACCOUNT:table/NAME): no wildcard, no index, no bare name; or null."
  }
}

variable "former_table_arns" {
  description = "ARNs of tables that this table was restored from, and that versions of the function still use: those have the traffic until the function is published anew, and again where it is rolled back. Empty once the last of them is retired."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.former_table_arns : can(regex("^arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]+$", arn))])
    error_message = "Each of former_table_arns must be the ARN of one table (arn:aws:dynamodb:REGION:ACCOUNT:table/NAME): no wildcard, no index, no bare name."
  }
}

variable "table_actions" {
  description = "DynamoDB actions that the function calls on the table itself, without the `dynamodb:` before them. Actions on single items only; Query belongs here for a table with a sort key."
  type        = set(string)
  default     = ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]
  nullable    = false

  validation {
    # No Scan, no table management, no wildcard: whoever needs one of them has to change this line, in front of a reviewer.
    condition = length(var.table_actions) > 0 && length(setsubtract(var.table_actions, [
      "BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem",
    ])) == 0
    error_message = "table_actions must be item actions: BatchGetItem, BatchWriteItem, ConditionCheckItem, DeleteItem, GetItem, PutItem, Query or UpdateItem."
  }
}

variable "index_arns" {
  description = "ARNs of the indexes that the function queries."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.index_arns : can(regex("^arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]+/index/[A-Za-z0-9_.-]+$", arn))])
    error_message = "Each of index_arns must be the ARN of one index (arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/index/INDEX), without wildcards."
  }
}

variable "table_kms_key_arn" {
  description = "ARN of the customer managed key of the table; null when the table is encrypted with a key of AWS."
  type        = string
  default     = null

  validation {
    condition     = var.table_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.table_kms_key_arn))
    error_message = "table_kms_key_arn must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not an alias or a bare id, or null."
  }
}

variable "log_group_arn" {
  description = "ARN of the function's own log group, without a trailing `:*`."
  type        = string
  nullable    = false

  validation {
    condition     = !endswith(var.log_group_arn, ":*")
    error_message = "log_group_arn must be the ARN of the group itself: leave the trailing \":*\" away, the module adds it."
  }
}

variable "dead_letter_queue_arn" {
  description = "ARN of the queue that Lambda puts events in that failed for good; Lambda refuses a function with a dead-letter queue that its role may not send to. Null for none."
  type        = string
  default     = null

  validation {
    condition     = var.dead_letter_queue_arn == null || can(regex("^arn:[a-z-]+:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.dead_letter_queue_arn))
    error_message = "dead_letter_queue_arn must be the ARN of an SQS queue (arn:aws:sqs:REGION:ACCOUNT:NAME), not its URL, or null."
  }
}

variable "tracing" {
  description = "Allows the function to send X-Ray traces. Lambda refuses active tracing for a role that may not."
  type        = bool
  default     = true
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "ARN of the managed policy that bounds the role: it can do nothing that this policy does not allow too, whatever is attached to it later. Null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of a managed policy (arn:aws:iam::ACCOUNT:policy/NAME), not its name, or null."
  }
}

variable "tags" {
  description = "Tags beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
