output "role_name" {
  description = "Name of the execution role."
  value       = aws_iam_role.execution.name
}

output "role_arn" {
  description = "ARN of the execution role, known to others only once its policy is attached: Lambda checks it when the function is created."
  value       = aws_iam_role.execution.arn

  depends_on = [aws_iam_role_policy.execution]
}
