output "state_bucket_name" {
  description = "Bucket that holds the Terraform state of every environment."
  value       = module.state_bucket.name
}

output "state_kms_key_arn" {
  description = "ARN of the key that encrypts the state; who reads state needs kms:Decrypt on it, who writes it kms:GenerateDataKey too."
  value       = aws_kms_key.state.arn
}

output "access_log_bucket_name" {
  description = "Bucket that S3 writes the access logs of the state bucket to, and those of the environments' artifact buckets where they ask for it."
  value       = module.access_logs.name
}

output "aws_region" {
  description = "Region of the state bucket."
  value       = var.aws_region
}

output "artifact_bucket_names" {
  description = "Name that each environment gives its artifact bucket, with this prefix."
  value       = local.artifact_bucket_names
}

output "ledger_table_name" {
  description = "Table with the history of all releases: partition key environment, sort key sequence."
  value       = aws_dynamodb_table.ledger.name
}

output "ledger_kms_key_arn" {
  description = "ARN of the key that encrypts the ledger."
  value       = aws_kms_key.ledger.arn
}

output "oidc_provider_arn" {
  description = "ARN of the provider that stands for GitHub's tokens, made here or given."
  value       = local.oidc_provider_arn
}

output "role_arns" {
  description = "ARN of each role by environment and purpose (plan, provision, deploy, operate, migrate)."
  value       = { for environment, roles in module.release_roles : environment => roles.role_arns }
}

output "execution_boundary_arns" {
  description = "ARN of the permissions boundary of execution roles, by environment."
  value       = { for environment, roles in module.release_roles : environment => roles.execution_boundary_arn }
}
