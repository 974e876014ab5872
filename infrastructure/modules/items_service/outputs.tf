output "api_id" {
  description = "Id of the REST API."
  value       = module.api.api_id
}

output "api_url" {
  description = "URL of the API's stage, without a slash at the end."
  value       = module.api.invoke_url
}

output "function_name" {
  description = "Name of the function."
  value       = module.function.function_name
}

output "function_alias" {
  description = "Alias of the function that serves traffic."
  value       = module.function.alias_name
}

output "authorizer_function_name" {
  description = "Name of the function that lets requests in by their tokens; null without jwt."
  value       = one(module.authorizer[*].function_name)
}

output "authorizer_function_alias" {
  description = "Alias of the authorizer that API Gateway calls where tokens are asked for; null without jwt."
  value       = one(module.authorizer[*].alias_name)
}

output "table_name" {
  description = "Name of the items table."
  value       = module.table.table_name
}

output "artifact_bucket" {
  description = "Bucket that releases upload the function's code to."
  value       = module.artifacts.bucket_name
}

output "dead_letter_queue_url" {
  description = "URL of the queue for events that the function failed to handle for good."
  value       = module.function.dead_letter_queue_url
}

output "execution_role_arn" {
  description = "ARN of the role that the function runs with."
  value       = module.execution_role.role_arn
}

output "function_log_group" {
  description = "Log group of the function."
  value       = module.function.log_group_name
}

output "api_access_log_group" {
  description = "Log group with one JSON line per request to the API."
  value       = module.api.access_log_group_name
}

output "api_execution_log_group" {
  description = "Log group that API Gateway writes its own errors to."
  value       = module.api.execution_log_group_name
}

output "alarm_topic_arn" {
  description = "ARN of the SNS topic that alarms are sent to."
  value       = module.monitoring.topic_arn
}

output "alarm_names" {
  description = "Names of all alarms."
  value       = sort(values(module.monitoring.alarm_names))
}

output "down_alarm_name" {
  description = "Name of the composite alarm that says that the service is down."
  value       = module.monitoring.alarm_names.down
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = module.monitoring.dashboard_name
}
