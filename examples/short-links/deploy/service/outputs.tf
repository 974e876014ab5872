output "url" {
  description = "Where the API answers."
  value       = aws_api_gateway_stage.links.invoke_url
}

output "code_bucket" {
  description = "Where released code lies."
  value       = aws_s3_bucket.code.bucket
}

output "links_table" {
  description = "Table of the links."
  value       = aws_dynamodb_table.links.name
}

output "redirect_function" {
  description = "Function that leads to where links point."
  value       = aws_lambda_function.redirect.function_name
}

output "redirect_alias" {
  description = "Its alias that users reach."
  value       = aws_lambda_alias.redirect.name
}

output "manage_function" {
  description = "Function that makes links."
  value       = aws_lambda_function.manage.function_name
}

output "manage_alias" {
  description = "Its alias that users reach."
  value       = aws_lambda_alias.manage.name
}
