import type { Statement } from "aws-lambda";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Grant, policyFor } from "./policy-for.ts";

const stage = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod";
const writes = ["POST", "PUT", "PATCH", "DELETE"];
const methods = ["GET", "HEAD", ...writes];

/** Whether IAM finds a text in a pattern with `*` and `?`. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${source}$`).test(text);
}

/** What API Gateway makes of the policy: an explicit deny wins, and what nothing allows is denied. */
function decide(policy: ReturnType<typeof policyFor>, arn: string): "allow" | "deny" | "none" {
  const effects = (policy.Statement as (Statement & { Resource: string[] })[])
    .filter(({ Resource }) => Resource.some((pattern) => matches(pattern, arn)))
    .map(({ Effect }) => Effect);
  return effects.includes("Deny") ? "deny" : effects.includes("Allow") ? "allow" : "none";
}

const path = fc.oneof(
  fc.constantFrom(
    "/",
    "/items",
    "/items/7",
    "/*",
    "/items/*",
    "/?",
    "/$" + "{aws:username}",
    "/a:b/c",
    "//",
    "/POST/*",
  ),
  fc.string({ unit: "binary" }).map((text) => `/${text}`),
);
const grant: fc.Arbitrary<Grant> = fc.record({ read: fc.boolean(), write: fc.boolean() });

describe("policyFor", () => {
  it("lets exactly the granted methods through on every path, whatever the first call was", () => {
    fc.assert(
      fc.property(grant, path, path, fc.constantFrom(...methods), ({ read, write }, first, second, method) => {
        const policy = policyFor(`${stage}/${method}${first}`, { read, write });
        for (const asked of methods) {
          const isGranted = writes.includes(asked) ? write : read;
          expect(decide(policy, `${stage}/${asked}${second}`)).toBe(isGranted ? "allow" : "deny");
        }
      }),
    );
  });

  it("is the same for every call to a stage", () => {
    fc.assert(
      fc.property(grant, path, fc.constantFrom(...methods), (granted, any, method) => {
        expect(policyFor(`${stage}/${method}${any}`, granted)).toEqual(policyFor(`${stage}/GET/`, granted));
      }),
    );
  });

  it("reaches neither another stage nor another API", () => {
    const policy = policyFor(`${stage}/GET/items`, { read: true, write: true });
    for (const other of [`${stage}2`, stage.replace("prod", "dev"), stage.replace("a1b2", "x1y2"), `x${stage}`]) {
      for (const method of methods) expect(decide(policy, `${other}/${method}/items`)).toBe("none");
    }
  });

  it("denies everything where nothing is granted, also methods that nobody thought of", () => {
    const policy = policyFor(`${stage}/GET/items`, { read: false, write: false });
    expect(policy.Statement).toEqual([{ Effect: "Deny", Action: "execute-api:Invoke", Resource: [`${stage}/*/*`] }]);
    for (const method of [...methods, "OPTIONS", "PURGE"]) expect(decide(policy, `${stage}/${method}/`)).toBe("deny");
  });

  it("knows the other partitions, and the console's test stage", () => {
    const arn = "arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abc/test-invoke-stage/GET/";
    expect(decide(policyFor(arn, { read: true, write: false }), arn)).toBe("allow");
  });

  it.each([
    "",
    "*",
    "arn:aws:execute-api:eu-west-1:123456789012:*/prod/GET/items",
    "arn:aws:execute-api:eu-west-1:123456789012:abc/*/GET/items",
    "arn:aws:execute-api:*:123456789012:abc/prod/GET/items",
    "arn:aws:execute-api:eu-west-1:123456789012:abc/pr?d/GET/items",
    "arn:aws:execute-api:eu-west-1:123456789012:abc",
    "arn:aws:lambda:eu-west-1:123456789012:abc/prod/GET/items",
    "x arn:aws:execute-api:eu-west-1:123456789012:abc/prod/GET/items",
  ])("makes no policy of %j", (arn) => {
    expect(() => policyFor(arn, { read: true, write: true })).toThrow("methodArn is");
  });
});
