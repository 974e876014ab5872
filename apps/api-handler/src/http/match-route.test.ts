import { describe, expect, it } from "vitest";
import { createFakeItemStore } from "../test/create-fake-item-store.ts";
import { CURSOR_KEY } from "../test/cursor-key.ts";
import { makeRequest } from "../test/make-request.ts";
import { matchRoute } from "./match-route.ts";

const services = { store: createFakeItemStore(), now: () => new Date(), newId: () => "", cursorKey: CURSOR_KEY };

describe("matchRoute", () => {
  it.each([
    ["POST", "/items", "createItem", "/items", ""],
    ["GET", "/items", "listItems", "/items", ""],
    ["GET", "/items/", "listItems", "/items", ""],
    ["GET", "/items/42", "getItem", "/items/{id}", "42"],
    ["PUT", "/items/42", "replaceItem", "/items/{id}", "42"],
    ["PATCH", "/items/42", "patchItem", "/items/{id}", "42"],
    ["DELETE", "/items/42", "deleteItem", "/items/{id}", "42"],
    ["GET", "/health", "getHealth", "/health", ""],
    ["GET", "/health/deep", "getDeepHealth", "/health/deep", ""],
    ["OPTIONS", "/items/42", "preflight", "/items/{id}", "42"],
    ["POST", "/health", "methodNotAllowed", "/health", ""],
    ["GET", "/items/42/parts", "notFound", "unmatched", ""],
    ["GET", "/itemsx", "notFound", "unmatched", ""],
    ["", "", "notFound", "unmatched", ""],
  ])("%s %s is %s", (method, path, name, template, id) => {
    expect(matchRoute({ method, path })).toMatchObject({ name, path: template, id });
  });

  it("refuses another method with the list of those that work", async () => {
    const request = makeRequest("HEAD", "/items");
    await expect(matchRoute(request).run(request, services, "")).rejects.toMatchObject({
      status: 405,
      headers: { Allow: "POST, GET, OPTIONS" },
    });
  });

  it("answers OPTIONS with the methods of the path", async () => {
    const request = makeRequest("OPTIONS", "/items/42");
    expect(await matchRoute(request).run(request, services, "")).toEqual({
      status: 204,
      headers: { Allow: "GET, PUT, PATCH, DELETE, OPTIONS" },
    });
  });

  it("keeps a method that nobody knows out of the log", () => {
    expect(matchRoute({ method: "CANARY", path: "/items" }).method).toBe("other");
    expect(matchRoute({ method: "HEAD", path: "/nothing" }).method).toBe("HEAD");
  });
});
