variable "stage" {
  description = "Which one of the deployments it is."
  type        = string
}

variable "protect_data" {
  description = "Whether the table is kept when somebody destroys the rest."
  type        = bool
}

variable "requests_per_second" {
  description = "What the API lets through."
  type        = number
  default     = 100
}
