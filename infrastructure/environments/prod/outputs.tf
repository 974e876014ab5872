output "api_id" {
  description = "Id of the REST API."
  value       = module.items.api_id
}

output "api_url" {
  description = "URL of the API's stage, without a slash at the end."
  value       = module.items.api_url
}

output "function_name" {
  description = "Name of the function."
  value       = module.items.function_name
}

output "function_alias" {
  description = "Alias of the function that serves traffic."
  value       = module.items.function_alias
}

output "authorizer_function_name" {
  description = "Name of the function that lets requests in by their tokens; null without jwt."
  value       = module.items.authorizer_function_name
}

output "authorizer_function_alias" {
  description = "Alias of the authorizer that API Gateway calls where tokens are asked for; null without jwt."
  value       = module.items.authorizer_function_alias
}

output "table_name" {
  description = "Name of the items table."
  value       = module.items.table_name
}

output "artifact_bucket" {
  description = "Bucket that releases upload the function's code to."
  value       = module.items.artifact_bucket
}

output "dead_letter_queue_url" {
  description = "URL of the queue for events that the function failed to handle for good."
  value       = module.items.dead_letter_queue_url
}

output "execution_role_arn" {
  description = "ARN of the role that the function runs with."
  value       = module.items.execution_role_arn
}

output "function_log_group" {
  description = "Log group of the function."
  value       = module.items.function_log_group
}

output "api_access_log_group" {
  description = "Log group with one JSON line per request to the API."
  value       = module.items.api_access_log_group
}

output "api_execution_log_group" {
  description = "Log group that API Gateway writes its own errors to."
  value       = module.items.api_execution_log_group
}

output "alarm_topic_arn" {
  description = "ARN of the SNS topic that alarms are sent to."
  value       = module.items.alarm_topic_arn
}

output "alarm_names" {
  description = "Names of all alarms."
  value       = module.items.alarm_names
}

output "down_alarm_name" {
  description = "Name of the composite alarm that says that the service is down."
  value       = module.items.down_alarm_name
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = module.items.dashboard_name
}
