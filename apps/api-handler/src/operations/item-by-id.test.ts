import { describe, expect, it } from "vitest";
import { createFakeItemStore } from "../test/create-fake-item-store.ts";
import { makeItem } from "../test/make-item.ts";
import { failingStore, newId, now, startApi } from "../test/start-api.ts";

describe("/items/{id}", () => {
  const item = makeItem(1, { description: "old", version: 3 });
  const path = `/items/${item.id}`;

  it("GET reads the item with its ETag", async () => {
    const { statusCode, headers, json } = await startApi(createFakeItemStore(item)).call("GET", path);
    expect(statusCode).toBe(200);
    expect(headers.ETag).toBe('"3"');
    expect(json).toEqual(item);
  });

  it("GET answers 304 without a body to the ETag that it gave", async () => {
    const { call } = startApi(createFakeItemStore(item));
    const { statusCode, headers, body } = await call("GET", path, { headers: { "If-None-Match": '"3"' } });
    expect([statusCode, body, headers.ETag]).toEqual([304, "", '"3"']);
    expect(headers["Cache-Control"]).toBe("private, no-cache");
    expect((await call("GET", path, { headers: { "If-None-Match": '"2"' } })).statusCode).toBe(200);
  });

  it.each(["PUT", "PATCH", "DELETE"])("%s asks for If-Match", async (method) => {
    const store = createFakeItemStore(item);
    const { statusCode, json } = await startApi(store).call(method, path, { body: { name: "new" } });
    expect([statusCode, json.type]).toEqual([428, "urn:items-api:problem:precondition-required"]);
    expect(store.items.get(item.id)).toEqual(item);
  });

  it("PUT replaces the whole content", async () => {
    const store = createFakeItemStore(item);
    const { statusCode, headers, json } = await startApi(store).call("PUT", path, {
      headers: { "If-Match": '"3"' },
      body: { name: "new", status: "inactive" },
    });
    const { description: _, ...kept } = item;
    expect(statusCode).toBe(200);
    expect(headers.ETag).toBe('"4"');
    expect(json).toEqual({ ...kept, name: "new", status: "inactive", updatedAt: now.toISOString(), version: 4 });
    expect(store.items.get(item.id)).toEqual(json);
  });

  it.each(["application/merge-patch+json", "application/json"])("PATCH merges %s", async (contentType) => {
    const store = createFakeItemStore(item);
    const { statusCode, json } = await startApi(store).call("PATCH", path, {
      headers: { "Content-Type": contentType, "If-Match": "*" },
      body: { description: null, status: "archived" },
    });
    const { description: _, ...kept } = item;
    expect(statusCode).toBe(200);
    expect(json).toEqual({ ...kept, status: "archived", updatedAt: now.toISOString(), version: 4 });
  });

  it.each([{ name: null }, { id: newId }, { version: 9 }, { createdAt: now.toISOString() }, "text", [item]])(
    "PATCH refuses %j",
    async (body) => {
      const store = createFakeItemStore(item);
      const { statusCode } = await startApi(store).call("PATCH", path, {
        headers: { "If-Match": '"3"' },
        body: JSON.stringify(body),
      });
      expect(statusCode).toBe(400);
      expect(store.items.get(item.id)).toEqual(item);
    },
  );

  it("DELETE removes the item once", async () => {
    const store = createFakeItemStore(item);
    const { call } = startApi(store);
    const { statusCode, headers, body } = await call("DELETE", path, { headers: { "If-Match": '"3"' } });
    expect([statusCode, body, store.items.size]).toEqual([204, "", 0]);
    expect(headers).not.toHaveProperty("Content-Type");
    expect((await call("DELETE", path, { headers: { "If-Match": '"3"' } })).statusCode).toBe(404);
  });

  it.each(["GET", "PUT", "PATCH", "DELETE"])("%s honours If-Match", async (method) => {
    const store = createFakeItemStore(item);
    const { statusCode, json } = await startApi(store).call(method, path, {
      headers: { "If-Match": '"2"' },
      body: { name: "new" },
    });
    expect(statusCode).toBe(412);
    expect(json.type).toBe("urn:items-api:problem:precondition-failed");
    expect(store.items.get(item.id)).toEqual(item);
  });

  it.each(["GET", "PUT", "PATCH", "DELETE"])("%s of an unknown item is 404, also with If-Match", async (method) => {
    const { statusCode, json } = await startApi(createFakeItemStore()).call(method, path, {
      headers: { "If-Match": "*" },
      body: { name: "new" },
    });
    expect(statusCode).toBe(404);
    expect(json).toMatchObject({ type: "urn:items-api:problem:not-found", instance: path, requestId: "request-1" });
  });

  it("asks the table for no id that cannot exist", async () => {
    const { call } = startApi(failingStore(new Error("The table was asked.")));
    for (const id of ["x", "a".repeat(3000), "%00", "__proto__"]) {
      expect((await call("GET", `/items/${id}`)).statusCode).toBe(404);
    }
  });
});
