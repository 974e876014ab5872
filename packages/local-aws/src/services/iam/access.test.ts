import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AccessNeeds } from "../../core/access.ts";
import { policyOf, type StsFixture, stsFixture } from "../../test/sts-fixture.ts";
import { createIam } from "./create-iam.ts";
import type { Iam } from "./iam-state.ts";

const ACCOUNT = "000000000000";
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const TRUST = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };

let fixture: StsFixture;
let access: AccessNeeds<Iam>;
let operations: readonly string[];

beforeAll(async () => {
  fixture = await stsFixture();
  const { service } = createIam(fixture.core);
  access = service.access as AccessNeeds<Iam>;
  operations = Object.keys(service.operations);
  await fixture.iam.send(
    new CreatePolicyCommand({
      PolicyName: "boundary",
      PolicyDocument: policyOf({ Effect: "Allow", Action: "*", Resource: "*" }),
      Tags: [{ Key: "kind", Value: "boundary" }],
    }),
  );
  await fixture.role("app", TRUST, {
    Path: "/team/",
    PermissionsBoundary: BOUNDARY,
    Tags: [{ Key: "Env", Value: "prod" }],
  });
});
afterAll(() => fixture.close());

test("every operation says what it needs", () => {
  expect(Object.keys(access)).toEqual(expect.arrayContaining([...operations]));
});

const APP = `arn:aws:iam::${ACCOUNT}:role/team/app`;
const APP_TAGS = { "aws:ResourceTag/Env": "prod", "iam:ResourceTag/Env": "prod" };
const NEW_TAGS = { "aws:RequestTag/Env": "dev", "aws:TagKeys": ["Env"] };
const Tags = [{ Key: "Env", Value: "dev" }];

test.each<[keyof AccessNeeds<Iam>, object, object[]]>([
  ["GetRole", { RoleName: "app" }, [{ action: "iam:GetRole", resource: APP, conditions: APP_TAGS }]],
  ["GetRole", { RoleName: "nobody" }, [{ action: "iam:GetRole", resource: role("nobody"), conditions: {} }]],
  ["ListRoles", { PathPrefix: "/team/" }, [{ action: "iam:ListRoles", resource: role("team/") }]],
  [
    "CreateRole",
    { RoleName: "new", Path: "/team/", PermissionsBoundary: BOUNDARY, Tags },
    [
      {
        action: "iam:CreateRole",
        resource: role("team/new"),
        conditions: { "iam:PermissionsBoundary": BOUNDARY, ...NEW_TAGS },
      },
      { action: "iam:TagRole", resource: role("team/new"), conditions: NEW_TAGS },
    ],
  ],
  ["CreateRole", { RoleName: "new" }, [{ action: "iam:CreateRole", resource: role("new"), conditions: {} }]],
  [
    "AttachRolePolicy",
    { RoleName: "app", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    [
      {
        action: "iam:AttachRolePolicy",
        resource: APP,
        conditions: {
          ...APP_TAGS,
          "iam:PermissionsBoundary": BOUNDARY,
          "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess",
        },
      },
    ],
  ],
  [
    "PutRolePolicy",
    { RoleName: "app", PolicyName: "p" },
    [{ action: "iam:PutRolePolicy", resource: APP, conditions: { ...APP_TAGS, "iam:PermissionsBoundary": BOUNDARY } }],
  ],
  [
    "PutRolePermissionsBoundary",
    { RoleName: "app", PermissionsBoundary: "arn:other" },
    [
      {
        action: "iam:PutRolePermissionsBoundary",
        resource: APP,
        conditions: { ...APP_TAGS, "iam:PermissionsBoundary": "arn:other" },
      },
    ],
  ],
  [
    "TagRole",
    { RoleName: "app", Tags },
    [{ action: "iam:TagRole", resource: APP, conditions: { ...APP_TAGS, ...NEW_TAGS } }],
  ],
  [
    "UntagRole",
    { RoleName: "app", TagKeys: ["Env"] },
    [{ action: "iam:UntagRole", resource: APP, conditions: { ...APP_TAGS, "aws:TagKeys": ["Env"] } }],
  ],
  [
    "CreatePolicyVersion",
    { PolicyArn: BOUNDARY },
    [
      {
        action: "iam:CreatePolicyVersion",
        resource: BOUNDARY,
        conditions: { "aws:ResourceTag/kind": "boundary", "iam:ResourceTag/kind": "boundary" },
      },
    ],
  ],
  ["ListPolicies", {}, [{ action: "iam:ListPolicies", resource: "policy path /" }]],
  [
    "CreateOpenIDConnectProvider",
    { Url: "https://a.example.com/id/1" },
    [
      {
        action: "iam:CreateOpenIDConnectProvider",
        resource: `arn:aws:iam::${ACCOUNT}:oidc-provider/a.example.com/id/1`,
        conditions: {},
      },
    ],
  ],
  ["SimulatePrincipalPolicy", { PolicySourceArn: APP }, [{ action: "iam:SimulatePrincipalPolicy", resource: APP }]],
])("%s of %j", (operation, input, needs) => {
  expect(access[operation]?.(input as never, fixture.core.context())).toEqual(needs);
});

test("IAM is in us-east-1, wherever its client is", () => {
  const context = { ...fixture.core.context(), region: "eu-central-1" };
  expect(access.ListUsers?.({}, context)[0]?.conditions).toEqual({ "aws:RequestedRegion": "us-east-1" });
});

test("without a name, a user's operations are about the one who asks", () => {
  const arn = `arn:aws:iam::${ACCOUNT}:user/ada`;
  const context = fixture.core.context({ principal: { type: "user", arn, userId: "AIDA", accountId: ACCOUNT } });
  expect(access.GetUser?.({}, context)).toEqual([{ action: "iam:GetUser", resource: arn, conditions: {} }]);
});

describe("a delegated administrator", () => {
  test("makes roles with the boundary only, and cannot take it off", async () => {
    const withBoundary = { StringEquals: { "iam:PermissionsBoundary": BOUNDARY } };
    const keys = await fixture.user(
      "delegate",
      {
        Sid: "MakeBoundedRoles",
        Effect: "Allow",
        Action: ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
        Resource: role("*-prod-execution"),
        Condition: withBoundary,
      },
      { Sid: "Look", Effect: "Allow", Action: "iam:GetRole", Resource: "*" },
      {
        Sid: "OnlyBasicLogging",
        Effect: "Deny",
        Action: "iam:AttachRolePolicy",
        Resource: "*",
        Condition: {
          ArnNotEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" },
        },
      },
    );
    const iam = fixture.iamOf(keys);
    const RoleName = "api-prod-execution";
    const create = { RoleName, AssumeRolePolicyDocument: policyOf(TRUST) };
    const denied = (action: string, why: string) => ({
      name: "AccessDenied",
      message: `User: arn:aws:iam::${ACCOUNT}:user/delegate is not authorized to perform: ${action} on resource: ${role(RoleName)} ${why}`,
    });
    const notAllowed = (action: string) =>
      denied(action, `because no identity-based policy allows the ${action} action`);

    await expect(iam.send(new CreateRoleCommand(create))).rejects.toMatchObject(notAllowed("iam:CreateRole"));
    await expect(
      iam.send(new CreateRoleCommand({ ...create, PermissionsBoundary: BOUNDARY, Tags })),
    ).rejects.toMatchObject(notAllowed("iam:TagRole"));
    await iam.send(new CreateRoleCommand({ ...create, PermissionsBoundary: BOUNDARY }));
    await iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: "p",
        PolicyDocument: policyOf({ Effect: "Allow", Action: "s3:*", Resource: "*" }),
      }),
    );
    await iam.send(
      new AttachRolePolicyCommand({
        RoleName,
        PolicyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
      }),
    );
    await expect(
      iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" })),
    ).rejects.toMatchObject(denied("iam:AttachRolePolicy", "with an explicit deny in an identity-based policy"));
    await expect(iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }))).rejects.toMatchObject(
      notAllowed("iam:DeleteRolePermissionsBoundary"),
    );
    await expect(iam.send(new TagRoleCommand({ RoleName, Tags }))).rejects.toMatchObject(notAllowed("iam:TagRole"));
    expect((await iam.send(new GetRoleCommand({ RoleName }))).Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(
      BOUNDARY,
    );
  });
});
