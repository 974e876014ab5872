import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SimulateCustomPolicyCommand,
  type SimulateCustomPolicyCommandInput,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, policyOf, type StsFixture, stsFixture } from "../../test/sts-fixture.ts";

const BUCKET = "arn:aws:s3:::artifacts";
const READ = { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: `${BUCKET}/*` };
const ONLY_HOME = {
  Sid: "OnlyHome",
  Effect: "Deny",
  Action: "s3:*",
  Resource: "*",
  Condition: { NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
};

let fixture: StsFixture;
let role: string;

beforeAll(async () => {
  fixture = await stsFixture();
  role = await fixture.role("app", {
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  });
  await fixture.iam.send(
    new PutRolePolicyCommand({ RoleName: "app", PolicyName: "read", PolicyDocument: policyOf(READ) }),
  );
});
afterAll(() => fixture.close());

const custom = async (input: Omit<SimulateCustomPolicyCommandInput, "PolicyInputList"> & { policies?: object[] }) => {
  const { policies = [READ], ...rest } = input;
  const answer = await fixture.iam.send(
    new SimulateCustomPolicyCommand({ PolicyInputList: [policyOf(...policies)], ...rest }),
  );
  return answer.EvaluationResults ?? [];
};

describe("a custom policy", () => {
  test("is asked for every action on every resource", async () => {
    const results = await custom({
      ActionNames: ["s3:GetObject", "s3:PutObject"],
      ResourceArns: [`${BUCKET}/a`, `${BUCKET}2/a`],
    });
    expect(results.map((one) => [one.EvalActionName, one.EvalResourceName, one.EvalDecision])).toEqual([
      ["s3:GetObject", `${BUCKET}/a`, "allowed"],
      ["s3:GetObject", `${BUCKET}2/a`, "implicitDeny"],
      ["s3:PutObject", `${BUCKET}/a`, "implicitDeny"],
      ["s3:PutObject", `${BUCKET}2/a`, "implicitDeny"],
    ]);
    expect(results[0]?.MatchedStatements).toEqual([
      {
        SourcePolicyId: "PolicyInputList.1",
        SourcePolicyType: "none",
        StartPosition: { Line: 1, Column: 38 },
        EndPosition: { Line: 1, Column: 38 + JSON.stringify(READ).length },
      },
    ]);
  });

  test("says which keys were asked for and not given, and decides by those that are", async () => {
    const ask = { policies: [READ, ONLY_HOME], ActionNames: ["s3:GetObject"], ResourceArns: [`${BUCKET}/a`] };
    const [without] = await custom(ask);
    // A negated operator holds for a key that is missing, so this denies.
    expect(without).toMatchObject({ EvalDecision: "explicitDeny", MissingContextValues: [] });
    expect(without?.ResourceSpecificResults).toMatchObject([
      { EvalResourceDecision: "explicitDeny", MissingContextValues: ["aws:SourceIp"] },
    ]);
    const entry = (address: string) => ({
      ContextEntries: [{ ContextKeyName: "aws:SourceIp", ContextKeyType: "ip" as const, ContextKeyValues: [address] }],
    });
    expect((await custom({ ...ask, ...entry("10.1.2.3") }))[0]).toMatchObject({
      EvalDecision: "allowed",
      MissingContextValues: [],
    });
    const [denied] = await custom({ ...ask, ...entry("192.0.2.1") });
    expect(denied?.EvalDecision).toBe("explicitDeny");
    expect(denied?.MatchedStatements).toHaveLength(1);
  });

  test("names missing keys in variables, too", async () => {
    const policies = [{ ...READ, Resource: `${BUCKET}/\${aws:PrincipalTag/team}/\${*}` }];
    const [result] = await custom({ policies, ActionNames: ["s3:GetObject"] });
    expect(result).toMatchObject({
      EvalResourceName: "*",
      EvalDecision: "implicitDeny",
      MissingContextValues: ["aws:PrincipalTag/team"],
    });
  });

  test("is limited by a boundary", async () => {
    const boundary = policyOf({ Effect: "Allow", Action: "s3:PutObject", Resource: "*" });
    const [result] = await custom({
      ActionNames: ["s3:GetObject"],
      ResourceArns: [`${BUCKET}/a`],
      PermissionsBoundaryPolicyInputList: [boundary],
    });
    expect(result).toMatchObject({
      EvalDecision: "implicitDeny",
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    });
  });

  test("is joined by a resource's policy", async () => {
    const CallerArn = `arn:aws:iam::${ACCOUNT}:user/ada`;
    const ask = {
      ActionNames: ["s3:PutObject"],
      ResourceArns: [`${BUCKET}/a`],
      ResourcePolicy: policyOf({
        Effect: "Allow",
        Principal: { AWS: CallerArn },
        Action: "s3:PutObject",
        Resource: "*",
      }),
    };
    const [allowed] = await custom({ ...ask, CallerArn });
    expect(allowed).toMatchObject({
      EvalDecision: "allowed",
      MatchedStatements: [{ SourcePolicyId: "ResourcePolicy", SourcePolicyType: "resource" }],
    });
    expect((await custom({ ...ask, CallerArn: CallerArn.replace("ada", "bob") }))[0]?.EvalDecision).toBe(
      "implicitDeny",
    );
    await expect(custom(ask)).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining("CallerArn"),
    });
  });

  test.each<[string, Parameters<typeof custom>[0], RegExp]>([
    ["an action", { ActionNames: ["GetObject"] }, /Invalid action name: GetObject/],
    ["a resource", { ActionNames: ["s3:GetObject"], ResourceArns: ["artifacts"] }, /Invalid resource ARN: artifacts/],
    ["a policy", { ActionNames: ["s3:GetObject"], policies: [{}] }, /^PolicyInputList\.1: /],
    [
      "a caller",
      { ActionNames: ["s3:GetObject"], CallerArn: "arn:aws:iam::000000000000:role/app" },
      /must be the ARN of an IAM user/,
    ],
  ])("refuses %s that is none", async (_case, input, message) => {
    await expect(custom(input)).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringMatching(message),
    });
  });

  test("comes in pages", async () => {
    const ask = { PolicyInputList: [policyOf(READ)], ActionNames: ["s3:GetObject", "s3:PutObject"], MaxItems: 1 };
    const first = await fixture.iam.send(new SimulateCustomPolicyCommand(ask));
    expect(first).toMatchObject({ IsTruncated: true });
    const second = await fixture.iam.send(new SimulateCustomPolicyCommand({ ...ask, Marker: first.Marker }));
    expect(second.IsTruncated).toBe(false);
    expect(second.EvaluationResults?.[0]?.EvalActionName).toBe("s3:PutObject");
  });
});

describe("a principal's policies", () => {
  const simulate = async (ActionNames: string[], ResourceArns: string[], more: object = {}) => {
    const answer = await fixture.iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames, ResourceArns, ...more }),
    );
    return answer.EvaluationResults?.[0];
  };

  test("are those that the role has, inline, managed and as its boundary", async () => {
    expect(await simulate(["s3:GetObject"], [`${BUCKET}/a`])).toMatchObject({
      EvalDecision: "allowed",
      MatchedStatements: [{ SourcePolicyId: "role_app_read", SourcePolicyType: "role" }],
    });
    expect(await simulate(["logs:PutLogEvents"], ["*"])).toMatchObject({ EvalDecision: "implicitDeny" });
    await fixture.iam.send(
      new AttachRolePolicyCommand({
        RoleName: "app",
        PolicyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
      }),
    );
    expect(await simulate(["logs:PutLogEvents"], ["*"])).toMatchObject({
      EvalDecision: "allowed",
      MatchedStatements: [{ SourcePolicyId: "AWSLambdaBasicExecutionRole", SourcePolicyType: "aws-managed" }],
    });
    const { Policy: boundary } = await fixture.iam.send(
      new CreatePolicyCommand({ PolicyName: "limit", PolicyDocument: policyOf({ ...READ, Resource: "*" }) }),
    );
    await fixture.iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: "app", PermissionsBoundary: boundary?.Arn }),
    );
    expect(await simulate(["logs:PutLogEvents"], ["*"])).toMatchObject({
      EvalDecision: "implicitDeny",
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    });
    expect(await simulate(["s3:GetObject"], [`${BUCKET}/a`])).toMatchObject({
      EvalDecision: "allowed",
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true },
    });
  });

  test("can be joined by others, to see what they would change", async () => {
    const PolicyInputList = [policyOf({ Effect: "Deny", Action: "s3:*", Resource: "*" })];
    expect(await simulate(["s3:GetObject"], [`${BUCKET}/a`], { PolicyInputList })).toMatchObject({
      EvalDecision: "explicitDeny",
      MatchedStatements: [{ SourcePolicyId: "PolicyInputList.1" }],
    });
  });

  test("are those of somebody who is there", async () => {
    await expect(
      simulate(["s3:GetObject"], ["*"], { PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/nobody` }),
    ).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });
});
