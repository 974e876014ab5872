# The least that a release needs before it: a place for states, one for code, and the ledger.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "aws_s3_bucket" "this" {
  for_each = toset(["shop-states", "shop-code"])

  bucket        = each.key
  force_destroy = true
}

# An earlier state is the way back after a lost one.
resource "aws_s3_bucket_versioning" "states" {
  bucket = aws_s3_bucket.this["shop-states"].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_dynamodb_table" "ledger" {
  name         = "shop-ledger"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "environment"
  range_key    = "sequence"

  attribute {
    name = "environment"
    type = "S"
  }

  attribute {
    name = "sequence"
    type = "N"
  }
}

output "state_bucket" {
  value = aws_s3_bucket.this["shop-states"].bucket
}

output "ledger_table" {
  value = aws_dynamodb_table.ledger.name
}
