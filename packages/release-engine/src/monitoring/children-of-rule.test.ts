import { expect, test } from "vitest";
import { childrenOfRule } from "./children-of-rule.ts";

test.each([
  ["ALARM(a)", ["a"]],
  ['ALARM("a b") AND NOT OK(b)', ["a b", "b"]],
  ["(ALARM('x') OR INSUFFICIENT_DATA(y)) AND ALARM(x)", ["x", "y"]],
  ['ALARM("say \\"hi\\" (loud)")', ['say "hi" (loud)']],
  ["ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:one)", ["one"]],
  ['ALARM("arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:one")', ["one"]],
  ['AT_LEAST(2, ALARM, (a, "b", c)) OR OK(d)', ["a", "b", "c", "d"]],
  ["AT_LEAST(50%, NOT OK, (a, b))", ["a", "b"]],
  ["TRUE", []],
])("%s speaks of %j", (rule, names) => {
  expect(childrenOfRule(rule)).toEqual(names);
});
