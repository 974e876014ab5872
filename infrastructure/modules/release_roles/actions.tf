# What Terraform's AWS provider asks for when it refreshes the resources of an environment. Shared by plan, which does no more, and
# provision.
locals {
  read = {
    table    = ["dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource"]
    function = ["lambda:GetAlias", "lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:GetPolicy", "lambda:ListVersionsByFunction"]
    role     = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"]
    key      = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"]
    schedule = ["scheduler:GetSchedule", "scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"]
    queue    = ["sqs:GetQueueAttributes", "sqs:ListQueueTags"]
    topic    = ["sns:GetTopicAttributes", "sns:ListTagsForResource"]
    object   = ["s3:GetObject", "s3:GetObjectTagging"]
    bucket = [
      "s3:GetAccelerateConfiguration", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging", "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock", "s3:GetBucketRequestPayment", "s3:GetBucketTagging",
      "s3:GetBucketVersioning", "s3:GetBucketWebsite", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration", "s3:ListBucket",
    ]

    # Actions without resource-level permissions, or that the provider calls without naming a resource.
    lists = ["cloudwatch:DescribeAlarms", "kms:ListAliases", "logs:DescribeLogGroups", "logs:DescribeQueryDefinitions", "sns:GetSubscriptionAttributes"]
  }

  # The same as read.bucket in few letters, for provision: IAM takes 10,240 of them for all inline policies of a role. None of it reads objects.
  bucket_reads = ["s3:GetBucket*", "s3:Get*Configuration", "s3:ListBucket"]
}
