data "aws_iam_policy_document" "key" {
  statement {
    # AWS's own default: without this statement IAM policies have no effect on the key, and it can become unmanageable.
    sid       = "DelegateToIamPoliciesOfThisAccount"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

# State holds every attribute of every resource, secrets included: it gets a key of its own.
resource "aws_kms_key" "state" {
  description             = "Encrypts the Terraform state"
  policy                  = data.aws_iam_policy_document.key.json
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "state" {
  name          = "alias/${local.state_bucket_name}"
  target_key_id = aws_kms_key.state.key_id
}

# And so does the ledger: who releases and who is on call write history and must not be able to decrypt state, who plans reads state
# and has no business in history. With one key for both, a single forgotten condition would be all that stands between them.
resource "aws_kms_key" "ledger" {
  description             = "Encrypts the release ledger"
  policy                  = data.aws_iam_policy_document.key.json
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "ledger" {
  name          = "alias/${local.ledger_table_name}"
  target_key_id = aws_kms_key.ledger.key_id
}
