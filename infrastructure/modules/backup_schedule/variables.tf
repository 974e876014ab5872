variable "environment" {
  description = "Environment that the table is of: by it slipway backup knows the backups as its own, lists them and prunes them."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.environment))
    error_message = "environment must be 1 to 31 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "name" {
  description = "Name of the schedule and of its group, such as items-prod-backup; its role is <name>-execution."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{1,54}$", var.name))
    error_message = "name must be 1 to 54 letters, digits, underscores, dots and hyphens, so that <name>-execution fits into a role's name."
  }
}

variable "table_arn" {
  description = "ARN of the table that is backed up."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]+$", var.table_arn))
    error_message = "table_arn must be the ARN of one table (arn:aws:dynamodb:REGION:ACCOUNT:table/NAME): no wildcard, no index, no bare name."
  }
}

variable "schedule_expression" {
  description = "When: cron(minutes hours day-of-month month day-of-week year), such as cron(0 3 * * ? *) for every day at 3, or rate(1 day)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(cron\\((\\S+ ){5}\\S+\\)|rate\\([1-9][0-9]* (hour|day)s?\\))$", var.schedule_expression))
    error_message = "schedule_expression must be cron(...) with six fields, or rate(N hours) or rate(N days): backups by the minute are what point-in-time recovery is for."
  }

  validation {
    # One of the two days is always a question mark.
    condition     = !startswith(var.schedule_expression, "cron(") || length(regexall("\\s\\?(\\s|\\))", var.schedule_expression)) == 1
    error_message = "schedule_expression has a day of the month and a day of the week: exactly one of them must be ?."
  }
}

variable "schedule_timezone" {
  description = "Time zone that the times are of, such as Europe/Berlin. In most, an hour a year is left out and another comes twice: choose UTC, or an hour that is neither."
  type        = string
  default     = "UTC"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+/-]{1,50}$", var.schedule_timezone))
    error_message = "schedule_timezone must be a name of the IANA database, such as UTC or Europe/Berlin."
  }
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
