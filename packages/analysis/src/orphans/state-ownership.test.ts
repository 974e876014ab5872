import { describe, expect, it } from "vitest";
import { StateOwnership } from "./state-ownership.ts";
import { found } from "./test/found.ts";

const place = { account: "111111111111", region: "us-east-1" };

function stateWith(type: string, attributes: Record<string, unknown>): StateOwnership {
  const { id, arn } = attributes as { id?: string; arn?: string };
  return new StateOwnership(
    [{ name: "prod", resources: [{ address: `${type}.x`, type, id, arn, attributes }] }],
    place,
  );
}

describe("StateOwnership", () => {
  it("finds the owner by id, and by ARN where the ids differ", () => {
    const arn = "arn:aws:sqs:us-east-1:111111111111:jobs";
    const ownership = stateWith("aws_sqs_queue", { id: "https://sqs.us-east-1.amazonaws.com/111111111111/jobs", arn });

    // The address of the endpoint differs, as it does between local AWS's names.
    expect(ownership.ownerOf(found("sqs-queue", "http://127.0.0.1:4566/111111111111/jobs", { arn }))).toBe(
      "prod: aws_sqs_queue.x",
    );
    expect(ownership.ownerOf(found("sqs-queue", "http://127.0.0.1:4566/111111111111/other"))).toBeUndefined();
  });

  it("takes a log group's ARN with and without its ending", () => {
    const arn = "arn:aws:logs:us-east-1:111111111111:log-group:/a";
    const ownership = stateWith("aws_cloudwatch_log_group", { arn: `${arn}:*` });

    expect(ownership.ownerOf(found("log-group", "/other-name", { arn }))).toBe("prod: aws_cloudwatch_log_group.x");
  });

  it("tells types apart that share a name", () => {
    const ownership = stateWith("aws_dynamodb_table", { name: "items" });

    expect(ownership.has("dynamodb-table", "items")).toBe(true);
    expect(ownership.has("s3-bucket", "items")).toBe(false);
  });

  it.each([
    ["another Region", "arn:aws:lambda:eu-west-1:111111111111:function:items"],
    ["another account", "arn:aws:lambda:us-east-1:222222222222:function:items"],
  ])("does not take a resource of the same name in %s for this one", (_, arn) => {
    expect(stateWith("aws_lambda_function", { function_name: "items", arn }).has("lambda-function", "items")).toBe(
      false,
    );
  });

  it("takes global resources, which have no Region in their ARN", () => {
    const arn = "arn:aws:iam::111111111111:role/deploy";
    expect(stateWith("aws_iam_role", { name: "deploy", arn }).has("iam-role", "deploy")).toBe(true);
  });

  it("knows the tags with the provider's default tags, and which types have none", () => {
    const bucket = found("s3-bucket", "b");

    expect(stateWith("aws_s3_bucket", { bucket: "b", tags: {}, tags_all: { Project: "x" } }).tagsOf(bucket)).toEqual({
      Project: "x",
    });
    expect(stateWith("aws_s3_bucket", { bucket: "b", tags: null }).tagsOf(bucket)).toEqual({});
    expect(stateWith("aws_kms_alias", { name: "alias/a" }).tagsOf(found("kms-alias", "alias/a"))).toBeUndefined();
  });
});
