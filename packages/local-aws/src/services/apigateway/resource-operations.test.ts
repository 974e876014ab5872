import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway } from "../../gateway/test-gateway.ts";

describe("resourceOperations", () => {
  let test: TestGateway;
  let restApiId: string;
  let root: string;
  beforeEach(async () => {
    test = testGateway();
    const api = await test.call("CreateRestApi", { name: "items" });
    restApiId = api.id ?? "";
    root = api.rootResourceId ?? "";
  });
  afterEach(() => test.dispose());

  const create = async (pathPart: string, parentId = root) =>
    (await test.call("CreateResource", { restApiId, parentId, pathPart })).id ?? "";

  it("builds paths, and lists resources by them", async () => {
    const items = await create("items");
    await create("{id}", items);
    await create("{proxy+}");
    const { items: resources } = await test.call("GetResources", { restApiId });
    expect(resources?.map(({ path, pathPart }) => [path, pathPart])).toEqual([
      ["/", undefined],
      ["/items", "items"],
      ["/items/{id}", "{id}"],
      ["/{proxy+}", "{proxy+}"],
    ]);
  });

  it("refuses clashes with AWS's words", async () => {
    const items = await create("items");
    const proxy = await create("{proxy+}");
    await expect(create("items")).rejects.toMatchObject({
      code: "ConflictException",
      message: "Another resource with the same parent already has this name: items",
    });
    await expect(create("{id}")).rejects.toThrow(
      "A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed",
    );
    await expect(create("x", proxy)).rejects.toThrow(
      "Cannot create a child of a resource with a greedy path variable: {proxy+}",
    );
    await expect(create("a b", items)).rejects.toThrow("Resource's path part only allow");
    await expect(create("x", "nothere")).rejects.toThrow("Invalid Resource identifier specified");
  });

  it("moves and renames a resource with all below it", async () => {
    const a = await create("a");
    const b = await create("b", a);
    const c = await create("c", b);
    const update = (resourceId: string, path: string, value: string) =>
      test.call("UpdateResource", { restApiId, resourceId, patchOperations: [{ op: "replace", path, value }] });
    await update(b, "/parentId", root);
    await update(b, "/pathPart", "z");
    expect((await test.call("GetResource", { restApiId, resourceId: c })).path).toBe("/z/c");
    await expect(update(b, "/parentId", c)).rejects.toThrow("Resources cannot be cyclical.");
    await expect(update(b, "/pathPart", "a")).rejects.toThrow(
      "Another resource with the same parent already has this name: a",
    );
    await expect(update(b, "/path", "x")).rejects.toThrow(
      "Invalid patch path  '/path' specified for op 'replace'. Must be one of: [/parentId, /pathPart]",
    );
  });

  it("deletes a resource with all below it, but never the root", async () => {
    const a = await create("a");
    await create("b", a);
    await test.call("DeleteResource", { restApiId, resourceId: a });
    expect((await test.call("GetResources", { restApiId })).items).toHaveLength(1);
    await expect(test.call("DeleteResource", { restApiId, resourceId: root })).rejects.toThrow("Root resource");
  });
});
