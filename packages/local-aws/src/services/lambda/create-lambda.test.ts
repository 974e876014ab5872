import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListAliasesCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  ResourceNotFoundException,
  TooManyRequestsException,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { packageOf } from "../../runtime/runtime-fixture.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type LambdaFixture, lambdaFixture, ROLE } from "./lambda-fixture.ts";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: LambdaFixture;
let served: ServedServices;
let client: LambdaClient;
beforeAll(async () => {
  fixture = lambdaFixture();
  served = await serveServices(fixture.core, [fixture.lambda.service]);
  client = new LambdaClient({ ...served.client, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await served.close();
  fixture.core.dispose();
});

const FunctionName = "over-the-wire";
const code = (answer: string) =>
  packageOf({ "index.mjs": `export const handler = async (event) => ({ answer: ${answer}, event })` });

describe("the JavaScript SDK", () => {
  test("deploys a function the way a release does", async () => {
    await client.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: ROLE,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: code("1") },
        Publish: true,
      }),
    );
    await waitUntilFunctionActiveV2({ client, maxWaitTime: 5, minDelay: 1 }, { FunctionName });
    await client.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));

    await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: code("2") }));
    await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 5, minDelay: 1 }, { FunctionName });
    const { Version } = await client.send(new PublishVersionCommand({ FunctionName }));
    const alias = await client.send(
      new UpdateAliasCommand({
        FunctionName,
        Name: "live",
        RoutingConfig: { AdditionalVersionWeights: { [Version ?? ""]: 0.25 } },
      }),
    );

    expect(alias).toMatchObject({ FunctionVersion: "1", RoutingConfig: { AdditionalVersionWeights: { "2": 0.25 } } });
    expect((await client.send(new ListAliasesCommand({ FunctionName }))).Aliases).toHaveLength(1);
    const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName, Qualifier: "2" }));
    expect(Configuration).toMatchObject({ Version: "2", State: "Active" });
  });

  test("invokes it, with payload, version, log and errors where the SDK expects them", async () => {
    const answer = await client.send(
      new InvokeCommand({ FunctionName, Qualifier: "2", Payload: JSON.stringify({ a: 1 }), LogType: "Tail" }),
    );
    const event = await client.send(new InvokeCommand({ FunctionName, InvocationType: "Event" }));

    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "2" });
    expect(JSON.parse(answer.Payload?.transformToString() ?? "")).toEqual({ answer: 2, event: { a: 1 } });
    expect(Buffer.from(answer.LogResult ?? "", "base64").toString()).toContain(answer.$metadata.requestId);
    expect(event.StatusCode).toBe(202);
    await expect(client.send(new InvokeCommand({ FunctionName: "other" }))).rejects.toThrow(ResourceNotFoundException);
  });

  test("says how a function failed", async () => {
    await client.send(
      new UpdateFunctionCodeCommand({
        FunctionName,
        ZipFile: packageOf({ "index.mjs": "export const handler = async () => { throw new RangeError('far out') }" }),
      }),
    );
    const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName }));

    expect(FunctionError).toBe("Unhandled");
    expect(JSON.parse(Payload?.transformToString() ?? "")).toMatchObject({
      errorType: "RangeError",
      errorMessage: "far out",
    });
  });

  test("is throttled with a reason", async () => {
    await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));

    const refused = await client.send(new InvokeCommand({ FunctionName })).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(TooManyRequestsException);
    expect(refused).toMatchObject({
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      $metadata: { httpStatusCode: 429 },
    });
    expect(await client.send(new GetFunctionConcurrencyCommand({ FunctionName }))).toMatchObject({
      ReservedConcurrentExecutions: 0,
    });
  });

  test("reads policies and deletes", async () => {
    await client.send(
      new AddPermissionCommand({
        FunctionName,
        Qualifier: "live",
        StatementId: "api",
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
      }),
    );
    const { Policy } = await client.send(new GetPolicyCommand({ FunctionName, Qualifier: "live" }));
    expect(JSON.parse(Policy ?? "")).toMatchObject({ Statement: [{ Sid: "api" }] });

    await client.send(new DeleteFunctionCommand({ FunctionName }));

    expect(fixture.lambda.service.inventory?.()).toEqual([]);
    await expect(client.send(new GetFunctionCommand({ FunctionName }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      $metadata: { httpStatusCode: 404 },
    });
  });
});
