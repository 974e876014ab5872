# Everything that watches a service, its mail and its address on call. Metrics need not be there yet: alarms wait for them.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "monitoring" }
  }
}

variable "name_prefix" {
  description = "Put before every name."
  type        = string
  default     = "slipway-example-monitoring-"
  nullable    = false
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name_prefix}handler-dev"
  retention_in_days = 7
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/apigateway/${var.name_prefix}orders-dev"
  retention_in_days = 7
}

module "monitoring" {
  source = "../.."

  environment             = "dev"
  function_name           = "${var.name_prefix}handler-dev"
  function_timeout        = 3
  api_name                = "${var.name_prefix}orders-dev"
  stage_name              = "v1"
  table_name              = "${var.name_prefix}orders-dev"
  index_names             = ["state-index"]
  dead_letter_queue_name  = "${var.name_prefix}handler-dev-dead-letters"
  function_log_group_name = aws_cloudwatch_log_group.function.name
  access_log_group_name   = aws_cloudwatch_log_group.access.name

  backup_schedule_group_name = "${var.name_prefix}orders-dev-backup"

  dashboard_name      = "${var.name_prefix}dashboard"
  topic_name          = "${var.name_prefix}alarms-dev"
  notification_emails = ["on-call@example.com"]
  notification_urls   = ["https://on-call.example.com/alarms"]
  runbook_base_url    = "https://wiki.example.com/runbooks"

  reserved_concurrency = 20
  silence_minutes      = 60
}

output "alarm_names" {
  description = "Name of every alarm by what it watches."
  value       = module.monitoring.alarm_names
}

output "topic_arn" {
  description = "ARN of the topic that alarms are sent to."
  value       = module.monitoring.topic_arn
}
