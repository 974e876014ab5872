output "name" {
  description = "Name of the bucket, known to others only once it is versioned, private and TLS-only."
  value       = aws_s3_bucket.this.bucket

  depends_on = [
    aws_s3_bucket_versioning.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_policy.tls_only,
  ]
}

output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}
