import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ECHO, type LambdaFixture, lambdaFixture, ROLE, role } from "./lambda-fixture.ts";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: LambdaFixture;
beforeEach(async () => {
  fixture = lambdaFixture();
  await fixture.create("fn", ECHO, { Publish: true });
  await fixture.publish("fn", "export const handler = async () => 2");
});
afterEach(() => fixture.dispose());

const ARN = "arn:aws:lambda:us-east-1:000000000000:function:fn";
const create = (input: object = {}) =>
  fixture.call("CreateAlias", { FunctionName: "fn", Name: "live", FunctionVersion: "1", ...input });

describe("aliases", () => {
  test("are created, read, listed, updated and deleted", async () => {
    const created = await create({ Description: "prod" });
    const weighted = await fixture.call("UpdateAlias", {
      FunctionName: "fn",
      Name: "live",
      RevisionId: created.RevisionId,
      RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } },
    });
    const moved = await fixture.call("UpdateAlias", {
      FunctionName: "fn",
      Name: "live",
      FunctionVersion: "2",
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
    const { Aliases } = await fixture.call("ListAliases", { FunctionName: "fn", FunctionVersion: "2" });

    expect(created).toEqual({
      AliasArn: `${ARN}:live`,
      Name: "live",
      FunctionVersion: "1",
      Description: "prod",
      RevisionId: expect.any(String),
    });
    expect(weighted).toMatchObject({ FunctionVersion: "1", RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } } });
    expect(moved).toEqual({ ...created, FunctionVersion: "2", RevisionId: expect.any(String) });
    expect(Aliases).toEqual([moved]);
    await fixture.call("DeleteAlias", { FunctionName: "fn", Name: "live" });
    await expect(fixture.call("GetAlias", { FunctionName: "fn", Name: "live" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      message: `Cannot find alias arn: ${ARN}:live`,
    });
  });

  test("keep their weights when only the description changes", async () => {
    await create({ RoutingConfig: { AdditionalVersionWeights: { "2": 0.5 } } });

    const updated = await fixture.call("UpdateAlias", { FunctionName: "fn", Name: "live", Description: "x" });

    expect(updated.RoutingConfig).toEqual({ AdditionalVersionWeights: { "2": 0.5 } });
  });

  test("refuse a stale revision", async () => {
    const { RevisionId } = await create();
    await fixture.call("UpdateAlias", { FunctionName: "fn", Name: "live", FunctionVersion: "2" });

    await expect(
      fixture.call("UpdateAlias", { FunctionName: "fn", Name: "live", FunctionVersion: "1", RevisionId }),
    ).rejects.toMatchObject({ code: "PreconditionFailedException" });
  });

  const weights = (map: Record<string, number>) => ({ RoutingConfig: { AdditionalVersionWeights: map } });
  test.each([
    [
      "a version that is not there",
      { FunctionVersion: "9" },
      "ResourceNotFoundException",
      `Function not found: ${ARN}:9`,
    ],
    ["a name of digits", { Name: "12" }, "ValidationException", /'name'/],
    [
      "weights of $LATEST",
      { FunctionVersion: "$LATEST", ...weights({ "1": 0.5 }) },
      "InvalidParameterValueException",
      /^\$LATEST is not supported for an alias pointing to more than 1 version$/,
    ],
    ["weights to $LATEST", weights({ $LATEST: 0.5 }), "InvalidParameterValueException", /\$LATEST is not supported/],
    [
      "three versions",
      weights({ "2": 0.1, "3": 0.1 }),
      "InvalidParameterValueException",
      /cannot be greater than 1\. .*: 2$/,
    ],
    ["a weight over 1", weights({ "2": 1.1 }), "ValidationException", /between 0\.0 and 1\.0/],
    [
      "the same version twice",
      weights({ "1": 0.5 }),
      "InvalidParameterValueException",
      /already included in routing configuration/,
    ],
    [
      "an additional version that is not there",
      weights({ "9": 0.5 }),
      "ResourceNotFoundException",
      /Function not found/,
    ],
  ])("refuse %s", async (_what, input, code, message) => {
    await expect(create(input)).rejects.toMatchObject({ code, message: expect.stringMatching(message as string) });
  });

  test("refuse to split between versions of different roles or dead-letter topics", async () => {
    const other = "arn:aws:iam::000000000000:role/other";
    fixture.roles.set(other, role(other, "lambda.amazonaws.com"));
    const dead = { TargetArn: "arn:aws:sns:us-east-1:000000000000:dead" };
    for (const change of [{ Role: other }, { Role: ROLE, DeadLetterConfig: dead }]) {
      await fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn", ...change });
      await fixture.settled();
      await fixture.call("PublishVersion", { FunctionName: "fn" });
    }

    await expect(create(weights({ "3": 0.5 }))).rejects.toMatchObject({
      message: expect.stringMatching(/same execution role/),
    });
    await expect(create(weights({ "4": 0.5 }))).rejects.toMatchObject({
      message: expect.stringMatching(/same dead-letter/),
    });
  });
});
