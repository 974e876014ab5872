import { expect, it } from "vitest";
import { importCommand } from "./import-command.ts";
import { found } from "./test/found.ts";

it.each([
  [found("s3-bucket", "old-prod"), "terraform import aws_s3_bucket.old_prod old-prod"],
  [found("log-group", "/aws/lambda/x"), "terraform import aws_cloudwatch_log_group.aws_lambda_x /aws/lambda/x"],
  [found("kms-alias", "alias/a b"), "terraform import aws_kms_alias.a_b 'alias/a b'"],
  [found("kms-key", "80925a6d-2783"), "terraform import aws_kms_key._80925a6d_2783 80925a6d-2783"],
  [found("rest-api", "abc123", { name: "Orders API" }), "terraform import aws_api_gateway_rest_api.Orders_API abc123"],
  [found("dashboard", "---"), "terraform import aws_cloudwatch_dashboard.this ---"],
  // Terraform imports a saved query by its ARN.
  [
    found("query-definition", "id1", { name: "Errors", arn: "arn:q" }),
    "terraform import aws_cloudwatch_query_definition.Errors arn:q",
  ],
])("%#", (resource, command) => {
  expect(importCommand(resource)).toBe(command);
});

it("goes to the root module of the environment", () => {
  expect(importCommand(found("sns-topic", "arn:t", { name: "t" }), "stacks/my prod")).toBe(
    "terraform -chdir='stacks/my prod' import aws_sns_topic.t arn:t",
  );
});

it("has none for a backup, which is no resource of Terraform", () => {
  expect(importCommand(found("dynamodb-backup", "arn:b"))).toBeUndefined();
});
