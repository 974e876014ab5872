# The version behind the alias and the latest published version are no outputs: the release engine moves them, and an
# output that moves by itself makes every plan report a change.

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the function, without a version."
  value       = aws_lambda_function.this.arn
}

output "alias_name" {
  description = "Name of the alias that serves traffic."
  value       = aws_lambda_alias.live.name
}

output "alias_arn" {
  description = "ARN of the alias."
  value       = aws_lambda_alias.live.arn
}

output "alias_invoke_arn" {
  description = "ARN by which an API Gateway integration invokes the alias."
  value       = aws_lambda_alias.live.invoke_arn
}

output "dead_letter_queue_arn" {
  description = "ARN of the queue for events that failed for good; the execution role must be allowed to send to it."
  value       = aws_sqs_queue.dead_letters.arn
}

output "dead_letter_queue_name" {
  description = "Name of the queue for events that failed for good."
  value       = aws_sqs_queue.dead_letters.name
}

output "dead_letter_queue_url" {
  description = "URL of the queue for events that failed for good, as `aws sqs` asks for it."
  value       = aws_sqs_queue.dead_letters.url
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.function.name
}

output "log_group_arn" {
  description = "ARN of the function's log group, without a trailing `:*`."
  value       = aws_cloudwatch_log_group.function.arn
}
