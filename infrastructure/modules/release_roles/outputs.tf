output "role_arns" {
  description = "ARN of each role, by purpose: plan, provision, deploy, operate and migrate. Known to others only once its policy is attached."
  value       = { for purpose, role in aws_iam_role.this : purpose => role.arn }

  depends_on = [aws_iam_role_policy.this]
}

output "execution_boundary_arn" {
  description = "ARN of the permissions boundary that every execution role of the environment must have."
  value       = aws_iam_policy.execution_boundary.arn
}

output "backup_boundary_arn" {
  description = "ARN of the permissions boundary that the role of the environment's backups must have."
  value       = aws_iam_policy.backup_boundary.arn
}
