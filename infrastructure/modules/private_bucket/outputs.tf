output "name" {
  description = "Name of the bucket, known to others only once it is versioned, private and TLS-only."
  value       = aws_s3_bucket.this.bucket

  depends_on = [
    aws_s3_bucket_versioning.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_policy.this,
  ]
}

output "arn" {
  description = "ARN of the bucket, known at once: for policies, not for uploads."
  value       = aws_s3_bucket.this.arn
}
