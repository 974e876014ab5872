import { describe, expect, it } from "vitest";
import { compilePolicy } from "./compile-policy.ts";
import { ContextValues, type PrincipalFacts } from "./context-values.ts";

const ANN: PrincipalFacts = {
  type: "User",
  arn: "arn:aws:iam::000000000000:user/ann",
  principalArn: "arn:aws:iam::000000000000:user/ann",
  userId: "AIDAANN",
  accountId: "000000000000",
  userName: "ann",
  tags: {},
};
const context = (conditions = {}) =>
  new ContextValues(ANN, { now: 0, region: "us-east-1", accountId: "000000000000" }, conditions);
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:jobs";

const statement = (elements: object, Version = "2012-10-17") => {
  const [only] = compilePolicy(
    JSON.stringify({ Version, Statement: [{ Effect: "Allow", Action: "*", Resource: "*", ...elements }] }),
  ).statements;
  if (only === undefined) {
    throw new Error("the policy has no statement");
  }
  return only;
};

describe("an ARN that ends early stands for all that begins so", () => {
  it.each([
    ["arn:aws:sqs", true],
    ["arn:aws:sqs:us-east-1", true],
    ["arn:aws:sqs:eu-west-1", false],
    ["arn:aws:sns", false],
  ])("%s", (Resource, expected) => {
    expect(statement({ Resource }).coversResource(QUEUE, context())).toBe(expected);
    expect(statement({ Resource: undefined, NotResource: Resource }).coversResource(QUEUE, context())).toBe(!expected);
  });
});

it("without actions a statement allows nothing and denies everything", () => {
  expect(statement({ Action: undefined }).coversAction("s3:getobject")).toBe(false);
  expect(statement({ Action: undefined, Effect: "Deny" }).coversAction("s3:getobject")).toBe(true);
});

describe("conditions", () => {
  it("have variables since 2012 only", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a policy
    const Condition = { StringEquals: { "x:Owner": "${aws:username}" } };
    const holds = (version: string, owner: string) =>
      statement({ Condition }, version).conditions.every((condition) => condition.holds(context({ "x:Owner": owner })));
    expect(holds("2012-10-17", "ann")).toBe(true);
    expect(holds("2008-10-17", "ann")).toBe(false);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a policy
    expect(holds("2008-10-17", "${aws:username}")).toBe(true);
  });

  it("take a key without values for missing", () => {
    const [condition] = statement({ Condition: { Null: { "aws:TagKeys": "false" } } }).conditions;
    expect(condition?.holds(context({ "aws:TagKeys": [] }))).toBe(false);
    expect(condition?.holds(context({ "aws:TagKeys": ["team"] }))).toBe(true);
  });
});
