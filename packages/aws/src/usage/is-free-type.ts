/** Types of a provider that never costs: they make nothing on AWS. */
const NO_AWS = /^(random|null|time|local|tls|archive|terraform)_/;

/**
 * Types that AWS makes no charge for, or whose charge is on another resource's lines: an object's bytes are in its bucket's,
 * a provisioned concurrency in its function's.
 */
const FREE = [
  /^aws_iam_/,
  /^aws_lambda_(alias|permission|function_event_invoke_config|layer_version|provisioned_concurrency_config|function_url|event_source_mapping)$/,
  /^aws_api_gateway_(account|api_key|authorizer|base_path_mapping|deployment|documentation_\w+|domain_name|gateway_response|integration|integration_response|method|method_response|method_settings|model|request_validator|resource|rest_api_policy|stage|usage_plan|usage_plan_key)$/,
  /^aws_s3_bucket_(acl|cors_configuration|lifecycle_configuration|logging|notification|object_lock_configuration|ownership_controls|policy|public_access_block|request_payment_configuration|server_side_encryption_configuration|versioning)$/,
  /^aws_s3_object$/,
  /^aws_s3_account_public_access_block$/,
  /^aws_kms_(alias|grant|key_policy)$/,
  /^aws_cloudwatch_(query_definition|log_metric_filter|log_resource_policy|log_stream|log_account_policy)$/,
  /^aws_sns_topic_(policy|subscription|data_protection_policy)$/,
  /^aws_sqs_queue_(policy|redrive_policy|redrive_allow_policy)$/,
  /^aws_dynamodb_(resource_policy|tag|table_item)$/,
  // 14 million calls of a month are free, which 300 schedules that run by the minute do not make. What they make costs by itself.
  /^aws_scheduler_schedule(_group)?$/,
  /^aws_(appautoscaling_target|appautoscaling_policy|resourcegroups_group)$/,
];

/** Whether a type of Terraform resource costs nothing of its own. What is not listed is not called free. */
export function isFreeType(type: string): boolean {
  return NO_AWS.test(type) || FREE.some((pattern) => pattern.test(type));
}
