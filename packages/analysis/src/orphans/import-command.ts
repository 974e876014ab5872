import type { ResourceType } from "@slipway/contracts";
import type { FoundResource } from "./found-resource.ts";
import { shellQuote } from "./shell-quote.ts";

/** Terraform's type for each of ours; a backup is nothing that Terraform keeps. */
const terraformTypes: Readonly<Record<Exclude<ResourceType, "dynamodb-backup">, string>> = {
  "lambda-function": "aws_lambda_function",
  "dynamodb-table": "aws_dynamodb_table",
  "s3-bucket": "aws_s3_bucket",
  "log-group": "aws_cloudwatch_log_group",
  "rest-api": "aws_api_gateway_rest_api",
  "api-key": "aws_api_gateway_api_key",
  "usage-plan": "aws_api_gateway_usage_plan",
  "iam-role": "aws_iam_role",
  "iam-policy": "aws_iam_policy",
  "oidc-provider": "aws_iam_openid_connect_provider",
  "kms-key": "aws_kms_key",
  "kms-alias": "aws_kms_alias",
  "sns-topic": "aws_sns_topic",
  "sqs-queue": "aws_sqs_queue",
  schedule: "aws_scheduler_schedule",
  "schedule-group": "aws_scheduler_schedule_group",
  "metric-alarm": "aws_cloudwatch_metric_alarm",
  "composite-alarm": "aws_cloudwatch_composite_alarm",
  dashboard: "aws_cloudwatch_dashboard",
  "query-definition": "aws_cloudwatch_query_definition",
};

/**
 * The command that brings a resource under Terraform. The address is a proposal, made of the resource's name.
 *
 * @param directory the root module of the environment that it seems to belong to
 * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs, section Import of each resource
 */
export function importCommand({ type, id, name, arn }: FoundResource, directory?: string): string | undefined {
  if (type === "dynamodb-backup") {
    return undefined;
  }
  const label = name
    .replace(/^(https?:\/\/|alias\/|\/)+/, "")
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/^(?=[0-9])/, "_")
    .replace(/^_+$|^$/, "this");
  // The one resource of ours that Terraform imports by ARN and AWS CLI deletes by id.
  const importId = type === "query-definition" ? arn : id;
  return [
    "terraform",
    ...(directory === undefined ? [] : [`-chdir=${shellQuote(directory)}`]),
    "import",
    `${terraformTypes[type]}.${label}`,
    shellQuote(importId),
  ].join(" ");
}
