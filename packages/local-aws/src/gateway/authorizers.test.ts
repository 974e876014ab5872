import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../core/aws-error.ts";
import { deployApi, type Handler, lambdaUri, type TestGateway, testGateway } from "./test-gateway.ts";

const policy = (Effect: string, Resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect, Action: "execute-api:Invoke", Resource }],
});

describe("Authorizers", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
    test.handlers.auth = () => ({ principalId: "ann", policyDocument: policy("Allow", "*") });
  });
  afterEach(() => test.dispose());

  async function deploy(authorizer: Record<string, unknown>): Promise<string> {
    const scheme = {
      type: "apiKey",
      in: "header",
      name: "Authorization",
      "x-amazon-apigateway-authtype": "custom",
      "x-amazon-apigateway-authorizer": { authorizerUri: lambdaUri("auth"), ...authorizer },
    };
    return deployApi(test, {
      document: { components: { securitySchemes: { caller: scheme } }, security: [{ caller: [] }] },
      paths: { "/items/{id}": { get: {}, delete: {} } },
    });
  }

  const withToken = { headers: [["authorization", "Bearer t"]] as const };
  const authorizerCalls = () => test.invocations.filter(({ functionName }) => functionName.endsWith(":auth"));
  const eventOf = (index: number) => JSON.parse(new TextDecoder().decode(authorizerCalls()[index]?.payload));

  it("hands a token to a TOKEN authorizer, as the authorizer's own source", async () => {
    const api = await deploy({ type: "token" });
    expect((await test.send(api, "prod", "/items/7", withToken)).status).toBe(200);
    expect(eventOf(0)).toEqual({
      type: "TOKEN",
      authorizationToken: "Bearer t",
      methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api}/prod/GET/items/7`,
    });
    expect(authorizerCalls()[0]?.source?.arn).toMatch(
      new RegExp(`^arn:aws:execute-api:us-east-1:000000000000:${api}/authorizers/[a-z0-9]{6}$`),
    );
  });

  it("hands the request to a REQUEST authorizer, and its context to the function as text", async () => {
    test.handlers.auth = () => ({
      principalId: "ann",
      policyDocument: policy("Allow", "*"),
      context: { tenant: "t1", level: 3, admin: true },
    });
    const api = await deploy({
      type: "request",
      identitySource: "method.request.header.Authorization, method.request.querystring.q",
    });
    await test.send(api, "prod", "/items/7?q=1", withToken);
    expect(eventOf(0)).toMatchObject({
      type: "REQUEST",
      resource: "/items/{id}",
      pathParameters: { id: "7" },
      queryStringParameters: { q: "1" },
      stageVariables: {},
      headers: { authorization: "Bearer t" },
      requestContext: { stage: "prod", resourcePath: "/items/{id}" },
    });
    expect(test.lastEvent()).toMatchObject({
      requestContext: {
        authorizer: {
          principalId: "ann",
          tenant: "t1",
          level: "3",
          admin: "true",
          integrationLatency: expect.any(Number),
        },
      },
    });
  });

  it("answers 401 without identity, and where a token does not match the validation expression", async () => {
    const api = await deploy({ type: "token", identityValidationExpression: "Bearer [a-z]+" });
    const unauthorized = { status: 401, text: '{"message":"Unauthorized"}' };
    expect(await test.send(api, "prod", "/items/7")).toMatchObject(unauthorized);
    expect(await test.send(api, "prod", "/items/7", { headers: [["Authorization", "Basic 1"]] })).toMatchObject(
      unauthorized,
    );
    expect(test.invocations).toHaveLength(0);
  });

  const failures: [string, Handler, number, string][] = [
    [
      "a deny",
      () => ({ principalId: "a", policyDocument: policy("Deny", "*") }),
      403,
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
    ],
    [
      "no allow",
      () => ({ principalId: "a", policyDocument: policy("Allow", "*/POST/*") }),
      403,
      '{"Message":"User is not authorized to access this resource"}',
    ],
    [
      "the error Unauthorized",
      () => {
        throw new Error("Unauthorized");
      },
      401,
      '{"message":"Unauthorized"}',
    ],
    [
      "any other error",
      () => {
        throw new Error("boom");
      },
      500,
      '{"message":null}',
    ],
    ["an answer without a policy", () => ({ principalId: "a" }), 500, '{"message":null}'],
    ["an answer without a principal", () => ({ policyDocument: policy("Allow", "*") }), 500, '{"message":null}'],
    [
      "a context that is not flat",
      () => ({ principalId: "a", policyDocument: policy("Allow", "*"), context: { a: [] } }),
      500,
      '{"message":null}',
    ],
    [
      "a missing permission",
      () => {
        throw new AwsError("AccessDeniedException", "no");
      },
      500,
      '{"message":null}',
    ],
  ];
  it.each(failures)("answers %s as AWS does", async (_what, handler, status, text) => {
    const api = await deploy({ type: "token" });
    test.handlers.auth = handler;
    expect(await test.send(api, "prod", "/items/7", withToken)).toMatchObject({ status, text });
    expect(test.invocations.every(({ functionName }) => functionName.endsWith(":auth"))).toBe(true);
  });

  it("keeps a policy for its time on the clock of local AWS, and judges each method by it", async () => {
    test.handlers.auth = () => ({
      principalId: "ann",
      policyDocument: policy("Allow", "arn:aws:execute-api:*:*:*/GET/*"),
    });
    const api = await deploy({ type: "token", authorizerResultTtlInSeconds: 60 });
    expect((await test.send(api, "prod", "/items/7", withToken)).status).toBe(200);
    expect((await test.send(api, "prod", "/items/7", { ...withToken, method: "DELETE" })).status).toBe(403);
    await test.core.clock.advance(59_000);
    await test.send(api, "prod", "/items/8", withToken);
    expect(authorizerCalls()).toHaveLength(1);
    await test.send(api, "prod", "/items/8", { headers: [["authorization", "other"]] });
    expect(authorizerCalls()).toHaveLength(2);
    await test.core.clock.advance(2000);
    await test.send(api, "prod", "/items/8", withToken);
    expect(authorizerCalls()).toHaveLength(3);
    await test.call("FlushStageAuthorizersCache", { restApiId: api, stageName: "prod" });
    await test.send(api, "prod", "/items/8", withToken);
    expect(authorizerCalls()).toHaveLength(4);
  });

  it("asks every time where the time to live is zero", async () => {
    const api = await deploy({ type: "token", authorizerResultTtlInSeconds: 0 });
    await test.send(api, "prod", "/items/7", withToken);
    await test.send(api, "prod", "/items/7", withToken);
    expect(authorizerCalls()).toHaveLength(2);
  });
});
