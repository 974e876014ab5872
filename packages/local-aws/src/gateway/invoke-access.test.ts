import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Credential } from "../core/credentials.ts";
import { allow } from "../test/test-iam.ts";
import {
  allowLogs,
  deployApi,
  LOG_ROLE,
  lambdaUri,
  patchStage,
  type TestGateway,
  testGateway,
} from "./test-gateway.ts";

const ROLE = "arn:aws:iam::000000000000:role/caller";

class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", Buffer.from(secret as Uint8Array));
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

/** Headers of a signed GET, as clients send them. */
async function signed(
  credential: Credential,
  path: string,
  { service = "execute-api", region = "us-east-1", date = new Date() } = {},
): Promise<[string, string][]> {
  const { accessKeyId, secretAccessKey, sessionToken } = credential;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    region,
    service,
    sha256: Sha256,
  });
  const request = await signer.sign(
    {
      method: "GET",
      protocol: "http:",
      hostname: "127.0.0.1",
      path,
      headers: { host: "127.0.0.1:4566" },
    },
    { signingDate: date },
  );
  return Object.entries(request.headers).filter(([name]) => name !== "host");
}

describe("methods with AWS_IAM authorization", () => {
  let test: TestGateway;
  let api: string;
  let caller: Credential;

  const deploy = (policy?: object) =>
    deployApi(test, {
      document: {
        components: {
          securitySchemes: {
            iam: {
              type: "apiKey",
              in: "header",
              name: "Authorization",
              "x-amazon-apigateway-authtype": "awsSigv4",
            },
          },
        },
        security: [{ iam: [] }],
        ...(policy === undefined
          ? {}
          : {
              "x-amazon-apigateway-policy": {
                Version: "2012-10-17",
                Statement: [{ Action: "execute-api:Invoke", Resource: "execute-api:/*", ...policy }],
              },
            }),
      },
      paths: { "/items/{id}": { get: {} } },
    });
  const get = async (options?: Parameters<typeof signed>[2]) =>
    test.send(api, "prod", "/items/7", { headers: await signed(caller, "/items/7", options) });
  const denied = (suffix = "") =>
    `{"Message":"User: arn:aws:sts::000000000000:assumed-role/caller/test is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:${api}/prod/GET/items/7${suffix}"}`;

  beforeEach(async () => {
    test = testGateway();
    api = await deploy();
    caller = test.core.credentials.issueSession({ arn: ROLE, roleId: "AROACALLER" }, "test", 900);
  });
  afterEach(() => test.dispose());

  it("let a caller in whose policy allows it, and tell the function who it is", async () => {
    test.iam.grant(ROLE, allow("execute-api:Invoke", `arn:aws:execute-api:us-east-1:*:${api}/prod/GET/items/*`));
    expect((await get()).status).toBe(200);
    expect(test.lastEvent()).toMatchObject({
      requestContext: {
        identity: {
          accessKey: caller.accessKeyId,
          accountId: "000000000000",
          caller: "AROACALLER:test",
          user: "AROACALLER:test",
          userArn: "arn:aws:sts::000000000000:assumed-role/caller/test",
        },
      },
    });
    expect(Object.keys((test.lastEvent().headers ?? {}) as object)).not.toContain("authorization");
  });

  it("refuse a caller without the permission, with AWS's message", async () => {
    test.iam.grant(ROLE, allow("execute-api:Invoke", `arn:aws:execute-api:us-east-1:*:${api}/prod/POST/*`));
    expect(await get()).toMatchObject({ status: 403, text: denied() });
    test.iam.grant(ROLE, allow("*"), { Effect: "Deny", Action: "execute-api:*", Resource: "*" });
    expect(await get()).toMatchObject({ status: 403, text: denied(" with an explicit deny") });
    expect(test.invocations).toEqual([]);
  });

  it("heed the API's resource policy beside the caller's own", async () => {
    api = await deploy({ Effect: "Allow", Principal: { AWS: ROLE } });
    expect((await get()).status).toBe(200);
    api = await deploy({ Effect: "Deny", Principal: "*" });
    test.iam.grant(ROLE, allow("*"));
    expect(await get()).toMatchObject({ status: 403, text: denied(" with an explicit deny") });
  });

  it.each<[string, () => Promise<[string, string][]>, string, string]>([
    ["none", async () => [], "MissingAuthenticationTokenException", "Missing Authentication Token"],
    [
      "one of another path",
      () => signed(caller, "/items/8"),
      "InvalidSignatureException",
      "The request signature we calculated does not match",
    ],
    [
      "one for another service",
      () => signed(caller, "/items/7", { service: "lambda" }),
      "InvalidSignatureException",
      "Credential should be scoped to correct service: 'execute-api'.",
    ],
    [
      "one for another Region",
      () => signed(caller, "/items/7", { region: "eu-west-1" }),
      "InvalidSignatureException",
      "Credential should be scoped to a valid region.",
    ],
    [
      "one of an unknown key",
      () => signed({ ...caller, accessKeyId: "AKIAUNKNOWN" }, "/items/7"),
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    ],
    [
      "one that is an hour old",
      () => signed(caller, "/items/7", { date: new Date(Date.now() - 3_600_000) }),
      "InvalidSignatureException",
      "The difference between the request time and the current time is too large.",
    ],
    ["a token instead", async () => [["Authorization", "Bearer x"]], "IncompleteSignatureException", "Authorization"],
  ])("refuse a request whose signature is %s", async (_what, headersOf, errorType, text) => {
    test.iam.grant(ROLE, allow("*"));
    const response = await test.send(api, "prod", "/items/7", { headers: await headersOf() });
    expect(response).toMatchObject({ status: 403, text: expect.stringContaining(text) });
    expect(response.headers).toMatchObject({ "x-amzn-ErrorType": errorType });
    expect(test.invocations).toEqual([]);
  });

  it("refuse a session that has ended", async () => {
    caller = test.core.credentials.issueSession({ arn: ROLE, roleId: "AROACALLER" }, "test", -1);
    expect(await get()).toMatchObject({ status: 403, text: expect.stringContaining("is expired") });
  });
});

describe("a resource policy beside a Lambda authorizer", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
  });
  afterEach(() => test.dispose());

  const invoke = { Action: "execute-api:Invoke", Resource: "execute-api:/*" };

  // Table A of "How API Gateway resource policies affect authorization workflow".
  it.each([
    ["Allow", "Allow", 200],
    ["Allow", "neither", 200],
    ["Allow", "Deny", 403],
    ["neither", "Allow", 200],
    ["neither", "neither", 403],
    ["neither", "Deny", 403],
    ["Deny", "Allow", 403],
    ["Deny", "neither", 403],
  ])("authorizer %s, resource policy %s: %i", async (authorizer, resource, status) => {
    const statement =
      authorizer === "neither"
        ? { Effect: "Allow", Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:other/*" }
        : { Effect: authorizer, Action: "execute-api:Invoke", Resource: "*" };
    test.handlers.auth = () => ({
      principalId: "ann",
      policyDocument: { Version: "2012-10-17", Statement: statement },
    });
    const api = await deployApi(test, {
      document: {
        components: {
          securitySchemes: {
            caller: {
              type: "apiKey",
              in: "header",
              name: "Authorization",
              "x-amazon-apigateway-authtype": "custom",
              "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: lambdaUri("auth") },
            },
          },
        },
        security: [{ caller: [] }],
        "x-amazon-apigateway-policy": {
          Version: "2012-10-17",
          Statement: [
            resource === "neither"
              ? { Effect: "Allow", Principal: { AWS: ROLE }, ...invoke }
              : { Effect: resource, Principal: "*", ...invoke },
          ],
        },
      },
      paths: { "/items": { get: {} } },
    });
    const response = await test.send(api, "prod", "/items", { headers: [["authorization", "t"]] });
    expect(response.status).toBe(status);
    // An explicit denial comes before the authorizer is asked.
    expect(test.invocations.some(({ functionName }) => functionName.endsWith(":auth"))).toBe(resource !== "Deny");
  });
});

describe("logs of stages", () => {
  it("are written with the account's role, as far as it may", async () => {
    const test = testGateway();
    const api = await deployApi(test);
    await allowLogs(test);
    await patchStage(test, api, [
      ["/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:log-group:api"],
      ["/accessLogSettings/format", "$context.requestId"],
      ["/*/*/logging/loglevel", "INFO"],
    ]);
    const groups = async () => {
      test.logLines.length = 0;
      await test.send(api, "prod", "/x");
      return [...new Set(test.logLines.map(({ group }) => group))];
    };
    const execution = `API-Gateway-Execution-Logs_${api}/prod`;
    expect(await groups()).toEqual(["api", execution]);
    test.iam.grant(LOG_ROLE, allow("logs:*", "arn:aws:logs:*:*:log-group:api:*"));
    expect(await groups()).toEqual(["api"]);
    test.iam.grant(LOG_ROLE, allow("logs:PutLogEvents"));
    expect(await groups()).toEqual([]);
    test.iam.grant(LOG_ROLE, allow(["logs:CreateLogStream", "logs:PutLogEvents"]));
    expect(await groups()).toEqual(["api", execution]);
    test.dispose();
  });
});
