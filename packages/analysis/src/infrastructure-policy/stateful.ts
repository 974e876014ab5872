/** What holds something that a new one of the same name would not have. */
export const STATEFUL: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: "log group",
  aws_cognito_user_pool: "user pool",
  aws_db_instance: "database",
  aws_dynamodb_table: "table",
  aws_efs_file_system: "file system",
  aws_kinesis_stream: "stream",
  aws_kms_key: "key",
  aws_rds_cluster: "database",
  aws_s3_bucket: "bucket",
  aws_secretsmanager_secret: "secret",
  aws_sqs_queue: "queue",
};
