import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { expect, it } from "vitest";
import { AwsFunctionVariables } from "./aws-function-variables.ts";
import { localAwsFixture } from "./test/local-aws-fixture.ts";
import { powerlessCredentials } from "./test/powerless-credentials.ts";

/** An empty zip: nothing is invoked here. */
const ZipFile = Buffer.concat([Buffer.from([0x50, 0x4b, 0x05, 0x06]), Buffer.alloc(18)]);

it("names the variables that a function has, and shows no value", async () => {
  const aws = await localAwsFixture();
  const lambda = new LambdaClient(aws.client);
  const iam = new IAMClient(aws.client);
  try {
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: "orders",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
      }),
    );
    const create = async (FunctionName: string, Variables?: Record<string, string>) => {
      await lambda.send(
        new CreateFunctionCommand({
          ...{ FunctionName, Role: Role?.Arn, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile } },
          ...(Variables === undefined ? {} : { Environment: { Variables } }),
        }),
      );
      await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName });
    };
    await create("orders", { TABLE_NAME: "orders-prod", CURSOR_KEY: "hush" });
    await create("bare");
    const variables = new AwsFunctionVariables(lambda);

    expect(await variables.namesOf("orders")).toEqual(new Set(["TABLE_NAME", "CURSOR_KEY"]));
    expect(await variables.namesOf("bare")).toEqual(new Set());
    expect(await variables.namesOf("nowhere")).toBeUndefined();

    const nobody = new LambdaClient({ ...aws.client, credentials: await powerlessCredentials(aws) });
    await expect(new AwsFunctionVariables(nobody).namesOf("orders")).rejects.toMatchObject({ kind: "denied" });
    nobody.destroy();
  } finally {
    lambda.destroy();
    iam.destroy();
    await aws.close();
  }
});
