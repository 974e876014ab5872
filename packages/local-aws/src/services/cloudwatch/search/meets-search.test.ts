import { describe, expect, test } from "vitest";
import type { MetricIdentity } from "../series-table.ts";
import { meetsSearch } from "./meets-search.ts";
import { parseSearch } from "./parse-search.ts";

const metrics: Readonly<Record<string, MetricIdentity>> = {
  cpu: { namespace: "AWS/EC2", name: "CPUUtilization", dimensions: { InstanceId: "i-1234567890123456" } },
  cpuType: { namespace: "AWS/EC2", name: "CPUUtilization", dimensions: { InstanceType: "t2.micro" } },
  packets: { namespace: "AWS/EC2", name: "NetworkPacketsIn", dimensions: { InstanceId: "i-2" } },
  reads: { namespace: "AWS/EBS", name: "VolumeReadOps", dimensions: { VolumeId: "ProjectA" } },
  errors: { namespace: "AWS/Lambda", name: "Errors", dimensions: { FunctionName: "other" } },
  calls: { namespace: "AWS/Lambda", name: "Invocations", dimensions: { FunctionName: "ProjectB-items" } },
  version: { namespace: "AWS/Lambda", name: "Errors", dimensions: { FunctionName: "other", Resource: "other:1" } },
  all: { namespace: "AWS/Lambda", name: "Errors", dimensions: {} },
  custom: { namespace: "My Namespace", name: "Custom:Name[Special_Characters", dimensions: { "Dimension@Name": "v" } },
  place: { namespace: "Places", name: "Europe\\France Traffic(Network)", dimensions: {} },
};

const found = (search: string): string[] =>
  Object.entries(metrics).flatMap(([key, metric]) => (meetsSearch(parseSearch(search), metric) ? [key] : []));

// Forms from https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html and its page of examples.
test.each([
  ['{AWS/EC2,InstanceId} MetricName="CPUUtilization"', ["cpu"]],
  ["{AWS/EC2, InstanceType}", ["cpuType"]],
  ["{AWS/EC2}", ["cpu", "cpuType", "packets"]],
  ["{AWS/Lambda,FunctionName}", ["errors", "calls"]],
  ["{AWS/Lambda,Resource,FunctionName}", ["version"]],
  ['"CPUUtilization"', ["cpu", "cpuType"]],
  ['"cpuutilization"', []],
  ["cpuutilization", ["cpu", "cpuType"]],
  ['"AWS/EC2" MetricName="CPUUtilization"', ["cpu", "cpuType"]],
  ["InstanceType=micro", ["cpuType"]],
  ['InstanceType="t2.micro" Namespace="AWS/EC2"', ["cpuType"]],
  ["{AWS/EC2,InstanceId} network AND packets", ["packets"]],
  ["{AWS/EC2,InstanceId} network packets", ["packets"]],
  ['{AWS/EC2,InstanceId} MetricName="CPUUtilization" NOT i-1234567890123456', []],
  ["NOT Namespace=AWS", ["custom", "place"]],
  ['NOT Namespace=AWS NOT "My Namespace"', ["place"]],
  ["(EC2 OR EBS) AND MetricName=ReadOps", ["reads"]],
  ["(EC2 OR EBS) MetricName=ReadOps", ["reads"]],
  ["(EC2 OR EBS) AND ReadOps AND ProjectA", ["reads"]],
  [
    '{AWS/Lambda,FunctionName} MetricName="Errors" OR (MetricName="Invocations" AND (ProjectA OR ProjectB))',
    ["errors", "calls"],
  ],
  ['{AWS/EC2,InstanceId} "CPUUtilization" OR packets', ["cpu", "packets"]],
  ['{"My Namespace", "Dimension@Name"}, "Custom:Name[Special_Characters"', ["custom"]],
  ['"Europe\\\\France Traffic\\(Network\\)"', ["place"]],
  ['"Dimension@Name"="v"', ["custom"]],
  ["MetricName=Errors OR MetricName=Invocations NOT other", ["errors", "calls", "version", "all"]],
  ["and", []],
])("%s finds %j", (search, expected) => {
  expect(found(search)).toEqual(expected);
});

describe("what is no search is refused with its place:", () => {
  test.each([
    ["", "A search needs a metric schema in braces, a search term, or both"],
    ["{", "Unexpected the end at position 1 of the search, expected a name"],
    ["{AWS/EC2", "Unexpected the end at position 8 of the search, expected ',' or '}'"],
    ["a AND", "Unexpected the end at position 5 of the search, expected a search term"],
    ["(a", "Unexpected the end at position 2 of the search, expected ')'"],
    ["a)", "Unexpected ')' at position 1 of the search, expected the end"],
    ["MetricName=", "Unexpected the end at position 11 of the search, expected a value"],
    ['"a', "The search has a quote without its end at position 0"],
    [":aws.AccountId=1", "Local AWS plays one account"],
    ["a".repeat(1025), "A search expression has at most 1024 characters"],
  ])("%s", (search, message) => {
    expect(() => parseSearch(search)).toThrow(message);
  });
});
