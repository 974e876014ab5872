output "table_name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.this.name
}

output "table_arn" {
  description = "ARN of the table."
  value       = aws_dynamodb_table.this.arn
}

output "index_arns" {
  description = "ARN of each global secondary index by its name."
  value       = { for name in keys(var.global_secondary_indexes) : name => "${aws_dynamodb_table.this.arn}/index/${name}" }
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the table; its readers and writers need kms:Decrypt through DynamoDB."
  value       = aws_kms_key.table.arn
}
