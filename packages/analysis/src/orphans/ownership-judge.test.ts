import type { OwnershipRule } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import type { FoundResource } from "./found-resource.ts";
import { type OwnershipFacts, OwnershipJudge } from "./ownership-judge.ts";
import { resourceKey } from "./resource-key.ts";
import { StateOwnership } from "./state-ownership.ts";
import { found } from "./test/found.ts";

const now = Date.UTC(2026, 10, 23, 12);
const ownedFunction = found("lambda-function", "owned");
const looseFunction = found("lambda-function", "loose");

function judge(resource: FoundResource, facts: Partial<OwnershipFacts> = {}) {
  const ownership = new StateOwnership(
    [
      {
        name: "prod",
        resources: [
          { address: "aws_lambda_function.f", type: "aws_lambda_function", attributes: { function_name: "owned" } },
        ],
      },
    ],
    { account: "111111111111", region: "us-east-1" },
  );
  return new OwnershipJudge({
    ...{ found: [ownedFunction, looseFunction, resource], ownership, rules: [], now },
    ...{ unreadStates: [], unlistedTypes: new Set(), undescribed: new Set() },
    ...facts,
  }).judge(resource);
}

const logs = (name: string) => found("log-group", name);

describe("whose a resource is", () => {
  it("a state's", () => {
    expect(judge(ownedFunction)).toEqual({ kind: "state", owner: "prod: aws_lambda_function.f" });
  });

  it("nobody's", () => {
    expect(judge(looseFunction)).toEqual({ kind: "orphan", reason: "in no state, and no rule owns it" });
  });

  it("AWS's own, or gone by itself", () => {
    expect(judge(found("kms-key", "k", { awsOwned: "a key that AWS manages" })).kind).toBe("otherwise");
    expect(judge(found("kms-key", "k", { leaving: "scheduled for deletion on 2026-12-01" })).kind).toBe("otherwise");
  });
});

it.each([
  ["2026-11-23", "otherwise", { owner: "kept until 2026-11-23 as the way back from items-restored" }],
  ["2026-11-22", "orphan", { reason: "in no state, and no rule owns it" }],
])("a table that was replaced by a restored one, and is kept until %s, is %s", (until, kind, why) => {
  const tags = { "slipway:keep-until": until, "slipway:replaced-by": "items-restored" };
  expect(judge(found("dynamodb-table", "items", { tags }))).toEqual({ kind, ...why });
});

describe("a part goes with the whole", () => {
  it.each([
    ["/aws/lambda/owned", "otherwise"],
    ["/aws/lambda/loose", "orphan"],
    ["/aws/lambda/gone", "orphan"],
    ["API-Gateway-Execution-Logs_gone/prod", "orphan"],
    ["/aws/lambda/owned/more", "orphan"],
  ])("the log group %s: %s", (name, kind) => {
    expect(judge(logs(name)).kind).toBe(kind);
  });

  it("says that the function is gone", () => {
    expect(judge(logs("/aws/lambda/gone"))).toEqual({ kind: "orphan", reason: "the function gone is gone" });
  });

  it("is undecided while the functions were not all listed, but for those that a state has", () => {
    const unlistedTypes = new Set(["lambda-function"] as const);

    expect(judge(logs("/aws/lambda/gone"), { unlistedTypes }).kind).toBe("undecided");
    const group = logs("/aws/lambda/owned");
    expect(judge(group, { unlistedTypes, found: [group] }).kind).toBe("otherwise");
  });

  it("goes with a function that a rule owns", () => {
    const rules: OwnershipRule[] = [{ type: "lambda-function", name: "loose", reason: "the data team's" }];
    expect(judge(logs("/aws/lambda/loose"), { rules }).kind).toBe("otherwise");
  });
});

describe("rules", () => {
  const tagged = found("s3-bucket", "landing-a", { tags: { Owner: "data team", toString: "x" } });
  const kindWith = (rule: Omit<OwnershipRule, "reason">, resource = tagged) =>
    judge(resource, { rules: [{ ...rule, reason: "theirs" }] }).kind;

  it("own by name, type and tag, all that a rule says", () => {
    expect(kindWith({ name: "landing-*" })).toBe("rule");
    expect(kindWith({ name: "landing" })).toBe("orphan");
    expect(kindWith({ type: "sns-topic", name: "landing-*" })).toBe("orphan");
    expect(kindWith({ type: ["sns-topic", "s3-bucket"], name: "landing-*" })).toBe("rule");
    // Every ARN begins with an a, and ends with the id.
    expect(kindWith({ name: "a*" })).toBe("orphan");
    expect(kindWith({ name: "arn:aws:test:*:landing-*" }, found("sns-topic", "x"))).toBe("orphan");
    expect(kindWith({ name: "arn:aws:test:*/landing-*" })).toBe("rule");
    expect(kindWith({ name: "abc123" }, found("rest-api", "abc123", { name: "Orders" }))).toBe("rule");
    expect(kindWith({ tag: { key: "Owner" } })).toBe("rule");
    expect(kindWith({ tag: { key: "Owner", value: "data*" } })).toBe("rule");
    expect(kindWith({ tag: { key: "Owner", value: "data" } })).toBe("orphan");
    expect(kindWith({ name: "landing-*", tag: { key: "Other" } })).toBe("orphan");
  });

  it("own nothing by tags that were not read, or that are no tags", () => {
    expect(kindWith({ tag: { key: "Owner" } }, found("s3-bucket", "landing-a"))).toBe("orphan");
    expect(kindWith({ tag: { key: "hasOwnProperty" } })).toBe("orphan");
  });

  it("hold until the end of their last day, and then say so", () => {
    expect(kindWith({ name: "landing-*", expires: "2026-11-23" })).toBe("rule");
    expect(judge(tagged, { rules: [{ name: "landing-*", expires: "2026-11-22", reason: "until the move" }] })).toEqual({
      kind: "orphan",
      reason: "the rule that owned it expired on 2026-11-22: until the move",
    });
  });
});

describe("what was not seen", () => {
  it("leaves undecided what no other state owns", () => {
    const unreadStates = ["dev"];

    expect(judge(looseFunction, { unreadStates })).toEqual({
      kind: "undecided",
      reason: "the state of dev could not be read",
    });
    expect(judge(logs("/aws/lambda/gone"), { unreadStates }).kind).toBe("undecided");
    expect(judge(ownedFunction, { unreadStates }).kind).toBe("state");
  });

  it("leaves undecided what could not be looked at: its tags may name an owner", () => {
    const undescribed = new Set([resourceKey(looseFunction)]);
    expect(judge(looseFunction, { undescribed }).kind).toBe("undecided");
  });
});
