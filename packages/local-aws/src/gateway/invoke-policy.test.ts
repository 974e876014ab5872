import { describe, expect, it } from "vitest";
import { compileInvokePolicy, InvokePolicyError, type InvokeQuestion } from "./invoke-policy.ts";

const question: InvokeQuestion = {
  resource: "arn:aws:execute-api:us-east-1:000000000000:abc/prod/GET/items/7",
  sourceIp: "10.1.2.3",
  userAgent: "curl/8",
  time: Date.UTC(2026, 10, 23),
};

function decide(statements: unknown, kind: "resource" | "authorizer" = "authorizer", asked = question) {
  return compileInvokePolicy({ Statement: statements }, kind)(asked);
}

const allow = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };

describe("compileInvokePolicy", () => {
  it("allows, denies, or has no say", () => {
    expect(decide(allow)).toBe("allow");
    expect(decide([allow, { ...allow, Effect: "Deny", Resource: "arn:aws:execute-api:*:*:abc/prod/GET/*" }])).toBe(
      "deny",
    );
    expect(decide({ ...allow, Resource: "arn:aws:execute-api:*:*:abc/prod/POST/*" })).toBe("none");
    expect(decide({ ...allow, Action: "lambda:*" })).toBe("none");
  });

  it("knows wildcards, lists, NotResource and NotAction", () => {
    expect(decide({ ...allow, Action: ["s3:Get*", "execute-api:In*"] })).toBe("allow");
    expect(decide({ ...allow, Resource: "arn:aws:execute-api:us-east-?:*:abc/*/GET/items/*" })).toBe("allow");
    expect(decide({ Effect: "Allow", Action: "*", NotResource: "*/items/*" })).toBe("none");
    expect(decide({ Effect: "Allow", NotAction: "lambda:*", Resource: "*" })).toBe("allow");
  });

  it("applies a resource policy only where its principal is everybody", () => {
    expect(decide({ ...allow, Principal: "*" }, "resource")).toBe("allow");
    expect(decide({ ...allow, Principal: { AWS: "*" } }, "resource")).toBe("allow");
    expect(decide({ ...allow, Principal: { AWS: "arn:aws:iam::000000000000:root" } }, "resource")).toBe("none");
  });

  it("judges conditions", () => {
    const from = (range: string, operator = "IpAddress") => ({
      ...allow,
      Condition: { [operator]: { "aws:SourceIp": range } },
    });
    expect(decide(from("10.0.0.0/8"))).toBe("allow");
    expect(decide(from("192.0.2.0/24"))).toBe("none");
    expect(decide(from("10.0.0.0/8", "NotIpAddress"))).toBe("none");
    expect(decide({ ...allow, Condition: { StringLike: { "aws:UserAgent": "curl/*" } } })).toBe("allow");
    expect(decide({ ...allow, Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } })).toBe("none");
    expect(decide({ ...allow, Condition: { DateLessThan: { "aws:CurrentTime": "2026-11-22T00:00:00Z" } } })).toBe(
      "none",
    );
  });

  it("refuses what it cannot judge, by name", () => {
    const odd = { ...allow, Condition: { NumericLessThan: { "aws:MultiFactorAuthAge": "300" } } };
    expect(() => decide(odd)).toThrow("NumericLessThan on aws:MultiFactorAuthAge");
    expect(() => decide({ Effect: "Maybe" })).toThrow(InvokePolicyError);
    expect(() => decide({ ...allow, Condition: { IpAddress: { "aws:SourceIp": "home" } } })).toThrow("home");
    expect(() => compileInvokePolicy({}, "authorizer")).toThrow("no Statement");
  });
});
