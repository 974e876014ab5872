output "api_id" {
  description = "Id of the REST API."
  value       = aws_api_gateway_rest_api.this.id
}

output "invoke_url" {
  description = "URL of the stage; the paths of the routes follow it."
  value       = aws_api_gateway_stage.this.invoke_url
}

output "stage_name" {
  description = "Name of the stage."
  value       = aws_api_gateway_stage.this.stage_name
}

output "stage_execution_arn" {
  description = "ARN pattern of every request to this stage, for permissions to invoke the function."
  value       = "${aws_api_gateway_rest_api.this.execution_arn}/${var.stage_name}/*"
}

output "authorizers_execution_arn" {
  description = "ARN pattern of every authorizer of this API, for permissions to invoke the authorizer's function."
  value       = "${aws_api_gateway_rest_api.this.execution_arn}/authorizers/*"
}

output "access_log_group_name" {
  description = "Log group with one JSON line per request."
  value       = aws_cloudwatch_log_group.access.name
}

output "execution_log_group_name" {
  description = "Log group that the gateway writes its own errors to."
  value       = aws_cloudwatch_log_group.execution.name
}
