import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { configurationDigest } from "./configuration-digest.ts";

const latest: FunctionConfiguration = {
  FunctionName: "app",
  FunctionArn: "arn:aws:lambda:us-east-1:1:function:app",
  Version: "$LATEST",
  RevisionId: "a",
  LastModified: "2026-01-01",
  CodeSha256: "x",
  State: "Active",
  LastUpdateStatus: "Successful",
  Runtime: "nodejs22.x",
  MemorySize: 512,
  Environment: { Variables: { TABLE: "items", Version: "1" } },
  VpcConfig: { SubnetIds: ["b", "a"], SecurityGroupIds: [], VpcId: "" },
  SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
};
const digest = configurationDigest(latest);

describe("configurationDigest", () => {
  it("is the same for a version that was published from it", () => {
    const version: FunctionConfiguration = {
      ...latest,
      FunctionArn: "arn:aws:lambda:us-east-1:1:function:app:3",
      Version: "3",
      RevisionId: "b",
      CodeSha256: "y",
      LastUpdateStatus: undefined,
      Environment: { Variables: { Version: "1", TABLE: "items" } },
      VpcConfig: { SubnetIds: ["a", "b"] },
      Layers: [],
      SnapStart: { ApplyOn: "None", OptimizationStatus: "On" },
    };

    expect(configurationDigest(version)).toBe(digest);
  });

  it.each<[string, FunctionConfiguration]>([
    ["a variable's value", { Environment: { Variables: { TABLE: "other", Version: "1" } } }],
    [
      "a variable that is called like an ignored field",
      { Environment: { Variables: { TABLE: "items", Version: "2" } } },
    ],
    ["an empty variable", { Environment: { Variables: { TABLE: "items", Version: "1", EMPTY: "" } } }],
    ["the memory", { MemorySize: 1024 }],
    ["a layer", { Layers: [{ Arn: "arn:aws:lambda:us-east-1:1:layer:x:1" }] }],
    ["SnapStart", { SnapStart: { ApplyOn: "PublishedVersions" } }],
  ])("sees %s", (_, change) => {
    expect(configurationDigest({ ...latest, ...change })).not.toBe(digest);
  });

  it("does not compare what Lambda could not show", () => {
    const Environment = { Error: { ErrorCode: "AccessDeniedException", Message: "no kms:Decrypt" } };

    expect(configurationDigest({ ...latest, Environment })).toBeUndefined();
  });
});
