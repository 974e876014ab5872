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
  description = "ARN of the table whose items the function reads and writes."
  type        = string
  nullable    = false
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
}

variable "table_kms_key_arn" {
  description = "ARN of the customer managed key of the table; null when the table is encrypted with a key of AWS."
  type        = string
  default     = null
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

variable "tracing" {
  description = "Allows the function to send X-Ray traces. Lambda refuses active tracing for a role that may not."
  type        = bool
  default     = true
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "ARN of a permissions boundary for the role; null for none."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
