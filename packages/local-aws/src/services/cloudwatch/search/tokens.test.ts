import { describe, expect, test } from "vitest";
import { matchesPartially, tokensOf } from "./tokens.ts";

// The examples of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
test.each([
  ["CustomCount1", ["Custom", "Count", "1"]],
  ["SDBFailure", ["SDB", "Failure"]],
  ["Project2-trial333", ["Project", "2", "trial", "333"]],
  ["Network-Errors_2", ["Network", "Errors", "2"]],
  ["AWS/Lambda", ["AWS", "Lambda"]],
  ["couNT", ["cou", "NT"]],
  ["--", []],
])("the tokens of %s", (text, tokens) => {
  expect(tokensOf(text)).toEqual(tokens);
});

describe("a partial match", () => {
  test.each([
    ["count", "CustomCount1"],
    ["Count", "CustomCount1"],
    ["COUNT", "CustomCount1"],
    ["CustomCount", "CustomCount1"],
    ["Count1", "CustomCount1"],
    ["customcount1", "CustomCount1"],
    ["network/errors", "Network-Errors-2"],
    ["network+errors", "NetworkErrors2"],
    ["network-errors", "NetworkErrors2"],
    ["Network_Errors", "Network-Errors-2"],
    ["i-1234567890123456", "i-1234567890123456"],
    ["AWS", "AWS/EC2"],
    ["micro", "t2.micro"],
    ["ReadOps", "VolumeReadOps"],
  ])("of %s is in %s", (term, name) => {
    expect(matchesPartially(term, name)).toBe(true);
  });

  test.each([
    ["couNT", "CustomCount1"],
    ["customcount", "CustomCount1"],
    ["count1", "CustomCount1"],
    ["Custom1", "CustomCount1"],
    ["cust", "CustomCount1"],
    ["errors-network", "NetworkErrors2"],
    ["--", "CustomCount1"],
  ])("of %s is not in %s", (term, name) => {
    expect(matchesPartially(term, name)).toBe(false);
  });
});
