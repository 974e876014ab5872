import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scopesOf } from "./scopes-of.ts";

// scope-token of RFC 6749, section 3.3.
const scope = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,20}$/);

describe("scopesOf", () => {
  it("reads the same scopes, however an issuer writes them", () => {
    fc.assert(
      fc.property(fc.uniqueArray(scope), (scopes) => {
        for (const claims of [{ scope: scopes.join(" ") }, { scp: scopes }, { scp: scopes.join(" ") }]) {
          expect([...scopesOf(claims)]).toEqual(scopes);
        }
      }),
    );
  });

  it("takes both claims, and any number of spaces", () => {
    expect([...scopesOf({ scope: " openid  items:read ", scp: ["items:write", "openid"] })]).toEqual([
      "openid",
      "items:read",
      "items:write",
    ]);
  });

  it("does not take a part of a scope for a scope", () => {
    const scopes = scopesOf({ scope: "items:readonly my-items:read ITEMS:READ items:read,items:write" });
    expect(scopes.has("items:read")).toBe(false);
  });

  it("finds none in anything else", () => {
    fc.assert(
      fc.property(
        fc.anything().filter((value) => typeof value !== "string" && !Array.isArray(value)),
        (claim) => {
          expect(scopesOf({ scope: claim, scp: claim }).size).toBe(0);
        },
      ),
    );
    expect(scopesOf({}).size).toBe(0);
    expect([...scopesOf({ scp: [["items:read"], { scope: "items:read" }, null, 1, "", "a"] })]).toEqual(["a"]);
  });
});
