import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  ImportRestApiCommand,
  UpdateRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AddPermissionCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageOf } from "./support/bundle-function.ts";
import { createFunction } from "./support/create-function.ts";
import { eventually } from "./support/eventually.ts";
import { freePort } from "./support/free-port.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { node22, repositoryRoot } from "./support/repository.ts";
import { mustRun } from "./support/run-program.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const ISSUER = "https://login.example.com";
const AUTHORIZER = "api-authorizer-dev";
/** Says whom the gateway let in, and whether it had asked the authorizer for it (0 ms: it had not). */
const ITEMS = `export const handler = async ({ requestContext: { authorizer } }) => ({ statusCode: 200, body: JSON.stringify(authorizer) ?? "" });`;

let localAws: LocalAwsProcess;
let apiId: string;
let lambda: LambdaClient;
let variables: Record<string, string>;

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  lambda = new LambdaClient(localAws.client);
  variables = {
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: "items-api",
    JWT_JWKS_URI: `${localAws.endpoint}/_slipway/issuer/login.example.com/jwks`,
  };
  const folder = temporaryFolder("authorizer");
  await mustRun(node22, [join(repositoryRoot, "apps/authorizer/build.ts"), folder.path]);
  const code = packageOf({ "index.cjs": readFileSync(join(folder.path, "dist/index.cjs")) });
  folder.remove();
  const [authorizerArn, itemsArn] = await Promise.all([
    createFunction(localAws.client, { name: AUTHORIZER, code, variables }),
    createFunction(localAws.client, { name: "items", code: ITEMS }),
  ]);
  apiId = await importApi(authorizerArn, itemsArn);
});

afterAll(async () => {
  lambda?.destroy();
  await localAws?.stop();
});

/** An API whose items need a token, and whose health does not. */
async function importApi(authorizerArn: string, itemsArn: string): Promise<string> {
  const { region } = localAws.client;
  const uriOf = (arn: string) => `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
  const open = { "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: uriOf(itemsArn) } };
  const guarded = { ...open, security: [{ jwt: [] }] };
  const jwt = {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
      type: "token",
      authorizerUri: uriOf(authorizerArn),
      identityValidationExpression: "^[Bb]earer [-0-9a-zA-Z._~+/]+=*$",
      authorizerResultTtlInSeconds: 60,
    },
  };
  const document = {
    openapi: "3.0.1",
    info: { title: "items-api", version: "1" },
    components: { securitySchemes: { jwt } },
    paths: {
      "/items": {
        ...{ get: guarded, head: guarded, post: guarded, options: open },
        "x-amazon-apigateway-any-method": open,
      },
      "/items/{id}": { get: guarded, put: guarded, patch: guarded, delete: guarded },
      "/health": { get: open },
    },
  };
  const gateway = new APIGatewayClient(localAws.client);
  const { id: restApiId = "" } = await gateway.send(
    new ImportRestApiCommand({ body: new TextEncoder().encode(JSON.stringify(document)) }),
  );
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: "dev" }));
  gateway.destroy();
  const api = `arn:aws:execute-api:${region}:000000000000:${restApiId}`;
  for (const [FunctionName, SourceArn] of [
    // The authorizer may be asked by the API's authorizers, and the function by the stage's methods: nothing more.
    [authorizerArn, `${api}/authorizers/*`],
    [itemsArn, `${api}/dev/*`],
  ]) {
    const Action = "lambda:InvokeFunction";
    const Principal = "apigateway.amazonaws.com";
    await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: "gateway", Action, Principal, SourceArn }));
  }
  return restApiId;
}

/** A token of local AWS's own issuer, which publishes its keys over HTTP. */
async function mint(claims: Record<string, unknown>, issuer = ISSUER): Promise<string> {
  const request = { issuer, subject: "ann", audience: "items-api", claims };
  const { token } = await localAws.control<{ token: string }>("POST", "tokens", request);
  return token;
}

async function call(method: string, path: string, authorization?: string) {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const answer = await fetch(`${localAws.stageUrl(apiId, "dev")}${path}`, { method, headers });
  return { status: answer.status, text: await answer.text() };
}

/** The lines of the authorizer's log with this message: none before it is invoked for the first time. */
async function logged(message: string): Promise<Record<string, unknown>[]> {
  const logs = new CloudWatchLogsClient(localAws.client);
  const filter = { logGroupName: `/aws/lambda/${AUTHORIZER}`, filterPattern: `{ $.message = "${message}" }` };
  try {
    const { events = [] } = await logs.send(new FilterLogEventsCommand(filter));
    return events.map((event) => JSON.parse(event.message ?? ""));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  } finally {
    logs.destroy();
  }
}

const UNAUTHORIZED = { status: 401, text: '{"message":"Unauthorized"}' };
const DENIED = {
  status: 403,
  text: '{"Message":"User is not authorized to access this resource with an explicit deny"}',
};

// One after the other: each builds on what the one before has left.
test("without a token there is no way in, and the authorizer is not even asked", async () => {
  expect(await call("GET", "/items")).toEqual(UNAUTHORIZED);
  expect(await call("GET", "/items", "Basic YTpi")).toEqual(UNAUTHORIZED);
  expect(await call("GET", "/items", "Bearer a b")).toEqual(UNAUTHORIZED);
  // That other methods of the path are open opens none of those that it has.
  expect(await call("DELETE", "/items")).toEqual({ status: 200, text: "" });
  expect(await call("POST", "/items")).toEqual(UNAUTHORIZED);
  expect(await call("GET", "/health")).toEqual({ status: 200, text: "" });
  expect(await call("OPTIONS", "/items")).toEqual({ status: 200, text: "" });
  expect(await logged("request")).toEqual([]);
});

test("a token that is not good is 401, and only the log says why", async () => {
  const good = await mint({ scope: "items:read" });
  const [header, payload] = good.split(".");
  const now = Math.floor(Date.now() / 1_000);
  const bad: [reason: string, token: string][] = [
    ["malformed", "a.b.c"],
    ["signature", `${header}.${payload}.${Buffer.alloc(256).toString("base64url")}`],
    ["audience", await mint({ aud: "another-api" })],
    ["expired", await mint({ exp: now - 60 })],
    ["not-yet-valid", await mint({ nbf: now + 60 })],
    ["issuer", await mint({ iss: "https://evil.example.com" })],
    // Local AWS plays this issuer too, with a key of its own.
    ["unknown-key", await mint({ iss: ISSUER }, "https://evil.example.com")],
  ];
  for (const [reason, token] of bad)
    expect(await call("GET", "/items", `Bearer ${token}`), reason).toEqual(UNAUTHORIZED);

  const lines = await eventually(async () => {
    const found = await logged("request");
    expect(found).toHaveLength(bad.length);
    return found;
  });
  expect(lines.map(({ outcome, reason }) => [outcome, reason])).toEqual(bad.map(([reason]) => ["denied", reason]));
});

test("a read token reads, and what the gateway keeps of that does not let it write", async () => {
  const token = await mint({ scope: "openid items:read" });
  const first = await call("GET", "/items", `Bearer ${token}`);
  expect(first.status).toBe(200);
  expect(JSON.parse(first.text)).toMatchObject({ principalId: "ann", scope: "items:read" });

  for (const [method, path] of [
    ["POST", "/items"],
    ["PUT", "/items/7"],
    ["PATCH", "/items/7"],
    ["DELETE", "/items/7"],
  ] as const) {
    expect(await call(method, path, `Bearer ${token}`), method).toEqual(DENIED);
  }
  expect((await call("HEAD", "/items", `Bearer ${token}`)).status).toBe(200);
  const again = await call("GET", "/items/7", `Bearer ${token}`);
  // It was asked once for all of these.
  expect(JSON.parse(again.text)).toMatchObject({ principalId: "ann", integrationLatency: 0 });
});

test("a call that is refused does not spoil those that are not", async () => {
  const token = await mint({ scp: ["items:read"] });
  expect(await call("DELETE", "/items/*", `bearer ${token}`)).toEqual(DENIED);
  expect((await call("GET", "/items/7", `bearer ${token}`)).status).toBe(200);
});

test("a write token writes, one with both scopes does both, and one with neither nothing", async () => {
  const [write, both, neither] = await Promise.all(
    ["items:write", "items:write items:read", "items:readonly"].map((scope) => mint({ scope })),
  );
  expect((await call("POST", "/items", `Bearer ${write}`)).status).toBe(200);
  expect((await call("DELETE", "/items/7", `Bearer ${write}`)).status).toBe(200);
  expect(await call("GET", "/items", `Bearer ${write}`)).toEqual(DENIED);
  expect((await call("GET", "/items", `Bearer ${both}`)).status).toBe(200);
  expect((await call("PATCH", "/items/7", `Bearer ${both}`)).status).toBe(200);
  expect(await call("GET", "/items", `Bearer ${neither}`)).toEqual(DENIED);
});

test("an API that lets a network in does not let a read token write by that", async () => {
  const gateway = new APIGatewayClient(localAws.client);
  const anybody = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const value = JSON.stringify({ Version: "2012-10-17", Statement: [anybody] });
  const patchOperations = [{ op: "replace" as const, path: "/policy", value }];
  await gateway.send(new UpdateRestApiCommand({ restApiId: apiId, patchOperations }));
  await gateway.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: "dev" }));
  gateway.destroy();

  const token = await mint({ scope: "items:read" });
  expect((await call("GET", "/items", `Bearer ${token}`)).status).toBe(200);
  expect(await call("POST", "/items", `Bearer ${token}`)).toEqual(DENIED);
});

test("an issuer that cannot be reached is a 500 that on-call sees, and no 401", async () => {
  const nobody = `http://127.0.0.1:${await freePort()}/jwks`;
  const Environment = { Variables: { ...variables, JWT_JWKS_URI: nobody } };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: AUTHORIZER, Environment }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 0.1 }, { FunctionName: AUTHORIZER });

  const token = await mint({ scope: "items:read" });
  expect(await call("GET", "/items", `Bearer ${token}`)).toEqual({ status: 500, text: '{"message":null}' });
  const [line] = await eventually(async () => {
    const found = await logged("the authorizer cannot decide");
    expect(found).toHaveLength(1);
    return found;
  });
  expect(line).toMatchObject({ level: "ERROR", error: { message: expect.stringContaining(nobody) } });
});

test("its metrics count requests, denials and faults", async () => {
  const cloudwatch = new CloudWatchClient(localAws.client);
  const sumOf = async (MetricName: string) => {
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "ItemsApi",
        MetricName,
        Dimensions: [{ Name: "service", Value: "items-authorizer" }],
        StartTime: new Date(Date.now() - 600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 3_600,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
  };
  await eventually(async () => {
    expect([await sumOf("requests"), await sumOf("denied"), await sumOf("faults")]).toEqual([14, 8, 1]);
  });
  cloudwatch.destroy();
});
