import { describe, expect, it } from "vitest";
import { compileInvokePolicy, InvokePolicyError, type InvokeQuestion } from "./invoke-policy.ts";

const question: InvokeQuestion = {
  resource: "arn:aws:execute-api:us-east-1:000000000000:abc/prod/GET/items/7",
  sourceIp: "10.1.2.3",
  userAgent: "curl/8",
  time: Date.UTC(2026, 10, 23),
};

function decide(statements: unknown) {
  return compileInvokePolicy({ Version: "2012-10-17", Statement: statements })(question);
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
    expect(decide({ Effect: "Allow", Action: "*", NotResource: "arn:aws:execute-api:*:*:*/items/*" })).toBe("none");
    expect(decide({ Effect: "Allow", NotAction: "lambda:*", Resource: "*" })).toBe("allow");
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

  it("refuses what is no policy, by name", () => {
    expect(() => decide({ ...allow, Condition: { StringMatches: { "aws:UserAgent": "x" } } })).toThrow("StringMatches");
    expect(() => decide({ ...allow, Condition: { Bool: "yes" } })).toThrow("The condition Bool must be a map.");
    expect(() => decide({ Effect: "Maybe" })).toThrow(InvokePolicyError);
    expect(() => decide({ Effect: "Allow", Action: "*" })).toThrow("Resource must be text");
    expect(() => compileInvokePolicy({})).toThrow("no Statement");
  });
});
