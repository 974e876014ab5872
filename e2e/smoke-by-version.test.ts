import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { LambdaInvoker } from "@slipway/aws";
import type { EnvironmentConfig } from "@slipway/contracts";
import { loadConfig, smokeVersion, systemClock } from "@slipway/release-engine";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bundleFunction, packageOf } from "./support/bundle-function.ts";
import { createFunction } from "./support/create-function.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { repositoryRoot } from "./support/repository.ts";

const functionName = "api-handler-prod";
const tableName = "items-prod";

let local: LocalAwsProcess;
let lambda: LambdaClient;
let dynamodb: DynamoDBClient;
let invoker: LambdaInvoker;
/** The repository's own: its smoke scenario, and the resources of its API. */
let prod: EnvironmentConfig;
/** Two versions of the same function: the items API, and one that fails at its start. */
const versions = { good: "", bad: "" };

beforeAll(async () => {
  const { environments } = await loadConfig(join(repositoryRoot, "slipway.config.ts"));
  prod = environments.prod as EnvironmentConfig;
  local = await LocalAwsProcess.start();
  lambda = new LambdaClient(local.client);
  dynamodb = new DynamoDBClient(local.client);
  invoker = new LambdaInvoker(local.client);
  await dynamodb.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: ["id", "status", "createdAt"].map((name) => ({ AttributeName: name, AttributeType: "S" })),
      GlobalSecondaryIndexes: [
        {
          IndexName: "status-index",
          KeySchema: [
            { AttributeName: "status", KeyType: "HASH" },
            { AttributeName: "createdAt", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
  await createFunction(local.client, {
    name: functionName,
    code: await bundleFunction(join(repositoryRoot, "apps/api-handler/src/handler.ts"), "index"),
    variables: { DYNAMODB_TABLE_NAME: tableName, CURSOR_KEY: "k".repeat(64), CORS_ALLOW_ORIGIN: "*" },
    allow: [{ Action: "dynamodb:*", Resource: "*" }],
  });
  versions.good = await publish();
  const ZipFile = packageOf({ "index.mjs": "throw new Error('no cursor key');" });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: functionName, ZipFile }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 0.1 }, { FunctionName: functionName });
  versions.bad = await publish();
});

afterAll(async () => {
  invoker?.close();
  lambda?.destroy();
  dynamodb?.destroy();
  await local?.stop();
});

beforeEach(() => local.control("DELETE", "faults"));

async function publish(): Promise<string> {
  const { Version = "" } = await lambda.send(new PublishVersionCommand({ FunctionName: functionName }));
  return Version;
}

function smoke(version: string) {
  const { api, smoke: scenario } = prod;
  const target = { functionName, version, stage: "prod", resources: api.resources };
  return smokeVersion({ invoker, clock: systemClock }, target, scenario);
}

/** Names of items that are there: the keys of idempotent requests are none. */
async function itemNames(): Promise<string[]> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
  return Items.flatMap(({ name }) => name?.S ?? []);
}

describe("a smoke test by version", () => {
  it("passes on the version of the items API, and shows what only the gateway answers", async () => {
    const result = await smoke(versions.good);

    expect(result.steps.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(result.passed).toBe(true);
    expect(result.steps.filter(({ outcome }) => outcome === "left-out").map(({ name }) => name)).toEqual([
      "an unknown field is refused by the gateway",
    ]);
    expect(await itemNames()).toEqual([]);
  });

  it("fails on a version that cannot start, with its error", async () => {
    const { smoke: scenario } = prod;
    const { ready: _, ...rest } = scenario;
    const target = { functionName, version: versions.bad, stage: "prod", resources: ["/{proxy+}"] };

    const result = await smokeVersion({ invoker, clock: systemClock }, target, {
      ...rest,
      steps: rest.steps.slice(0, 1),
    });

    expect(result).toMatchObject({ passed: false, steps: [{ outcome: "failed", status: 502 }] });
    expect(result.steps[0]?.message).toMatch(/the function failed \(Unhandled\).*no cursor key/s);
  });

  it.each([
    ["throttled", "throttle"],
    ["broken off", "drop"],
  ])("passes where a call was %s, and leaves nothing behind", async (_, kind) => {
    await local.control("POST", "faults", { kind, service: "lambda", operation: "Invoke", remaining: 1 });

    const result = await smoke(versions.good);

    expect(result.steps.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(await itemNames()).toEqual([]);
  });

  it("makes no second item where the answer about the first was lost", async () => {
    const { smoke: scenario } = prod;
    const creation = scenario.steps.findIndex(({ method }) => method === "POST");
    const { ready: _, ...rest } = scenario;
    await local.control("POST", "faults", {
      kind: "lost-answer",
      service: "lambda",
      operation: "Invoke",
      remaining: 1,
    });

    const target = { functionName, version: versions.good, stage: "prod", resources: prod.api.resources };
    const result = await smokeVersion({ invoker, clock: systemClock }, target, {
      ...rest,
      steps: rest.steps.slice(creation, creation + 2),
    });

    expect(result).toMatchObject({ passed: true, steps: [{ status: 201, attempts: 2 }, {}] });
    expect(await itemNames()).toEqual([]);
  });

  it("says that a version is not there", async () => {
    const asked = invoker.invoke({ functionName, version: "99", payload: "{}", timeoutMs: 5_000 });

    await expect(asked).rejects.toMatchObject({
      kind: "not-found",
      what: `lambda:InvokeFunction failed for version 99 of ${functionName}`,
    });
  });

  it("gives up in time, and says so", async () => {
    await local.control("POST", "faults", { kind: "delay", service: "lambda", operation: "Invoke", delayMs: 3_000 });

    const asked = invoker.invoke({ functionName, version: versions.good, payload: "{}", timeoutMs: 300 });

    await expect(asked).rejects.toMatchObject({ kind: "timeout", why: "no answer within 0.3 s" });
  });
});
