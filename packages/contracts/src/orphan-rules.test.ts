import { describe, expect, it } from "vitest";
import { describeProblems } from "./describe-problems.ts";
import { orphansConfigSchema } from "./orphan-rules.ts";

function problemsOf(rule: object): string[] {
  const result = orphansConfigSchema.safeParse({ rules: [rule] }, { reportInput: true });
  return result.success ? [] : describeProblems(result.error);
}

const reason = "the data team's own";

describe("ownership rules", () => {
  it.each([
    { name: "landing-*", reason },
    { type: "iam-role", name: "*", reason },
    { type: ["iam-role", "iam-policy"], tag: { key: "Owner", value: "data-*" }, reason, expires: "2027-01-31" },
  ])("accepts %j", (rule) => {
    expect(problemsOf(rule)).toEqual([]);
  });

  it.each([{ reason }, { name: "*", reason }, { type: "iam-role", reason }])(
    "refuses %j, which would own everything, or says nothing",
    (rule) => {
      expect(problemsOf(rule)[0]).toMatch(/^rules\[0\]: expected a name .* would hide every orphan$/);
    },
  );

  it("names what is wrong", () => {
    expect(problemsOf({ name: "x", reason: " " })).toEqual([
      "rules[0].reason: expected who owns it, and why no state has it",
    ]);
    expect(problemsOf({ name: "x", reason, expires: "soon" })).toEqual([
      "rules[0].expires: expected a day such as 2027-01-31",
    ]);
    expect(problemsOf({ type: "bucket", name: "x", reason })[0]).toMatch(
      /^rules\[0\]\.type: expected one of lambda-function/,
    );
    expect(problemsOf({ nam: "x", name: "x", reason })[0]).toMatch(/^rules\[0\]\.nam: is not a known key here/);
  });
});
