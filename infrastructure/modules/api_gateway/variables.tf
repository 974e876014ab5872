variable "name" {
  description = "Name of the REST API."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) >= 1 && length(var.name) <= 1024
    error_message = "name must be 1 to 1024 characters."
  }
}

variable "description" {
  description = "What the API is for, as the console shows it."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 1024
    error_message = "description must be 1 to 1024 characters."
  }
}

variable "stage_name" {
  description = "Name of the stage, which is the first segment of every URL."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.stage_name))
    error_message = "stage_name must be 1 to 128 letters, digits, underscores and hyphens."
  }
}

variable "definition" {
  description = "What the API is: the JSON text of an OpenAPI 3.0 document. Every operation is passed to the function as it is, those with a body once it fits; security requirements name the scheme jwt, which is the authorizer."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^3\\.0\\.", jsondecode(var.definition).openapi)) && can(jsondecode(var.definition).info.version)
    error_message = "definition must be the JSON text of an OpenAPI 3.0 document, with openapi and info.version: API Gateway imports no other version."
  }

  validation {
    condition     = try(length(jsondecode(var.definition).paths) > 0 && alltrue([for path in keys(jsondecode(var.definition).paths) : can(regex("^(/|(/([A-Za-z0-9._:-]+|\\{[A-Za-z0-9._-]+\\+?\\}))+)$", path))]), false)
    error_message = "Each path in definition must be \"/\", or segments such as \"/items\" or \"/items/{id}\", without a slash at the end."
  }

  validation {
    # Any other name would be a lock without a door: the gateway lets everybody in where it does not know the scheme. One for the whole
    # document would ask preflight requests too, which have nothing to show.
    condition = !can(jsondecode(var.definition).security) && alltrue(flatten([
      try([for item in values(jsondecode(var.definition).paths) : [for operation in values(item) : [for requirement in try(operation.security, []) : [for scheme in keys(requirement) : scheme == "jwt"]]]], []),
    ]))
    error_message = "Each security requirement in definition must stand in an operation and name the scheme jwt: it is the only one that authorizer stands for."
  }
}

variable "authorizer" {
  description = "The function that lets requests in by their token, for operations with security: invoke ARN of its alias, how long its answer counts (seconds), and what an Authorization header must look like to be shown to it. Null: no operation has security."
  type = object({
    invoke_arn                     = string
    result_ttl_in_seconds          = optional(number, 60)
    identity_validation_expression = optional(string, "^[Bb][Ee][Aa][Rr][Ee][Rr] [A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$")
  })
  default = null

  validation {
    condition     = try(can(regex("^arn:[a-z-]+:apigateway:[a-z0-9-]+:lambda:path/[0-9-]+/functions/arn:.+/invocations$", var.authorizer.invoke_arn)), true) || var.authorizer == null
    error_message = "authorizer.invoke_arn must be an invoke ARN (arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations), not the function's own ARN."
  }

  validation {
    condition     = try(var.authorizer.result_ttl_in_seconds >= 0 && var.authorizer.result_ttl_in_seconds <= 3600, true)
    error_message = "authorizer.result_ttl_in_seconds must be between 0 (ask for every request) and 3600 (the limit of API Gateway)."
  }
}

variable "iam_paths" {
  description = "Paths of the definition whose operations, but OPTIONS and those with an empty security, take signed requests only, of those whom IAM allows execute-api:Invoke."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "dropped_paths" {
  description = "Paths of the definition that the API does not have."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "problem_type_prefix" {
  description = "What the types of the gateway's own errors begin with; a kind such as not-found follows. The function's errors should begin with the same."
  type        = string
  default     = "urn:problem:"
  nullable    = false

  validation {
    condition     = can(regex("^(urn:[a-z0-9][a-z0-9-]+:|https://)[A-Za-z0-9._~:/#-]*$", var.problem_type_prefix))
    error_message = "problem_type_prefix must begin a URI, such as urn:items-api:problem: or https://errors.example.com/."
  }
}

variable "binary_media_types" {
  description = "Media types whose bodies the function gets and gives in base64."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for type in var.binary_media_types : can(regex("^[a-z0-9*.+-]+/[a-z0-9*.+-]+$", type))])
    error_message = "Each of binary_media_types must be a media type in lower case, such as image/png, application/* or */*."
  }
}

variable "lambda_invoke_arn" {
  description = "Invoke ARN of the function's alias (output alias_invoke_arn of the module lambda)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:apigateway:[a-z0-9-]+:lambda:path/[0-9-]+/functions/arn:.+/invocations$", var.lambda_invoke_arn))
    error_message = "lambda_invoke_arn must be an invoke ARN (arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations), not the function's own ARN."
  }
}

variable "integration_timeout_milliseconds" {
  description = "How long the gateway waits for the function. Keep it above the function's own timeout, so that the function's failure is seen."
  type        = number
  default     = 29000
  nullable    = false

  validation {
    condition     = var.integration_timeout_milliseconds >= 50 && var.integration_timeout_milliseconds <= 29000
    error_message = "integration_timeout_milliseconds must be between 50 and 29000 (the limits of API Gateway without a raised quota)."
  }
}

variable "cors_allow_origin" {
  description = "Origin that may read the gateway's own error answers: \"*\" (they hold nothing of anybody's) or one origin. The function answers with its own headers."
  type        = string
  default     = "*"
  nullable    = false

  validation {
    condition     = can(regex("^(\\*|https?://[A-Za-z0-9.:-]+)$", var.cors_allow_origin))
    error_message = "cors_allow_origin must be \"*\" or an origin such as https://app.example.com, without a path."
  }
}

variable "throttling_rate_limit" {
  description = "Requests per second that the stage takes over time, of all clients together."
  type        = number
  nullable    = false

  validation {
    condition     = var.throttling_rate_limit > 0
    error_message = "throttling_rate_limit must be more than 0: with 0 the stage refuses every request."
  }
}

variable "throttling_burst_limit" {
  description = "Requests that the stage takes at once before the rate limit applies."
  type        = number
  nullable    = false

  validation {
    condition     = var.throttling_burst_limit > 0 && floor(var.throttling_burst_limit) == var.throttling_burst_limit
    error_message = "throttling_burst_limit must be a positive whole number: with 0 the stage refuses every request."
  }
}

variable "tracing" {
  description = "X-Ray traces a sample of the requests."
  type        = bool
  default     = true
  nullable    = false
}

variable "execution_log_level" {
  description = "What the gateway logs about its own work beside the access log: OFF, ERROR or INFO (every request: expensive)."
  type        = string
  default     = "ERROR"
  nullable    = false

  validation {
    condition     = contains(["OFF", "ERROR", "INFO"], var.execution_log_level)
    error_message = "execution_log_level must be OFF, ERROR or INFO."
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

variable "tags" {
  description = "Tags beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
