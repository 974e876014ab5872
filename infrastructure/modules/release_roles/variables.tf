variable "environment" {
  description = "Environment that the roles are for; nothing of another one may be touched with them."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment must be one of dev, staging and prod: they are what releases, roles and alarms know."
  }
}

variable "name_prefix" {
  description = "First part of the names of roles and boundary, as in slipway-prod-plan."
  type        = string
  default     = "slipway"
  nullable    = false

  validation {
    # The longest name is <prefix>-staging-execution-boundary for the policy, and <prefix>-staging-provision for roles (64).
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name_prefix))
    error_message = "name_prefix must be 2 to 32 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen."
  }
}

variable "location" {
  description = "Where the environment lives: AWS partition, region and the 12 digits of the account. Every permission is limited to it."
  type = object({
    partition  = optional(string, "aws")
    region     = string
    account_id = string
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.location.region))
    error_message = "location.region must be the name of an AWS region, such as us-east-1."
  }

  validation {
    condition     = can(regex("^[0-9]{12}$", var.location.account_id))
    error_message = "location.account_id must be the 12 digits of an AWS account id, as a string."
  }
}

variable "github" {
  description = "Who may assume the roles by GitHub's tokens: ARN of the OIDC provider, repository (OWNER/NAME), branch, optionally the repository's number, how its tokens' subjects begin where that is not repo:OWNER/NAME, and whether jobs of the GitHub environment ENV-watch may operate."
  type = object({
    provider_arn   = string
    repository     = string
    branch         = optional(string, "main")
    repository_id  = optional(string)
    subject_prefix = optional(string)
    watch          = optional(bool, false)
  })
  nullable = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.github.provider_arn))
    error_message = "github.provider_arn must be the ARN of this account's OIDC provider for token.actions.githubusercontent.com."
  }

  validation {
    # A wildcard in here would be compared as it is by StringEquals, and match nobody; better to say so than to let people wonder.
    condition     = can(regex("^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}/[A-Za-z0-9._-]{1,100}$", var.github.repository))
    error_message = "github.repository must be OWNER/NAME as GitHub spells it, such as acme/items-api: no URL, no wildcard, no .git at the end."
  }

  validation {
    condition     = !endswith(var.github.repository, ".git")
    error_message = "github.repository must not end in .git: it is the repository's name, not the address that it is cloned from."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$", var.github.branch)) && !startswith(var.github.branch, "refs/")
    error_message = "github.branch must be the name of one branch, such as main: no wildcard, and without refs/heads/ before it."
  }

  validation {
    condition     = var.github.repository_id == null || can(regex("^[0-9]{1,20}$", var.github.repository_id))
    error_message = "github.repository_id must be the repository's number, as `gh api repos/OWNER/NAME --jq .id` prints it, or null."
  }

  validation {
    condition     = var.github.subject_prefix == null || can(regex("^repo:[A-Za-z0-9@._-]+/[A-Za-z0-9@._-]+$", var.github.subject_prefix))
    error_message = "github.subject_prefix must be what the subjects of the repository's tokens begin with, such as repo:acme@1234/items-api@5678 (no colon at the end, no wildcard), or null for repo:OWNER/NAME."
  }
}

variable "operator_principal_arns" {
  description = "ARNs of the IAM roles or users of people who may assume the operate role outside of GitHub, for the night that GitHub is down. Empty: nobody."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.operator_principal_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@/-]+$", arn))])
    error_message = "Each of operator_principal_arns must be the ARN of an IAM role or user (arn:aws:iam::ACCOUNT:role/NAME): no wildcard, no whole account, no session of a role."
  }
}

variable "state" {
  description = "Where Terraform states lie: ARN of the bucket and of the key that encrypts it. The environment's own lie below <environment>/."
  type        = object({ bucket_arn = string, kms_key_arn = string })
  nullable    = false
}

variable "ledger" {
  description = "Table with the history of releases, and the key that encrypts it. The environment's own entries have its name as their partition key."
  type        = object({ table_arn = string, kms_key_arn = string })
  nullable    = false
}

variable "artifact_bucket_name" {
  description = "Name of the bucket that releases of this environment upload code to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.artifact_bucket_name))
    error_message = "artifact_bucket_name must be 3 to 63 lower-case letters, digits and hyphens: a name, not an ARN, and without wildcards."
  }
}

variable "function_names" {
  description = "Names of the environment's functions, without a version or alias. The execution role of each is <name>-execution, its queue <name>-dead-letters, its log group /aws/lambda/<name>."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.function_names) > 0 && alltrue([for name in var.function_names : can(regex("^[A-Za-z0-9_-]{1,53}$", name))])
    error_message = "function_names must be one or more names of 1 to 53 letters, digits, hyphens and underscores, so that <name>-execution fits into a role's name."
  }
}

variable "table_name" {
  description = "Name of the environment's table. The schedule that backs it up and its group are <name>-backup, its role is <name>-backup-execution."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,47}$", var.table_name))
    error_message = "table_name must be 3 to 47 letters, digits, hyphens, underscores and dots, so that <name>-backup-execution fits into a role's name."
  }
}

variable "table_key_attributes" {
  description = "Attributes of the table's primary key: all that operators may read of the table while a backup is compared with it."
  type        = list(string)
  default     = ["id"]
  nullable    = false

  validation {
    condition     = length(var.table_key_attributes) >= 1 && length(var.table_key_attributes) <= 2
    error_message = "table_key_attributes must name the partition key, and the sort key where there is one."
  }
}

variable "signed_paths" {
  description = "Paths of the environment's API that take signed requests only, and that operators may GET."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for path in var.signed_paths : can(regex("^(/[A-Za-z0-9._-]+)+$", path))])
    error_message = "Each of signed_paths must be a whole path such as /health/deep: no wildcard, no slash at the end."
  }
}

variable "monitoring_names" {
  description = "Names of the environment's dashboard and alarm topic, and what the names of its alarms begin with."
  type = object({
    dashboard      = string
    topic          = string
    alarm_prefixes = list(string)
  })
  nullable = false

  validation {
    condition     = alltrue([for prefix in var.monitoring_names.alarm_prefixes : can(regex("^[A-Za-z0-9_-]{3,}$", prefix))]) && length(var.monitoring_names.alarm_prefixes) > 0
    error_message = "monitoring_names.alarm_prefixes must be one or more beginnings of alarm names, 3 characters or longer and without wildcards, such as api-handler-prod-."
  }
}

variable "tags" {
  description = "Tags beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
