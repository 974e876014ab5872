# The history of all releases: what was done, by whom, on what evidence. One partition per environment, so that a role can be limited to
# its own (dynamodb:LeadingKeys); entries are numbered from 1 within it.
resource "aws_dynamodb_table" "ledger" {
  name                        = local.ledger_table_name
  billing_mode                = "PAY_PER_REQUEST" # A few writes per release.
  hash_key                    = "environment"
  range_key                   = "sequence"
  deletion_protection_enabled = var.deletion_protection

  attribute {
    name = "environment"
    type = "S"
  }

  attribute {
    name = "sequence"
    type = "N"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.ledger.arn
  }
}
