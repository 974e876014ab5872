import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployApi, lambdaUri, type TestGateway, testGateway } from "./test-gateway.ts";

const VALUE = "a-key-of-twenty-characters";

describe("meter", () => {
  let test: TestGateway;
  let api: string;
  beforeEach(async () => {
    test = testGateway();
    api = await deployApi(test, {
      document: { components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "x-api-key" } } } },
      paths: {
        "/items": { get: { security: [{ key: [] }] }, post: { security: [{ key: [] }] } },
        "/open": { get: {} },
      },
    });
  });
  afterEach(() => test.dispose());

  async function plan(settings: Record<string, unknown> = {}): Promise<{ keyId: string; planId: string }> {
    const key = await test.call("CreateApiKey", { name: "k", value: VALUE, enabled: true });
    const { id } = await test.call("CreateUsagePlan", {
      name: "p",
      apiStages: [{ apiId: api, stage: "prod" }],
      ...settings,
    });
    await test.call("CreateUsagePlanKey", { usagePlanId: id, keyId: key.id, keyType: "API_KEY" });
    return { keyId: key.id ?? "", planId: id ?? "" };
  }

  const get = (headers: [string, string][] = [["x-api-key", VALUE]]) => test.send(api, "prod", "/items", { headers });
  const forbidden = {
    status: 403,
    text: '{"message":"Forbidden"}',
    headers: { "x-amzn-ErrorType": "ForbiddenException" },
  };

  it("asks for a key only where the method does", async () => {
    expect(await get([])).toMatchObject(forbidden);
    expect((await test.send(api, "prod", "/open")).status).toBe(200);
  });

  it("takes a key that is enabled and in a plan of the stage, and tells the function of it", async () => {
    const key = await test.call("CreateApiKey", { name: "k", value: VALUE, enabled: true });
    expect(await get()).toMatchObject(forbidden);
    const { id } = await test.call("CreateUsagePlan", { name: "p", apiStages: [{ apiId: api, stage: "prod" }] });
    await test.call("CreateUsagePlanKey", { usagePlanId: id, keyId: key.id, keyType: "API_KEY" });
    expect((await get()).status).toBe(200);
    expect(test.lastEvent()).toMatchObject({ requestContext: { identity: { apiKey: VALUE, apiKeyId: key.id } } });
    await test.call("UpdateApiKey", {
      apiKey: key.id,
      patchOperations: [{ op: "replace", path: "/enabled", value: "false" }],
    });
    expect(await get()).toMatchObject(forbidden);
  });

  it("throttles a key by its plan, and by the plan's limits for a method", async () => {
    await plan({
      throttle: { rateLimit: 1, burstLimit: 3 },
      apiStages: [{ apiId: api, stage: "prod", throttle: { "/items/POST": { rateLimit: 1, burstLimit: 1 } } }],
    });
    const post = () => test.send(api, "prod", "/items", { method: "POST", headers: [["x-api-key", VALUE]] });
    expect([(await post()).status, (await post()).status]).toEqual([200, 429]);
    expect([(await get()).status, (await get()).status]).toEqual([200, 200]);
    expect(await get()).toMatchObject({ status: 429, text: '{"message":"Too Many Requests"}' });
    await test.core.clock.advance(1000);
    expect((await get()).status).toBe(200);
  });

  it("counts requests against a quota until its period is over, and keeps the count in the store", async () => {
    const { keyId, planId } = await plan({ quota: { limit: 2, period: "DAY" } });
    expect([(await get()).status, (await get()).status]).toEqual([200, 200]);
    expect(await get()).toMatchObject({
      status: 429,
      text: '{"message":"Limit Exceeded"}',
      headers: { "x-amzn-ErrorType": "LimitExceededException" },
    });
    const today = new Date(test.core.clock.now()).toISOString().slice(0, 10);
    const usage = await test.call("GetUsage", { usagePlanId: planId, startDate: today, endDate: today });
    expect(usage.items).toEqual({ [keyId]: [[2, 0]] });
    await test.core.clock.advance(86_400_000);
    expect((await get()).status).toBe(200);
  });

  it("counts by months and weeks", async () => {
    const { planId } = await plan({ quota: { limit: 1, period: "MONTH" } });
    const toNextMonth = () => {
      const now = new Date(test.core.clock.now());
      return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - now.getTime();
    };
    await test.core.clock.advance(toNextMonth());
    expect([(await get()).status, (await get()).status]).toEqual([200, 429]);
    await test.core.clock.advance(27 * 86_400_000);
    expect((await get()).status).toBe(429);
    await test.core.clock.advance(toNextMonth());
    expect((await get()).status).toBe(200);
    await test.call("UpdateUsagePlan", {
      usagePlanId: planId,
      patchOperations: [{ op: "replace", path: "/quota/period", value: "WEEK" }],
    });
    await test.core.clock.advance(7 * 86_400_000);
    expect((await get()).status).toBe(200);
  });

  it("takes the key from the authorizer where the API says so", async () => {
    test.handlers.auth = () => ({
      principalId: "ann",
      policyDocument: { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
      usageIdentifierKey: VALUE,
    });
    const scheme = {
      type: "apiKey",
      in: "header",
      name: "Authorization",
      "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: lambdaUri("auth") },
    };
    api = await deployApi(test, {
      document: {
        "x-amazon-apigateway-api-key-source": "AUTHORIZER",
        components: { securitySchemes: { caller: scheme, key: { type: "apiKey", in: "header", name: "x-api-key" } } },
      },
      paths: { "/items": { get: { security: [{ caller: [], key: [] }] } } },
    });
    await plan();
    expect((await get([["Authorization", "t"]])).status).toBe(200);
  });
});
