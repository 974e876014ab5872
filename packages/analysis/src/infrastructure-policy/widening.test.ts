import { expect, test } from "vitest";
import { widenedBy } from "./widening.ts";

const policy = (...statements: object[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({ Sid: "Own", Effect: "Allow", ...each })),
  });
const read = { Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::x/*"] };
const tagged = { StringEquals: { "aws:ResourceTag/Environment": ["prod"] } };
const deny = { Sid: "Never", Effect: "Deny", Action: "s3:*", Resource: "*" };

test.each<[string, object[], object[], number]>([
  ["the same", [read], [read], 0],
  ["another order and another Sid", [read, deny], [deny, { ...read, Sid: "Renamed" }], 0],
  ["less of it", [{ ...read, Action: "s3:*" }], [read], 0],
  ["a part of a pattern", [{ ...read, Resource: "arn:aws:s3:::*" }], [read], 0],
  ["one more action", [read], [{ ...read, Action: ["s3:GetObject", "s3:PutObject"] }], 1],
  ["a wider pattern", [read], [{ ...read, Resource: "*" }], 1],
  ["a condition less", [{ ...read, Condition: tagged }], [read], 1],
  ["a condition more", [read], [{ ...read, Condition: tagged }], 0],
  [
    "one more value",
    [{ ...read, Condition: tagged }],
    [{ ...read, Condition: { StringEquals: { "aws:ResourceTag/Environment": ["prod", "dev"] } } }],
    1,
  ],
  [
    "one more value that is not meant",
    [{ ...read, Condition: { StringNotEquals: { "aws:PrincipalOrgID": ["a"] } } }],
    [{ ...read, Condition: { StringNotEquals: { "aws:PrincipalOrgID": ["a", "b"] } } }],
    0,
  ],
  ["one more principal", [{ ...read, Principal: { AWS: "a" } }], [{ ...read, Principal: { AWS: ["a", "b"] } }], 1],
  ["everybody", [{ ...read, Principal: { AWS: "a" } }], [{ ...read, Principal: "*" }], 1],
  ["a denial gone", [read, deny], [read], 1],
  ["a denial narrower", [read, deny], [read, { ...deny, Condition: tagged }], 1],
  ["a denial wider", [read, deny], [read, { ...deny, Action: "*" }], 0],
  ["everything but", [read], [read, { NotAction: "iam:*", Resource: "*" }], 1],
  ["something out of nothing", [], [read], 1],
])("%s", (_what, before, after, count) => {
  expect(widenedBy(policy(...before), policy(...after))).toHaveLength(count);
});

test("names what is new", () => {
  expect(widenedBy(policy(read), policy({ ...read, Sid: "Write", Action: ["s3:GetObject", "s3:PutObject"] }))).toEqual([
    "Write: s3:PutObject on arn:aws:s3:::x/*",
  ]);
});

test("a policy that appears is new, one that goes is none, and one that cannot be read is neither", () => {
  expect(widenedBy(null, policy(read))).toHaveLength(1);
  expect(widenedBy(policy(read), undefined)).toEqual([]);
  expect(widenedBy(policy(read), "{")).toBeUndefined();
});
