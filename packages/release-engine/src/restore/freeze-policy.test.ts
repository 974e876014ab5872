import { describe, expect, it } from "vitest";
import { freezePolicy, frozenSince, policyFor, withoutFreeze } from "./freeze-policy.ts";

const ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/items";
const NOW = Date.UTC(2026, 10, 28, 16, 15, 1, 500);
const own = {
  ...{ Sid: "Guest", Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:role/guest" } },
  ...{ Action: "dynamodb:GetItem", Resource: ARN },
};
const policyOf = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Id: "own", Statement });

describe("a freeze", () => {
  it("denies every write to everybody, and says since when", () => {
    const document = freezePolicy(ARN, null, NOW);
    expect(JSON.parse(document)).toMatchObject({
      Statement: [{ Sid: "SlipwayFreeze20261128T161501Z", Effect: "Deny", Principal: "*", Resource: ARN }],
    });
    expect(document).not.toContain("GetItem");
    expect(frozenSince(document)).toBe(Date.UTC(2026, 10, 28, 16, 15, 1));
    expect(withoutFreeze(document)).toBeNull();
  });

  it("leaves what a policy said before as it is, and gives it back", () => {
    const before = policyOf(own);
    const document = freezePolicy(ARN, before, NOW);
    expect(JSON.parse(document).Statement).toHaveLength(2);
    expect(withoutFreeze(document)).toBe(before);
    expect(frozenSince(before)).toBeUndefined();
  });

  it("stands beside a policy whose one statement is in no list", () => {
    const document = freezePolicy(ARN, JSON.stringify({ Version: "2012-10-17", Statement: own }), NOW);
    expect(JSON.parse(withoutFreeze(document) ?? "")).toEqual({ Version: "2012-10-17", Statement: [own] });
  });
});

it("a policy for another table says of that what it said of the first and of its indexes, and no more", () => {
  const other = `${ARN}-restored-20261128-161501`;
  const moved = policyFor(policyOf({ ...own, Resource: [ARN, `${ARN}/index/*`, `${ARN}-2`, "*"] }), ARN, other);
  expect(JSON.parse(moved)).toEqual({
    ...{ Version: "2012-10-17", Id: "own" },
    Statement: [{ ...own, Resource: [other, `${other}/index/*`, `${ARN}-2`, "*"] }],
  });
});
