output "state_bucket_name" {
  description = "Bucket that holds the Terraform state of every environment."
  value       = module.state_bucket.name
}

output "state_kms_key_arn" {
  description = "ARN of the key that encrypts the state; who reads state needs kms:Decrypt on it, who writes it kms:GenerateDataKey too."
  value       = aws_kms_key.state.arn
}

output "aws_region" {
  description = "Region of the state bucket."
  value       = var.aws_region
}

output "artifact_bucket_names" {
  description = "Name that each environment gives its artifact bucket, with this prefix."
  value       = { for environment in ["dev", "staging", "prod"] : environment => "${var.bucket_prefix}lambda-code-${environment}" }
}
