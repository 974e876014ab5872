variable "table_name" {
  description = "Name of the table, such as items-prod."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.table_name))
    error_message = "table_name must be 3 to 255 letters, digits, underscores, dots and hyphens."
  }
}

variable "restored_name" {
  description = "Name of the table where it was restored, such as items-prod-restored-20261128-161500: it takes the place of the table, and the key's alias stays what it is. Null: table_name."
  type        = string
  default     = null

  validation {
    condition     = var.restored_name == null || can(regex("^[A-Za-z0-9_.-]{3,255}$", var.restored_name))
    error_message = "restored_name must be 3 to 255 letters, digits, underscores, dots and hyphens, or null."
  }
}

variable "hash_key" {
  description = "Attribute that is the table's partition key."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.hash_key) >= 1 && length(var.hash_key) <= 255
    error_message = "hash_key must be 1 to 255 characters."
  }
}

variable "range_key" {
  description = "Attribute that is the table's sort key; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.range_key == null || try(length(var.range_key) >= 1 && length(var.range_key) <= 255, false)
    error_message = "range_key must be 1 to 255 characters, or null."
  }
}

variable "attributes" {
  description = "Type (S, N or B) of every attribute that is a key of the table or of an index, and of no other."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.attributes) > 0 && alltrue([for type in values(var.attributes) : contains(["S", "N", "B"], type)])
    error_message = "attributes must name at least the partition key, each with the type S, N or B."
  }

  validation {
    # DynamoDB refuses both a key without a type and a type without a key; say so before the apply does.
    condition = toset(keys(var.attributes)) == toset(compact(flatten([
      var.hash_key, var.range_key, [for index in values(var.global_secondary_indexes) : [index.hash_key, index.range_key]],
    ])))
    error_message = "attributes must name exactly the key attributes of the table and of its indexes: every one of them, and no other attribute."
  }
}

variable "global_secondary_indexes" {
  description = "Global secondary indexes by name: key attributes and projection (ALL, KEYS_ONLY, or INCLUDE with non_key_attributes)."
  type = map(object({
    hash_key           = string
    range_key          = optional(string)
    projection_type    = optional(string, "ALL")
    non_key_attributes = optional(set(string))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.global_secondary_indexes) : can(regex("^[A-Za-z0-9_.-]{3,255}$", name))])
    error_message = "Each index name must be 3 to 255 letters, digits, underscores, dots and hyphens."
  }

  validation {
    condition = alltrue([
      for index in values(var.global_secondary_indexes) :
      contains(["ALL", "KEYS_ONLY", "INCLUDE"], index.projection_type) && (index.projection_type == "INCLUDE") == (index.non_key_attributes != null)
    ])
    error_message = "projection_type must be ALL, KEYS_ONLY or INCLUDE, and non_key_attributes belongs to INCLUDE alone."
  }
}

variable "ttl_attribute" {
  description = "Attribute that holds the expiry in epoch seconds; null leaves the table's expiry as it is, which is off for a new table."
  type        = string
  default     = null

  validation {
    condition     = var.ttl_attribute == null || try(length(var.ttl_attribute) >= 1 && length(var.ttl_attribute) <= 255, false)
    error_message = "ttl_attribute must be 1 to 255 characters, or null."
  }
}

variable "point_in_time_recovery" {
  description = "Continuous backups: the table can be restored to any second of the last 35 days."
  type        = bool
  default     = true
  nullable    = false
}

variable "deletion_protection" {
  description = "DynamoDB refuses to delete the table while this is on. To destroy, apply with false first."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_deletion_window_in_days" {
  description = "Days between the destruction of the key and the moment when its data is lost for good."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.kms_deletion_window_in_days >= 7 && var.kms_deletion_window_in_days <= 30
    error_message = "kms_deletion_window_in_days must be between 7 and 30 (the limits of KMS)."
  }
}

variable "tags" {
  description = "Tags beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
