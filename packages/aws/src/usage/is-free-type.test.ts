import { expect, it } from "vitest";
import { isFreeType } from "./is-free-type.ts";

it.each([
  "aws_iam_role",
  "aws_iam_role_policy_attachment",
  "aws_lambda_permission",
  "aws_api_gateway_method",
  "aws_s3_bucket_policy",
  "aws_kms_alias",
  "random_id",
  "terraform_data",
])("%s costs nothing of its own", (type) => {
  expect(isFreeType(type)).toBe(true);
});

it.each([
  "aws_api_gateway_vpc_link",
  "aws_dynamodb_global_table",
  "aws_lambda_function",
  "aws_s3_bucket",
  "aws_s3_bucket_inventory",
  "aws_vpc_endpoint",
  "aws_wafv2_web_acl",
])("%s is not called free", (type) => {
  expect(isFreeType(type)).toBe(false);
});
