import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployApi, type TestGateway, testGateway } from "../../gateway/test-gateway.ts";

describe("restApiOperations", () => {
  let test: TestGateway;
  beforeEach(() => {
    test = testGateway();
  });
  afterEach(() => test.dispose());

  it("creates an API with AWS's defaults, a root resource and two models", async () => {
    const api = await test.call("CreateRestApi", { name: "items", tags: { team: "a" } });
    expect(api).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{10}$/),
      name: "items",
      createdDate: expect.any(Date),
      apiKeySource: "HEADER",
      endpointConfiguration: { types: ["EDGE"], ipAddressType: "ipv4" },
      disableExecuteApiEndpoint: false,
      rootResourceId: expect.stringMatching(/^[a-z0-9]{10}$/),
      tags: { team: "a" },
    });
    expect(await test.call("GetRestApi", { restApiId: api.id })).toEqual(api);
    expect(await test.call("GetResources", { restApiId: api.id })).toEqual({
      items: [{ id: api.rootResourceId, path: "/" }],
    });
    const models = await test.call("GetModels", { restApiId: api.id });
    expect(models.items?.map(({ name }) => name)).toEqual(["Empty", "Error"]);
  });

  it("answers the policy escaped once more, with short resources completed", async () => {
    const policy = JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/prod/*" }],
    });
    const api = await test.call("CreateRestApi", { name: "items", policy });
    expect(api.policy).toContain(
      String.raw`\"Resource\":\"arn:aws:execute-api:us-east-1:000000000000:${api.id}\/prod\/*\"`,
    );
    const text: string = JSON.parse(`"${api.policy}"`);
    expect(JSON.parse(text).Statement[0].Effect).toBe("Allow");
    const removed = await test.call("UpdateRestApi", {
      restApiId: api.id,
      patchOperations: [{ op: "replace", path: "/policy", value: "" }],
    });
    expect(removed.policy).toBeUndefined();
  });

  it.each([
    ["no name", {}, "API name cannot be empty"],
    ["an empty description", { name: "a", description: "" }, "Description cannot be an empty string"],
    [
      "a negative compression size",
      { name: "a", minimumCompressionSize: -1 },
      "Invalid minimum compression size, must be between 0 and 10485760",
    ],
    ["a policy that is none", { name: "a", policy: "{}" }, "Invalid policy document"],
    ["an API to clone", { name: "a", cloneFrom: "b" }, "cloneFrom is not supported by local AWS"],
  ])("refuses %s", async (_what, input, message) => {
    await expect(test.call("CreateRestApi", input as never)).rejects.toThrow(message);
  });

  it("applies patch operations as the Terraform provider sends them", async () => {
    const { id } = await test.call("CreateRestApi", { name: "items", binaryMediaTypes: ["image/png"] });
    const patched = await test.call("UpdateRestApi", {
      restApiId: id,
      patchOperations: [
        { op: "remove", path: "/binaryMediaTypes/image~1png" },
        { op: "add", path: "/binaryMediaTypes/application~1pdf" },
        { op: "add", path: "/binaryMediaTypes/image~1*" },
        { op: "replace", path: "/endpointConfiguration/types/0", value: "REGIONAL" },
        { op: "replace", path: "/minimumCompressionSize", value: "1024" },
        { op: "replace", path: "/disableExecuteApiEndpoint", value: "true" },
        { op: "replace", path: "/name", value: "things" },
      ],
    });
    expect(patched).toMatchObject({
      name: "things",
      binaryMediaTypes: ["application/pdf", "image/*"],
      endpointConfiguration: { types: ["REGIONAL"] },
      minimumCompressionSize: 1024,
      disableExecuteApiEndpoint: true,
      tags: {},
    });
    const plain = await test.call("UpdateRestApi", {
      restApiId: id,
      patchOperations: [{ op: "replace", path: "/minimumCompressionSize" }],
    });
    expect(plain.minimumCompressionSize).toBeUndefined();
  });

  it("keeps nothing of an update that is refused", async () => {
    const { id } = await test.call("CreateRestApi", { name: "items" });
    const update = test.call("UpdateRestApi", {
      restApiId: id,
      patchOperations: [
        { op: "replace", path: "/name", value: "other" },
        { op: "replace", path: "/binaryMediaTypes", value: "x" },
      ],
    });
    await expect(update).rejects.toThrow("Invalid patch path /binaryMediaTypes");
    expect((await test.call("GetRestApi", { restApiId: id })).name).toBe("items");
    await expect(
      test.call("UpdateRestApi", { restApiId: id, patchOperations: [{ op: "add", path: "/name", value: "x" }] }),
    ).rejects.toThrow("Invalid patch operation specified. Must be one of: [replace]");
  });

  it("lists APIs in pages", async () => {
    for (const name of ["a", "b", "c"]) {
      await test.call("CreateRestApi", { name });
    }
    const first = await test.call("GetRestApis", { limit: 2 });
    const second = await test.call("GetRestApis", { limit: 2, position: first.position });
    expect([...(first.items ?? []), ...(second.items ?? [])].map(({ name }) => name).sort()).toEqual(["a", "b", "c"]);
    expect(second.position).toBeUndefined();
  });

  it("deletes an API with all that belongs to it", async () => {
    const id = await deployApi(test);
    const plan = await test.call("CreateUsagePlan", { name: "p", apiStages: [{ apiId: id, stage: "prod" }] });
    await test.call("DeleteRestApi", { restApiId: id });
    const missing = `Invalid API identifier specified 000000000000:${id}`;
    await expect(test.call("GetRestApi", { restApiId: id })).rejects.toMatchObject({
      code: "NotFoundException",
      message: missing,
    });
    await expect(test.call("GetStage", { restApiId: id, stageName: "prod" })).rejects.toThrow(
      "Invalid stage identifier specified",
    );
    expect((await test.call("GetUsagePlan", { usagePlanId: plan.id })).apiStages).toEqual([]);
    expect((await test.send(id, "prod", "/x")).status).toBe(403);
  });
});
