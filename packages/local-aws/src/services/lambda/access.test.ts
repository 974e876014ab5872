import { LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { packageOf } from "../../runtime/runtime-fixture.ts";
import { serveServices } from "../../test/serve-services.ts";
import { allow } from "../../test/test-iam.ts";
import { ECHO, type LambdaFixture, lambdaFixture, ROLE } from "./lambda-fixture.ts";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const ARN = "arn:aws:lambda:us-east-1:000000000000:function:fn";
const OTHER = "arn:aws:iam::000000000000:role/other";
const TOPIC = "arn:aws:sns:us-east-1:000000000000:dead";

let fixture: LambdaFixture;
beforeEach(() => {
  fixture = lambdaFixture();
});
afterEach(() => fixture.dispose());

const needsOf = (operation: string, input: object) =>
  fixture.lambda.service.access?.[operation]?.(input as never, fixture.core.context()) ?? [];
const shown = (operation: string, input: object) =>
  needsOf(operation, input).map(({ action, resource }) => `${action} ${resource}`);

test("every operation has needs", () => {
  const { operations, access } = fixture.lambda.service;
  expect(Object.keys(operations).filter((name) => access?.[name] === undefined)).toEqual([]);
});

test.each<[string, object, string[]]>([
  ["Invoke", { FunctionName: "fn" }, [`lambda:InvokeFunction ${ARN}`]],
  ["Invoke", { FunctionName: "fn", Qualifier: "live" }, [`lambda:InvokeFunction ${ARN}:live`]],
  ["Invoke", { FunctionName: `${ARN}:7` }, [`lambda:InvokeFunction ${ARN}:7`]],
  ["GetFunction", { FunctionName: "fn:3" }, [`lambda:GetFunction ${ARN}:3`]],
  ["UpdateAlias", { FunctionName: "fn", Name: "live" }, [`lambda:UpdateAlias ${ARN}`]],
  ["PublishVersion", { FunctionName: "fn" }, [`lambda:PublishVersion ${ARN}`]],
  ["UpdateFunctionCode", { FunctionName: "fn", S3Bucket: "b", S3Key: "k" }, [`lambda:UpdateFunctionCode ${ARN}`]],
  ["UpdateFunctionConfiguration", { FunctionName: "fn", Timeout: 9 }, [`lambda:UpdateFunctionConfiguration ${ARN}`]],
  [
    "UpdateFunctionConfiguration",
    { FunctionName: "fn", Role: ROLE },
    [`lambda:UpdateFunctionConfiguration ${ARN}`, `iam:PassRole ${ROLE}`],
  ],
  [
    "CreateFunction",
    { FunctionName: "fn", Role: ROLE, Tags: { team: "core" } },
    [`lambda:CreateFunction ${ARN}`, `lambda:TagResource ${ARN}`, `iam:PassRole ${ROLE}`],
  ],
  ["AddPermission", { FunctionName: "fn", Qualifier: "live" }, [`lambda:AddPermission ${ARN}:live`]],
  ["ListFunctions", {}, ["lambda:ListFunctions *"]],
  ["TagResource", { Resource: ARN, Tags: { a: "b" } }, [`lambda:TagResource ${ARN}`]],
  // What is malformed is refused by the operation, after the check.
  ["GetFunction", { FunctionName: "a b" }, ["lambda:GetFunction arn:aws:lambda:us-east-1:000000000000:function:a b"]],
  ["GetFunction", {}, ["lambda:GetFunction arn:aws:lambda:us-east-1:000000000000:function:"]],
])("%s %j needs %j", (operation, input, expected) => {
  expect(shown(operation, input)).toEqual(expected);
});

test("needs carry tags, the role's use and the principal that is allowed in", async () => {
  await fixture.create("fn", ECHO, { Tags: { team: "core" } });

  expect(needsOf("Invoke", { FunctionName: "fn" })[0]?.conditions).toEqual({ "aws:ResourceTag/team": "core" });
  expect(needsOf("CreateFunction", { FunctionName: "new", Role: ROLE, Tags: { a: "b" } })).toMatchObject([
    { conditions: { "aws:RequestTag/a": "b", "aws:TagKeys": ["a"] } },
    { conditions: { "aws:RequestTag/a": "b", "aws:TagKeys": ["a"] } },
    { conditions: { "iam:PassedToService": "lambda.amazonaws.com" } },
  ]);
  expect(
    needsOf("AddPermission", { FunctionName: "fn", Principal: "apigateway.amazonaws.com" })[0]?.conditions,
  ).toMatchObject({ "lambda:Principal": "apigateway.amazonaws.com" });
  expect(needsOf("UntagResource", { Resource: ARN, TagKeys: ["team"] })[0]?.conditions).toMatchObject({
    "aws:TagKeys": ["team"],
  });
});

test("the function's own policy lets a role of the account invoke", async () => {
  await fixture.create();
  const session = fixture.iam.session(OTHER);
  const invoke = () => fixture.core.authorizer.decide(session, needsOf("Invoke", { FunctionName: "fn" })[0] as never);
  expect(invoke().allowed).toBe(false);

  await fixture.call("AddPermission", {
    FunctionName: "fn",
    StatementId: "other",
    Action: "lambda:InvokeFunction",
    Principal: OTHER,
  });

  expect(invoke().allowed).toBe(true);
});

describe("the execution role", () => {
  const refusal = (call: string) => ({
    code: "InvalidParameterValueException",
    message: `The provided execution role does not have permissions to call ${call}`,
  });

  test("must be allowed to send traces where tracing is on", async () => {
    fixture.iam.grant(ROLE, allow("dynamodb:*"));
    const tracing = { TracingConfig: { Mode: "Active" as const } };

    await expect(fixture.create("fn", ECHO, tracing)).rejects.toMatchObject(refusal("PutTraceSegments on XRAY"));
    fixture.iam.grant(ROLE, allow("xray:PutTraceSegments"));
    await expect(fixture.create("fn", ECHO, tracing)).rejects.toMatchObject(refusal("PutTelemetryRecords on XRAY"));
    await fixture.create();
    await expect(fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn", ...tracing })).rejects.toMatchObject(
      refusal("PutTelemetryRecords on XRAY"),
    );
    fixture.iam.grant(ROLE, allow("xray:Put*"));
    expect(await fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn", ...tracing })).toMatchObject(
      tracing,
    );
  });

  test("must be allowed to send dead letters, when they are set and when they are sent", async () => {
    fixture.iam.grant(ROLE, allow("sns:Publish", `${TOPIC}-other`));
    const deadLetters = { DeadLetterConfig: { TargetArn: TOPIC } };
    await expect(fixture.create("fn", ECHO, deadLetters)).rejects.toMatchObject(refusal("Publish on SNS"));

    fixture.iam.grant(ROLE, allow("sns:Publish", TOPIC));
    await fixture.create("fn", "export const handler = async () => { throw new Error('no') }", deadLetters);
    await fixture.call("PutFunctionEventInvokeConfig", { FunctionName: "fn", MaximumRetryAttempts: 0 });
    const errors = () => fixture.metrics.filter(({ name }) => name === "DeadLetterErrors").length;
    await fixture.call("Invoke", { FunctionName: "fn", InvocationType: "Event" });
    await expect.poll(() => fixture.published.length).toBe(1);
    expect(errors()).toBe(0);

    fixture.iam.grant(ROLE, allow("logs:*"));
    await fixture.call("Invoke", { FunctionName: "fn", InvocationType: "Event" });
    await expect.poll(errors).toBeGreaterThan(0);
    expect(fixture.published.length).toBe(1);
  });

  test("must be allowed to deliver to destinations", async () => {
    await fixture.create();
    const configure = () =>
      fixture.call("PutFunctionEventInvokeConfig", {
        FunctionName: "fn",
        DestinationConfig: { OnFailure: { Destination: TOPIC } },
      });
    fixture.iam.grant(ROLE, allow("logs:*"));

    await expect(configure()).rejects.toMatchObject({
      code: "InvalidParameterValueException",
      message: `The function's execution role does not have permissions to call Publish on ${TOPIC}`,
    });
    fixture.iam.grant(ROLE, allow("sns:Publish", TOPIC));
    expect(await configure()).toMatchObject({ DestinationConfig: { OnFailure: { Destination: TOPIC } } });
  });

  test("writes the logs: without its permission no line arrives", async () => {
    await fixture.create("fn", "export const handler = async (event) => console.log(event.say)");
    const group = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/fn";
    const said = (word: string) => fixture.messages.some((message) => message.includes(word));

    fixture.iam.grant(ROLE, allow("logs:PutLogEvents", `${group}:*`));
    await fixture.invoke("fn", { say: "one" });
    fixture.iam.grant(ROLE, allow(["logs:PutLogEvents", "logs:CreateLogStream"], `${group}-other:*`));
    await fixture.invoke("fn", { say: "two" });
    expect(fixture.messages).toEqual([]);
    fixture.iam.grant(ROLE, allow(["logs:PutLogEvents", "logs:CreateLogStream"], `${group}:*`));
    await fixture.invoke("fn", { say: "three" });
    expect([said("one"), said("two"), said("three")]).toEqual([false, false, true]);
  });
});

test("code is read from S3 in the caller's name", async () => {
  await fixture.create();
  fixture.objects.set("artifacts/fn.zip", packageOf({ "index.mjs": ECHO }));
  const served = await serveServices(fixture.core, [{ ...fixture.lambda.service, close: async () => {} }]);
  const { accessKeyId, secretAccessKey, sessionToken } = fixture.core.credentials.issueSession(
    { arn: OTHER, roleId: "AROAOTHER" },
    "run",
    900,
  );
  const client = new LambdaClient({
    ...served.client,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 1,
  });
  const update = () =>
    client.send(new UpdateFunctionCodeCommand({ FunctionName: "fn", S3Bucket: "artifacts", S3Key: "fn.zip" }));

  await expect(update()).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `User: arn:aws:sts::000000000000:assumed-role/other/run is not authorized to perform: lambda:UpdateFunctionCode on resource: ${ARN} because no identity-based policy allows the lambda:UpdateFunctionCode action`,
    $metadata: { httpStatusCode: 403 },
  });
  fixture.iam.grant(OTHER, allow("lambda:UpdateFunctionCode", ARN));
  await expect(update()).rejects.toMatchObject({
    name: "AccessDeniedException",
    message:
      "Your access has been denied by S3, please make sure your request credentials have permission to GetObject for artifacts/fn.zip. S3 Error Code: AccessDenied. S3 Error Message: Access Denied",
  });
  fixture.iam.grant(OTHER, allow("lambda:UpdateFunctionCode", ARN), allow("s3:GetObject", "arn:aws:s3:::artifacts/*"));
  expect((await update()).LastUpdateStatus).toBe("InProgress");
  client.destroy();
  await served.close();
});
