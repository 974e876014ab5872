import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ECHO, type LambdaFixture, lambdaFixture } from "./lambda-fixture.ts";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: LambdaFixture;
beforeEach(async () => {
  fixture = lambdaFixture();
  await fixture.create("fn", ECHO, { Publish: true });
  await fixture.call("CreateAlias", { FunctionName: "fn", Name: "live", FunctionVersion: "1" });
});
afterEach(() => fixture.dispose());

const ARN = "arn:aws:lambda:us-east-1:000000000000:function:fn";
const API = {
  FunctionName: "fn",
  StatementId: "api",
  Action: "lambda:InvokeFunction",
  Principal: "apigateway.amazonaws.com",
};

describe("resource policies", () => {
  test("are written as AWS writes them, per qualifier", async () => {
    const added = await fixture.call("AddPermission", {
      ...API,
      Qualifier: "live",
      SourceArn: "arn:aws:execute-api:us-east-1:000000000000:abc/*",
      SourceAccount: "000000000000",
    });

    const statement = {
      Sid: "api",
      Effect: "Allow",
      Principal: { Service: "apigateway.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: `${ARN}:live`,
      Condition: {
        StringEquals: { "AWS:SourceAccount": "000000000000" },
        ArnLike: { "AWS:SourceArn": "arn:aws:execute-api:us-east-1:000000000000:abc/*" },
      },
    };
    const { Policy } = await fixture.call("GetPolicy", { FunctionName: "fn", Qualifier: "live" });
    expect(JSON.parse(added.Statement ?? "")).toEqual(statement);
    expect(JSON.parse(Policy ?? "")).toEqual({ Version: "2012-10-17", Id: "default", Statement: [statement] });
    await expect(fixture.call("GetPolicy", { FunctionName: "fn" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      message: "The resource you requested does not exist.",
    });
  });

  test.each([
    ["123456789012", { AWS: "arn:aws:iam::123456789012:root" }],
    ["arn:aws:iam::123456789012:user/x", { AWS: "arn:aws:iam::123456789012:user/x" }],
    ["*", "*"],
  ])("name the principal %s as AWS does", async (Principal, expected) => {
    const { Statement } = await fixture.call("AddPermission", { ...API, Principal });

    expect(JSON.parse(Statement ?? "")).toMatchObject({ Principal: expected, Resource: ARN });
  });

  test("share the revision of what they belong to", async () => {
    const { RevisionId } = await fixture.call("GetFunctionConfiguration", { FunctionName: "fn" });
    await fixture.call("AddPermission", { ...API, RevisionId });

    const { RevisionId: changed } = await fixture.call("GetPolicy", { FunctionName: "fn" });

    expect(changed).not.toBe(RevisionId);
    await expect(fixture.call("AddPermission", { ...API, StatementId: "b", RevisionId })).rejects.toMatchObject({
      code: "PreconditionFailedException",
    });
    await fixture.call("RemovePermission", { FunctionName: "fn", StatementId: "api", RevisionId: changed });
    await expect(fixture.call("GetPolicy", { FunctionName: "fn" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
  });

  test("refuse what AWS refuses", async () => {
    await fixture.call("AddPermission", API);

    await expect(fixture.call("AddPermission", API)).rejects.toMatchObject({
      code: "ResourceConflictException",
      message: expect.stringContaining("The statement id (api) provided already exists"),
    });
    await expect(fixture.call("AddPermission", { ...API, Qualifier: "$LATEST" })).rejects.toMatchObject({
      code: "InvalidParameterValueException",
    });
    await expect(fixture.call("AddPermission", { ...API, Action: "s3:GetObject" })).rejects.toMatchObject({
      code: "ValidationException",
    });
    await expect(fixture.call("AddPermission", { ...API, FunctionName: "other" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
    await expect(fixture.call("RemovePermission", { FunctionName: "fn", StatementId: "other" })).rejects.toMatchObject({
      message: "Statement other is not found in resource policy.",
    });
    await expect(
      fixture.call("AddPermission", { ...API, StatementId: "big", SourceArn: `arn:aws:s3:::${"x".repeat(20_480)}` }),
    ).rejects.toMatchObject({ code: "PolicyLengthExceededException" });
  });
});

describe("tags", () => {
  test("are set, read, removed, and found by the tagging API", async () => {
    await fixture.call("TagResource", { Resource: ARN, Tags: { team: "core", stage: "prod" } });
    await fixture.call("UntagResource", { Resource: ARN, TagKeys: ["stage"] });

    expect(await fixture.call("ListTags", { Resource: ARN })).toEqual({ Tags: { team: "core" } });
    expect(fixture.lambda.tags.taggedResources()).toEqual([
      { arn: ARN, type: "lambda:function", tags: { team: "core" } },
    ]);
    await expect(fixture.call("ListTags", { Resource: `${ARN}:live` })).rejects.toMatchObject({
      code: "InvalidParameterValueException",
    });
  });
});
