import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AwsDeployedFunctions } from "./aws-deployed-functions.ts";
import { type LocalAwsFixture, localAwsFixture } from "./test/local-aws-fixture.ts";

const FunctionName = "orders";
/** An empty zip: nothing is invoked here. */
const ZipFile = Buffer.concat([Buffer.from([0x50, 0x4b, 0x05, 0x06]), Buffer.alloc(18)]);

let aws: LocalAwsFixture;
let lambda: LambdaClient;
let functions: AwsDeployedFunctions;

beforeAll(async () => {
  aws = await localAwsFixture();
  lambda = new LambdaClient(aws.client);
  functions = new AwsDeployedFunctions(aws.client);
  const iam = new IAMClient(aws.client);
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: FunctionName,
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    }),
  );
  iam.destroy();
  await lambda.send(
    new CreateFunctionCommand({
      ...{ FunctionName, Role: Role?.Arn, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile } },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName });
});

afterAll(async () => {
  functions?.close();
  lambda?.destroy();
  await aws?.close();
});

async function publish(): Promise<string> {
  const { Version = "" } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  return Version;
}

it("reads the version behind an alias, and when it was published", async () => {
  const before = Date.now();
  const FunctionVersion = await publish();
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion }));
  const read = await functions.read(FunctionName, "live");
  expect(read).toMatchObject({ version: "1", state: "Active", lastUpdate: "Successful" });
  expect(read.publishedAt).toBeLessThanOrEqual(Date.now());
  expect(read.publishedAt).toBeGreaterThan(before - 60_000);
  expect(await functions.read(FunctionName, undefined)).toMatchObject({ version: "$LATEST" });
});

it("takes the newest of those that have traffic while it is shifted: that is what is being released", async () => {
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: "second" }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName });
  const second = await publish();
  await lambda.send(
    new UpdateAliasCommand({
      ...{ FunctionName, Name: "live", FunctionVersion: "1" },
      RoutingConfig: { AdditionalVersionWeights: { [second]: 0.1 } },
    }),
  );
  expect(await functions.read(FunctionName, "live")).toMatchObject({ version: second });
});

it.each([
  ["orders", "none", "not-found"],
  ["nothing", undefined, "not-found"],
] as const)("says of %s %s that it is not there", async (name, alias, kind) => {
  await expect(functions.read(name, alias)).rejects.toMatchObject({ name: "ReleaseError", kind });
});
