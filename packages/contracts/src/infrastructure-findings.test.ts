import { expect, test } from "vitest";
import { infrastructurePolicySchema } from "./infrastructure-findings.ts";

const accepted = { finding: "tags.required", address: "aws_kms_key.*", reason: "the key is shared" };

test("a policy accepts findings by id and address, with a reason", () => {
  expect(infrastructurePolicySchema.parse({ accepted: [accepted] })).toEqual({
    requiredTags: [],
    accepted: [accepted],
    next: {},
  });
});

test("a policy says what to do about a finding here, by its id", () => {
  const next = { "tags.required": "ask the platform team" };
  expect(infrastructurePolicySchema.parse({ next }).next).toEqual(next);
  expect(infrastructurePolicySchema.safeParse({ next: { "tags.wrong": "x" } }).success).toBe(false);
  expect(infrastructurePolicySchema.safeParse({ next: { "tags.required": " " } }).success).toBe(false);
});

test.each<[string, object, string]>([
  ["an unknown finding", { finding: "tags.requierd" }, "expected the id of a finding"],
  ["no reason", { reason: " " }, "expected why the finding may stay"],
  ["everything", { address: "*" }, "an acceptance of everything would hide every finding"],
  ["a day that is none", { expires: "next year" }, "expected a day such as 2027-01-31"],
])("%s is refused", (_what, change, message) => {
  const result = infrastructurePolicySchema.safeParse({ accepted: [{ ...accepted, ...change }] });

  expect(result.error?.issues.map((issue) => issue.message).join()).toContain(message);
});
