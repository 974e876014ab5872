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

variable "github_repository" {
  description = "Repository whose workflows may assume the roles, as OWNER/NAME."
  type        = string
  nullable    = false

  validation {
    # A wildcard would be compared as it is by StringEquals, and match nobody.
    condition     = can(regex("^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}/[A-Za-z0-9._-]{1,100}$", var.github_repository)) && !endswith(var.github_repository, ".git")
    error_message = "github_repository must be OWNER/NAME as GitHub spells it, such as \"acme/items-api\": no URL, no wildcard, no .git at the end."
  }
}

variable "github_branch" {
  description = "The one branch whose workflows may assume the roles."
  type        = string
  default     = "main"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$", var.github_branch)) && !startswith(var.github_branch, "refs/")
    error_message = "github_branch must be the name of one branch, such as \"main\": no wildcard, and without refs/heads/ before it."
  }
}

variable "github_repository_id" {
  description = "The repository's number, which GitHub never gives to another one, as names can be: gh api repos/OWNER/NAME --jq .id. Null: the name alone decides."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository_id == null || can(regex("^[0-9]{1,20}$", var.github_repository_id))
    error_message = "github_repository_id must be the digits that `gh api repos/OWNER/NAME --jq .id` prints, or null."
  }
}

variable "github_subject_prefix" {
  description = "What the subjects of the repository's tokens begin with, where it is not repo:OWNER/NAME: repositories since 2026 have the numbers in it (repo:acme@1234/items-api@5678)."
  type        = string
  default     = null

  validation {
    condition     = var.github_subject_prefix == null || can(regex("^repo:[A-Za-z0-9@._-]+/[A-Za-z0-9@._-]+$", var.github_subject_prefix))
    error_message = "github_subject_prefix must be like \"repo:acme@1234/items-api@5678\", without a colon at the end and without wildcards, or null."
  }
}

variable "github_watch" {
  description = "Whether jobs of the GitHub environments ENV-watch may operate: those that watch releases by the clock, where people have to let jobs into ENV."
  type        = bool
  default     = false
  nullable    = false
}

variable "github_oidc_provider_arn" {
  description = "ARN of the account's provider for token.actions.githubusercontent.com, where there is one already: an account can have only one. Null: it is made here."
  type        = string
  default     = null

  validation {
    condition     = var.github_oidc_provider_arn == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.github_oidc_provider_arn))
    error_message = "github_oidc_provider_arn must be like \"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com\", or null."
  }
}

variable "operator_principal_arns" {
  description = "ARNs of IAM roles or users of people on call, who may assume the operate roles without GitHub. Empty: nobody."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.operator_principal_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@/-]+$", arn))])
    error_message = "Each of operator_principal_arns must be the ARN of an IAM role or user (arn:aws:iam::ACCOUNT:role/NAME): no wildcard, no whole account, no session of a role."
  }
}

variable "noncurrent_version_retention_days" {
  description = "Days that an overwritten state can still be brought back; null, for ever, by default. With a number, each apply that changes it takes a minute longer."
  type        = number
  default     = null

  validation {
    condition     = var.noncurrent_version_retention_days == null || try(var.noncurrent_version_retention_days >= 1 && floor(var.noncurrent_version_retention_days) == var.noncurrent_version_retention_days, false)
    error_message = "noncurrent_version_retention_days must be a whole number of days, 1 or more, or null."
  }
}

variable "export_retention_days" {
  description = "Days after which the exports of tables expire that slipway rollback ENV data --undo makes: they hold items. Null, for ever, by default. With a number, each apply that changes it takes a minute longer."
  type        = number
  default     = null

  validation {
    condition     = var.export_retention_days == null || try(var.export_retention_days >= 1 && floor(var.export_retention_days) == var.export_retention_days, false)
    error_message = "export_retention_days must be a whole number of days, 1 or more, or null."
  }
}

variable "deletion_protection" {
  description = "DynamoDB refuses to delete the ledger while this is on. To destroy, apply with false first."
  type        = bool
  default     = true
  nullable    = false
}

variable "force_destroy" {
  description = "Lets terraform destroy delete the state bucket with every state in it, and the access logs. To destroy, apply with true first."
  type        = bool
  default     = false
  nullable    = false
}
