import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { packageOf } from "../../runtime/runtime-fixture.ts";
import { ECHO, type LambdaFixture, lambdaFixture, ROLE, role } from "./lambda-fixture.ts";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: LambdaFixture;
beforeEach(() => {
  fixture = lambdaFixture();
});
afterEach(() => fixture.dispose());

const ZIP = packageOf({ "index.mjs": ECHO });
const BASIC = { FunctionName: "fn", Role: ROLE, Runtime: "nodejs22.x" as const, Handler: "index.handler" };

describe("CreateFunction", () => {
  test("gives back every field, is Pending for a moment, then Active with another revision", async () => {
    const created = await fixture.call("CreateFunction", {
      ...BASIC,
      Code: { ZipFile: ZIP },
      Description: "items",
      Timeout: 10,
      MemorySize: 256,
      Architectures: ["arm64"],
      EphemeralStorage: { Size: 1024 },
      Environment: { Variables: { TABLE: "items" } },
      TracingConfig: { Mode: "Active" },
      LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "WARN", LogGroup: "/other" },
      DeadLetterConfig: { TargetArn: "arn:aws:sns:us-east-1:000000000000:dead" },
      Tags: { team: "core" },
    });
    await fixture.settled();
    const { Configuration, Tags, Code } = await fixture.call("GetFunction", { FunctionName: "fn" });

    expect(created).toMatchObject({ State: "Pending", StateReasonCode: "Creating" });
    expect(Configuration).toEqual({
      FunctionName: "fn",
      FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:fn",
      Runtime: "nodejs22.x",
      Role: ROLE,
      Handler: "index.handler",
      CodeSize: ZIP.length,
      CodeSha256: createHash("sha256").update(ZIP).digest("base64"),
      Description: "items",
      Timeout: 10,
      MemorySize: 256,
      LastModified: created.LastModified,
      Version: "$LATEST",
      Environment: { Variables: { TABLE: "items" } },
      DeadLetterConfig: { TargetArn: "arn:aws:sns:us-east-1:000000000000:dead" },
      TracingConfig: { Mode: "Active" },
      RevisionId: expect.not.stringContaining(created.RevisionId ?? ""),
      State: "Active",
      LastUpdateStatus: "Successful",
      PackageType: "Zip",
      Architectures: ["arm64"],
      EphemeralStorage: { Size: 1024 },
      SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
      RuntimeVersionConfig: {
        RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/),
      },
      LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO", SystemLogLevel: "WARN", LogGroup: "/other" },
    });
    expect(created.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(Tags).toEqual({ team: "core" });
    expect(new Uint8Array(await (await fetch(Code?.Location ?? "")).arrayBuffer())).toEqual(ZIP);
    expect((await fetch((Code?.Location ?? "").replace(/Expires=\d/, "Expires=9"))).status).toBe(403);
  });

  test("reads code from S3", async () => {
    fixture.objects.set("code/fn.zip@v1", ZIP);

    const { CodeSize } = await fixture.call("CreateFunction", {
      ...BASIC,
      Code: { S3Bucket: "code", S3Key: "fn.zip", S3ObjectVersion: "v1" },
    });

    expect(CodeSize).toBe(ZIP.length);
  });

  const invalid = "InvalidParameterValueException";
  test.each([
    ["no code", { Code: {} }, invalid, /provide a source/],
    [
      "an object that is not there",
      { Code: { S3Bucket: "b", S3Key: "k" } },
      invalid,
      /Error occurred while GetObject\. S3 Error Code: NoSuchKey/,
    ],
    ["what is no zip", { Code: { ZipFile: Buffer.from("no zip") } }, invalid, /^Could not unzip uploaded file/],
    ["a zip that climbs out", { Code: { ZipFile: packageOf({ "../evil.mjs": "" }) } }, invalid, /points outside/],
    ["a damaged zip", { Code: { ZipFile: damaged(ZIP) } }, invalid, /^Could not unzip/],
    [
      "a role that is not there",
      { Role: `${ROLE}-x` },
      invalid,
      /^The role defined for the function cannot be assumed by Lambda\.$/,
    ],
    ["a role for others", { Role: "arn:aws:iam::000000000000:role/ec2" }, invalid, /cannot be assumed by Lambda/],
    ["a role that is no ARN", { Role: "run" }, "ValidationException", /'role'/],
    ["another language", { Runtime: "python3.13" as const }, invalid, /local AWS runs Node\.js functions/],
    ["no runtime", { Runtime: undefined }, invalid, /Runtime and Handler are mandatory/],
    ["too little memory", { MemorySize: 64 }, "ValidationException", /Value '64' at 'memorySize'/],
    ["too long a timeout", { Timeout: 901 }, "ValidationException", /less than or equal to 900/],
    ["layers", { Layers: ["arn:aws:lambda:us-east-1:1:layer:x:1"] }, invalid, /does not support layers/],
    ["a VPC", { VpcConfig: { SubnetIds: ["subnet-1"] } }, invalid, /VPC/],
    ["an image", { PackageType: "Image" as const }, invalid, /container images/],
    [
      "a FIFO queue for dead letters",
      { DeadLetterConfig: { TargetArn: "arn:aws:sqs:us-east-1:000000000000:q.fifo" } },
      invalid,
      /FIFO queues/,
    ],
    [
      "dead letters for what takes none",
      { DeadLetterConfig: { TargetArn: "arn:aws:s3:::bucket" } },
      invalid,
      /neither an SQS queue nor an SNS topic/,
    ],
    [
      "a reserved variable",
      { Environment: { Variables: { AWS_REGION: "x" } } },
      invalid,
      /Reserved keys used in this request: AWS_REGION/,
    ],
    [
      "too many variables",
      { Environment: { Variables: { BIG: "x".repeat(4100) } } },
      invalid,
      /exceeded the 4KB limit/,
    ],
    ["levels without JSON", { LoggingConfig: { SystemLogLevel: "WARN" as const } }, invalid, /LogFormat is JSON/],
    ["a malformed name", { FunctionName: "no spaces" }, "ValidationException", /'functionName'/],
    ["a tag of AWS", { Tags: { "aws:x": "1" } }, invalid, /reserved/],
  ])("refuses %s", async (_what, change, code, message) => {
    fixture.roles.set(
      "arn:aws:iam::000000000000:role/ec2",
      role("arn:aws:iam::000000000000:role/ec2", "ec2.amazonaws.com"),
    );

    const attempt = fixture.call("CreateFunction", { ...BASIC, Code: { ZipFile: ZIP }, ...change });

    await expect(attempt).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(fixture.lambda.service.inventory?.()).toEqual([]);
  });

  test("refuses a name that is taken, and two creations at once", async () => {
    const create = () => fixture.call("CreateFunction", { ...BASIC, Code: { ZipFile: ZIP } });
    const [first, second] = await Promise.allSettled([create(), create()]);

    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({ status: "rejected", reason: { code: "ResourceConflictException" } });
    await expect(create()).rejects.toMatchObject({
      code: "ResourceConflictException",
      message: "Function already exist: fn",
    });
  });
});

describe("reading and deleting", () => {
  test.each([
    ["fn"],
    ["function:fn"],
    ["000000000000:function:fn"],
    ["arn:aws:lambda:us-east-1:000000000000:function:fn"],
    ["arn:aws:lambda:us-east-1:000000000000:function:fn:1"],
    ["fn:live"],
  ])("finds %s", async (FunctionName) => {
    await fixture.create("fn", ECHO, { Publish: true });
    await fixture.call("CreateAlias", { FunctionName: "fn", Name: "live", FunctionVersion: "1" });

    const qualifier = /:(1|live)$/.exec(FunctionName)?.[1];
    const found = await fixture.call("GetFunctionConfiguration", { FunctionName });

    expect(found.FunctionArn).toBe(
      `arn:aws:lambda:us-east-1:000000000000:function:fn${qualifier === undefined ? "" : `:${qualifier}`}`,
    );
    expect(found.Version).toBe(qualifier === undefined ? "$LATEST" : "1");
  });

  test("does not find what is not there", async () => {
    await fixture.create();

    for (const [FunctionName, Qualifier] of [["other"], ["fn", "7"], ["fn", "live"]] as const) {
      const suffix = Qualifier === undefined ? "" : `:${Qualifier}`;
      await expect(fixture.call("GetFunction", { FunctionName, Qualifier })).rejects.toMatchObject({
        code: "ResourceNotFoundException",
        message: `Function not found: arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}${suffix}`,
      });
    }
    await expect(fixture.call("GetFunction", { FunctionName: "fn:1", Qualifier: "2" })).rejects.toMatchObject({
      code: "InvalidParameterValueException",
    });
  });

  test("lists page by page", async () => {
    for (const name of ["c", "a", "b"]) {
      await fixture.create(name);
    }

    const first = await fixture.call("ListFunctions", { MaxItems: 2 });
    const second = await fixture.call("ListFunctions", { MaxItems: 2, Marker: first.NextMarker });

    expect(first.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(["a", "b"]);
    expect(second.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(["c"]);
    expect(second.NextMarker).toBeUndefined();
  });

  test("deletes with everything that belongs to it", async () => {
    await fixture.create("fn", ECHO, { Publish: true });
    await fixture.call("CreateAlias", { FunctionName: "fn", Name: "live", FunctionVersion: "1" });
    await fixture.call("AddPermission", {
      FunctionName: "fn",
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
    });
    await expect(fixture.call("DeleteFunction", { FunctionName: "fn", Qualifier: "1" })).rejects.toMatchObject({
      code: "ResourceConflictException",
      message: "Unable to delete version because the following aliases reference it: [live]",
    });

    await fixture.call("DeleteFunction", { FunctionName: "fn" });

    expect(fixture.lambda.service.inventory?.()).toEqual([]);
    await fixture.create();
    await expect(fixture.call("GetPolicy", { FunctionName: "fn" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
  });
});

function damaged(zip: Uint8Array): Uint8Array {
  const copy = zip.slice();
  copy.fill(0xff, 34, 60);
  return copy;
}
