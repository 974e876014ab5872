import { describe, expect, it } from "vitest";
import { resourceOf } from "./resource-of.ts";

const resources = ["/", "/{proxy+}", "/items", "/items/{id}", "/items/{id}/parts/{part}", "/items/search"];

describe("resourceOf", () => {
  it.each([
    ["/", "/", {}],
    ["/items", "/items", {}],
    ["/items/", "/items", {}],
    ["/items/a%2Fb", "/items/{id}", { id: "a%2Fb" }],
    ["/items/search", "/items/search", {}],
    ["/items/7/parts/x", "/items/{id}/parts/{part}", { id: "7", part: "x" }],
    ["/items/7/other", "/{proxy+}", { proxy: "items/7/other" }],
    ["/health", "/{proxy+}", { proxy: "health" }],
  ])("leads %s to %s", (path, resource, parameters) => {
    expect(resourceOf(resources, path)).toEqual({ resource, parameters });
  });

  it("finds nothing where no resource fits", () => {
    expect(resourceOf(["/items"], "/health")).toBeUndefined();
    expect(resourceOf(["/items/{id}"], "/items")).toBeUndefined();
  });
});
