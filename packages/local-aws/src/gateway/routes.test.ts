import { describe, expect, it } from "vitest";
import type { CompiledMethod } from "./compile-api.ts";
import { type RouteResource, Routes } from "./routes.ts";

function resource(path: string, ...methods: string[]): RouteResource {
  const entries = methods.map((httpMethod): [string, CompiledMethod] => [
    httpMethod,
    { httpMethod, definition: {}, authorizer: undefined, validate: undefined, run: () => Promise.reject(new Error()) },
  ]);
  return { id: path, path, methods: new Map(entries) };
}

const routes = new Routes([
  resource("/", "GET"),
  resource("/items", "GET", "POST"),
  resource("/items/{id}", "GET", "ANY"),
  resource("/items/special", "GET"),
  resource("/items/{id}/parts"),
  resource("/items/{id}/parts/{part}", "GET"),
  resource("/{proxy+}", "ANY"),
]);

function led(path: string, method = "GET") {
  const match = routes.match(path, method);
  return match && [match.resource.path, match.method.httpMethod, match.pathParameters];
}

describe("Routes", () => {
  it("prefers a plain part over a parameter over a greedy one", () => {
    expect(led("/items/special")).toEqual(["/items/special", "GET", {}]);
    expect(led("/items/7")).toEqual(["/items/{id}", "GET", { id: "7" }]);
    expect(led("/elsewhere/7")).toEqual(["/{proxy+}", "ANY", { proxy: "elsewhere/7" }]);
  });

  it("prefers the method itself over ANY, which takes every other method", () => {
    expect(led("/items/7", "HEAD")).toEqual(["/items/{id}", "ANY", { id: "7" }]);
    expect(led("/items/7", "DELETE")).toEqual(["/items/{id}", "ANY", { id: "7" }]);
  });

  it("ignores slashes at the ends and keeps percent-encoding", () => {
    expect(led("/items/a%2Fb/")).toEqual(["/items/{id}", "GET", { id: "a%2Fb" }]);
    expect(led("//items")).toEqual(["/items", "GET", {}]);
    expect(led("/")).toEqual(["/", "GET", {}]);
    expect(led("/x//y/")).toEqual(["/{proxy+}", "ANY", { proxy: "x//y" }]);
  });

  it("falls back to a greedy resource where a path leads nowhere, or only to a resource without methods", () => {
    expect(led("/items/7/nowhere")).toEqual(["/{proxy+}", "ANY", { proxy: "items/7/nowhere" }]);
    expect(led("/items/7/parts")).toEqual(["/{proxy+}", "ANY", { proxy: "items/7/parts" }]);
    expect(led("/items/7/parts/9")).toEqual(["/items/{id}/parts/{part}", "GET", { id: "7", part: "9" }]);
  });

  it("does not fall back for a method that the most specific resource lacks", () => {
    expect(led("/items", "DELETE")).toBeUndefined();
    expect(led("/", "POST")).toBeUndefined();
  });
});
