import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployApi, type TestGateway, testGateway } from "../../gateway/test-gateway.ts";

describe("API keys and usage plans", () => {
  let test: TestGateway;
  let apiId: string;
  beforeEach(async () => {
    test = testGateway();
    apiId = await deployApi(test);
  });
  afterEach(() => test.dispose());

  it("creates keys, and shows their values only where asked for", async () => {
    const key = await test.call("CreateApiKey", { name: "k", enabled: true });
    expect(key).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{10}$/),
      value: expect.stringMatching(/^[a-zA-Z0-9]{40}$/),
      name: "k",
      enabled: true,
      createdDate: expect.any(Date),
      lastUpdatedDate: expect.any(Date),
      stageKeys: [],
    });
    expect(await test.call("GetApiKey", { apiKey: key.id })).not.toHaveProperty("value");
    expect((await test.call("GetApiKey", { apiKey: key.id, includeValue: true })).value).toBe(key.value);
    expect((await test.call("GetApiKeys", { nameQuery: "k", includeValues: true })).items).toEqual([key]);
    await expect(test.call("CreateApiKey", { value: key.value })).rejects.toThrow("API Key already exists");
    await expect(test.call("CreateApiKey", { value: "short" })).rejects.toThrow(
      "API Key value should be at least 20 characters",
    );
    await test.call("DeleteApiKey", { apiKey: key.id });
    await expect(test.call("GetApiKey", { apiKey: key.id })).rejects.toThrow("Invalid API Key identifier specified");
    await test.call("CreateApiKey", { value: key.value });
  });

  it("patches a plan as the Terraform provider does", async () => {
    const { id } = await test.call("CreateUsagePlan", { name: "p", quota: { limit: 5, period: "DAY" } });
    const patched = await test.call("UpdateUsagePlan", {
      usagePlanId: id,
      patchOperations: [
        { op: "add", path: "/apiStages", value: `${apiId}:prod` },
        { op: "replace", path: `/apiStages/${apiId}:prod/throttle//items/GET/rateLimit`, value: "2.5" },
        { op: "replace", path: `/apiStages/${apiId}:prod/throttle//items/GET/burstLimit`, value: "3" },
        { op: "replace", path: "/throttle/rateLimit", value: "10" },
        { op: "replace", path: "/throttle/burstLimit", value: "20" },
        { op: "replace", path: "/quota/limit", value: "100" },
        { op: "replace", path: "/quota/period", value: "MONTH" },
      ],
    });
    expect(patched).toEqual({
      id,
      name: "p",
      apiStages: [{ apiId, stage: "prod", throttle: { "/items/GET": { rateLimit: 2.5, burstLimit: 3 } } }],
      throttle: { rateLimit: 10, burstLimit: 20 },
      quota: { limit: 100, offset: 0, period: "MONTH" },
      tags: {},
    });
    await expect(test.call("DeleteUsagePlan", { usagePlanId: id })).rejects.toThrow(
      `Cannot delete Usage Plan ${id} because there are API Stages currently associated with it.`,
    );
    const emptied = await test.call("UpdateUsagePlan", {
      usagePlanId: id,
      patchOperations: [
        { op: "remove", path: "/apiStages", value: `${apiId}:prod` },
        { op: "remove", path: "/quota" },
        { op: "remove", path: "/throttle" },
      ],
    });
    expect(emptied).toEqual({ id, name: "p", apiStages: [], tags: {} });
    await test.call("DeleteUsagePlan", { usagePlanId: id });
    await expect(test.call("GetUsagePlan", { usagePlanId: id })).rejects.toThrow("Invalid Usage Plan ID specified");
  });

  it("refuses stages that are not there, and quotas that make no sense", async () => {
    const create = (settings: object) => test.call("CreateUsagePlan", { name: "p", ...settings });
    await expect(create({ apiStages: [{ apiId, stage: "nope" }] })).rejects.toThrow(
      `Invalid API Stage {api: ${apiId}, stage: nope}`,
    );
    await expect(create({ quota: { limit: 5 } })).rejects.toThrow("needs a limit and a period");
    await expect(create({ quota: { limit: 5, period: "WEEK", offset: 7 } })).rejects.toThrow(
      "quota offset 7 is not allowed",
    );
  });

  it("puts keys into plans, once per stage", async () => {
    const key = await test.call("CreateApiKey", { name: "k", enabled: true });
    const plan = () => test.call("CreateUsagePlan", { name: "p", apiStages: [{ apiId, stage: "prod" }] });
    const [one, two] = [await plan(), await plan()];
    const put = (usagePlanId: string | undefined, keyType = "API_KEY") =>
      test.call("CreateUsagePlanKey", { usagePlanId, keyId: key.id, keyType });
    await expect(put(one.id, "OTHER")).rejects.toThrow("Must be API_KEY");
    expect(await put(one.id)).toEqual({ id: key.id, type: "API_KEY", name: "k", value: key.value });
    await expect(put(one.id)).rejects.toMatchObject({ code: "ConflictException" });
    await expect(put(two.id)).rejects.toThrow(`usage plan ${one.id} already covers API stage ${apiId}:prod`);
    expect((await test.call("GetUsagePlanKeys", { usagePlanId: one.id })).items).toHaveLength(1);
    expect((await test.call("GetUsagePlans", { keyId: key.id })).items).toEqual([one]);
    await test.call("DeleteUsagePlanKey", { usagePlanId: one.id, keyId: key.id });
    await expect(test.call("GetUsagePlanKey", { usagePlanId: one.id, keyId: key.id })).rejects.toThrow(
      "Invalid API Key identifier specified",
    );
  });
});
