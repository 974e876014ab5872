# A release of code: upload once, update the function, publish, ask the version, move the alias, tell people, and
# write down what was done.
data "aws_iam_policy_document" "deploy" {
  source_policy_documents = [data.aws_iam_policy_document.tell_and_record.json]

  # GetObject is for Lambda, which fetches the code in the name of its caller.
  statement {
    sid       = "StoreArtifacts"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = local.artifacts_arns
  }

  statement {
    sid = "ReleaseCode"
    actions = [
      "lambda:GetAlias",
      "lambda:GetFunction",
      "lambda:GetFunctionConfiguration",
      "lambda:PublishVersion",
      "lambda:UpdateAlias",
      "lambda:UpdateFunctionCode",
    ]
    resources = local.function_part_arns
  }

  # A version is asked before it has any traffic, and again where a canary has too little of it. Not the function itself: nothing is to
  # run that was not published.
  statement {
    sid       = "AskVersions"
    actions   = ["lambda:InvokeFunction"]
    resources = [for arn in local.function_arns : "${arn}:*"]
  }
}
