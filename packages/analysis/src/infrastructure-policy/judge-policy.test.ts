import { infrastructureFindingSchema } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import { type JudgedPolicy, judgePolicy } from "./judge-policy.ts";

const ACCOUNT = "111111111111";
const POLICIES: Readonly<Record<JudgedPolicy["kind"], JudgedPolicy>> = {
  identity: { kind: "identity", address: "aws_iam_role_policy.x", role: "slipway-prod-provision" },
  trust: { kind: "trust", address: "aws_iam_role.x", account: ACCOUNT },
  resource: { kind: "resource", address: "aws_s3_bucket_policy.x", account: ACCOUNT },
  key: { kind: "key", address: "aws_kms_key.x", account: ACCOUNT },
};

/** Ids with severities (and `unknown`) of what is found in a policy of one statement. */
function judge(kind: JudgedPolicy["kind"], statement: object, more: Partial<JudgedPolicy> = {}): string[] {
  const document = { Version: "2012-10-17", Statement: [{ Sid: "SaysWhatFor", Effect: "Allow", ...statement }] };
  const findings = judgePolicy(JSON.stringify(document), { ...POLICIES[kind], ...more });
  for (const finding of findings) {
    expect(infrastructureFindingSchema.parse(finding).statement).toBeDefined();
  }
  return findings.map(({ id, severity, status }) => `${id} ${status === "unknown" ? "unknown" : severity}`);
}

const table = "arn:aws:dynamodb:us-east-1:111111111111:table/items-prod";
const role = "arn:aws:iam::111111111111:role/items-prod-execution";
const tagged = { StringEquals: { "aws:ResourceTag/Environment": "prod" } };
const issuer = "token.actions.githubusercontent.com";
const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;

describe("identity policies", () => {
  test.each<[string, object, string[]]>([
    ["exact actions and resources", { Action: ["dynamodb:GetItem"], Resource: table }, []],
    ["what is below one bucket", { Action: "s3:GetObject", Resource: "arn:aws:s3:::code-prod/*" }, []],
    [
      "everything",
      { Action: "*", Resource: "*" },
      [
        "iam.wildcard-action high",
        "iam.wildcard-resource medium",
        "iam.pass-role high",
        "iam.pass-role medium",
        "iam.escalation high",
      ],
    ],
    ["all of a service on one table", { Action: "dynamodb:*", Resource: table }, ["iam.wildcard-action medium"]],
    ["writing anywhere", { Action: "dynamodb:PutItem", Resource: "*" }, ["iam.wildcard-resource medium"]],
    [
      "reading anywhere",
      { Action: ["sqs:GetQueueAttributes", "sqs:ListQueues"], Resource: "*" },
      ["iam.wildcard-resource low"],
    ],
    [
      "what cannot be limited",
      { Action: ["kms:ListAliases", "XRay:PutTraceSegments", "sns:Unsubscribe"], Resource: "*" },
      [],
    ],
    [
      "what composite alarms demand",
      { Action: ["cloudwatch:DescribeAlarms", "cloudwatch:PutCompositeAlarm"], Resource: "*" },
      [],
    ],
    [
      "a service that the table has not",
      { Action: "ec2:RunInstances", Resource: "*" },
      ["iam.wildcard-resource unknown"],
    ],
    [
      "every key",
      { Action: "kms:Decrypt", Resource: "arn:aws:kms:us-east-1:111111111111:key/*" },
      ["iam.wildcard-resource medium"],
    ],
    ["every bucket", { Action: "s3:PutObject", Resource: "arn:aws:s3:::*" }, ["iam.wildcard-resource medium"]],
    ["every key with a tag", { Action: "kms:Decrypt", Resource: "*", Condition: tagged }, []],
    [
      "a tag that need not be there",
      { Action: "kms:Decrypt", Resource: "*", Condition: { StringEqualsIfExists: tagged.StringEquals } },
      ["iam.wildcard-resource medium"],
    ],
    [
      "any value of a tag",
      { Action: "kms:Decrypt", Resource: "*", Condition: { StringLike: { "aws:ResourceTag/Environment": "*" } } },
      ["iam.wildcard-resource medium"],
    ],
    [
      "for all of no values",
      {
        Action: "dynamodb:PutItem",
        Resource: "*",
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "prod" } },
      },
      ["iam.wildcard-resource medium"],
    ],
    ["everything but", { NotAction: "iam:*", Resource: table }, ["iam.inverted high"]],
    ["everywhere but", { Action: "s3:GetObject", NotResource: table }, ["iam.inverted high"]],
    ["a denial of everything but", { Effect: "Deny", NotAction: "iam:*", Resource: "*" }, []],
    [
      "passing a role to one service",
      {
        Action: "iam:PassRole",
        Resource: role,
        Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      },
      [],
    ],
    ["passing a role to any service", { Action: "iam:PassRole", Resource: role }, ["iam.pass-role medium"]],
    [
      "passing any role",
      {
        Action: "iam:PassRole",
        Resource: "*",
        Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      },
      ["iam.wildcard-resource medium", "iam.pass-role high"],
    ],
    ["writing rights of one role", { Action: "iam:PutRolePolicy", Resource: role }, []],
    [
      "writing rights of any role",
      { Action: "iam:PutRolePolicy", Resource: "arn:aws:iam::111111111111:role/*" },
      ["iam.wildcard-resource medium", "iam.escalation high"],
    ],
    [
      "writing rights of any role that is bounded",
      {
        Action: "iam:PutRolePolicy",
        Resource: "*",
        Condition: { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/b" } },
      },
      [],
    ],
    [
      "writing its own rights",
      { Action: "iam:Put*", Resource: "arn:aws:iam::111111111111:role/slipway-prod-*" },
      ["iam.escalation high"],
    ],
    [
      "rewriting code of any function",
      { Action: "lambda:UpdateFunctionCode", Resource: "*" },
      ["iam.wildcard-resource medium", "iam.escalation high"],
    ],
    ["no Sid", { Sid: undefined, Action: "dynamodb:GetItem", Resource: table }, ["iam.missing-sid low"]],
    [
      "a Sid of the console",
      { Sid: "VisualEditor0", Action: "dynamodb:GetItem", Resource: table },
      ["iam.missing-sid low"],
    ],
    [
      "a denial without a reason",
      { Sid: "", Effect: "Deny", Action: "*", Resource: "*" },
      ["iam.deny-without-reason low"],
    ],
  ])("%s", (_what, statement, expected) => {
    expect(judge("identity", statement)).toEqual(expected);
  });

  test("say what somebody could do with a role that is passed", () => {
    const statements = [
      { Sid: "PassRoles", Effect: "Allow", Action: "iam:PassRole", Resource: role },
      {
        Sid: "MakeFunctions",
        Effect: "Allow",
        Action: "lambda:CreateFunction",
        Resource: "arn:aws:lambda:us-east-1:1:function:x",
      },
    ];

    const [finding] = judgePolicy({ Version: "2012-10-17", Statement: statements }, POLICIES.identity);

    expect(finding).toMatchObject({ id: "iam.pass-role", statement: "PassRoles", address: "aws_iam_role_policy.x" });
    expect(finding?.reason).toContain("lambda:CreateFunction in the same policy runs code with it");
  });

  test("name a statement without a Sid by its place", () => {
    const Statement = [{ Effect: "Allow", Action: "sqs:ListQueues", Resource: "*" }];

    expect(judgePolicy({ Version: "2012-10-17", Statement }, POLICIES.identity)).toMatchObject([{ statement: "#1" }]);
  });

  test("without a version are of the old one", () => {
    const Statement = [{ Sid: "FindQueues", Effect: "Allow", Action: "sqs:ListQueues", Resource: "*" }];

    expect(judgePolicy({ Statement }, POLICIES.identity)).toMatchObject([
      { id: "iam.policy-version", severity: "low" },
    ]);
  });

  test.each(["{", "[]", '{"Version":"2012-10-17"}', '{"Statement":[{"Effect":"Perhaps"}]}'])(
    "that cannot be read are unknown: %s",
    (text) => {
      expect(judgePolicy(text, POLICIES.identity)).toMatchObject([{ id: "iam.unreadable", status: "unknown" }]);
    },
  );
});

describe("policies of resources", () => {
  const bucket = { Action: "s3:GetObject", Resource: "arn:aws:s3:::x/*" };
  const logging = { Principal: { Service: "logging.s3.amazonaws.com" } };

  test.each<[string, object, string[]]>([
    ["one role", { ...bucket, Principal: { AWS: role } }, []],
    ["everybody", { ...bucket, Principal: "*" }, ["iam.public-principal high"]],
    ["everybody, another way", { ...bucket, Principal: { AWS: ["*"] } }, ["iam.public-principal high"]],
    [
      "everybody over TLS",
      { ...bucket, Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } },
      ["iam.public-principal high"],
    ],
    [
      "everybody of the organisation",
      { ...bucket, Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } },
      [],
    ],
    [
      "everybody of any organisation",
      { ...bucket, Principal: "*", Condition: { StringLike: { "aws:PrincipalOrgID": "*" } } },
      ["iam.public-principal high"],
    ],
    ["nobody without TLS", { ...bucket, Effect: "Deny", Action: "s3:*", Principal: "*" }, []],
    ["a service for anybody", { ...bucket, ...logging }, ["iam.service-without-source medium"]],
    ["a service for us", { ...bucket, ...logging, Condition: { StringEquals: { "AWS:SourceAccount": ACCOUNT } } }, []],
    [
      "a service for one of ours",
      { ...bucket, ...logging, Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::x" } } },
      [],
    ],
    [
      "all of the own account",
      { ...bucket, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
      ["iam.trusts-account low"],
    ],
    ["all of another account", { ...bucket, Principal: { AWS: "222222222222" } }, ["iam.trusts-account high"]],
    ["everybody but", { ...bucket, NotPrincipal: { AWS: role } }, ["iam.inverted high"]],
  ])("%s", (_what, statement, expected) => {
    expect(judge("resource", statement)).toEqual(expected);
  });
});

describe("policies of keys", () => {
  const everything = { Action: "kms:*", Resource: "*" };
  const root = (account: string) => ({ ...everything, Principal: { AWS: `arn:aws:iam::${account}:root` } });

  test("may delegate to the own account, and to no other", () => {
    expect(judge("key", root(ACCOUNT))).toEqual([]);
    expect(judge("key", root("222222222222"))).toEqual(["iam.wildcard-action high", "iam.trusts-account high"]);
    expect(judge("key", { ...everything, Principal: "*" })).toEqual([
      "iam.wildcard-action high",
      "iam.public-principal high",
    ]);
  });

  test("of which nobody knows the account yet are unknown", () => {
    expect(judge("key", root(ACCOUNT), { account: undefined })).toEqual(["iam.wildcard-action unknown"]);
  });
});

describe("trust policies", () => {
  const web = (condition: object, more: object = {}) => ({
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: provider },
    Condition: condition,
    ...more,
  });
  const aud = { [`${issuer}:aud`]: "sts.amazonaws.com" };
  const sub = (subject: string) => ({ [`${issuer}:sub`]: subject });
  const whole = sub("repo:acme/items:environment:prod");

  test.each<[string, object, string[]]>([
    ["a service", { Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }, []],
    ["everybody", { Action: "sts:AssumeRole", Principal: { AWS: "*" } }, ["iam.public-principal high"]],
    ["the own account", { Action: "sts:AssumeRole", Principal: { AWS: ACCOUNT } }, ["iam.trusts-account low"]],
    ["one subject", web({ StringEquals: { ...aud, ...whole } }), []],
    ["no conditions", web({}), ["iam.web-identity-audience high", "iam.web-identity-subject high"]],
    ["any audience", web({ StringEquals: whole }), ["iam.web-identity-audience high"]],
    ["any subject", web({ StringEquals: aud }), ["iam.web-identity-subject high"]],
    [
      "a subject that need not be there",
      web({ StringEquals: aud, StringEqualsIfExists: whole }),
      ["iam.web-identity-subject high"],
    ],
    [
      "every branch",
      web({ StringEquals: aud, StringLike: sub("repo:acme/items:*") }),
      ["iam.web-identity-subject medium"],
    ],
    ["every repository", web({ StringEquals: aud, StringLike: sub("repo:acme/*") }), ["iam.web-identity-subject high"]],
    [
      "the claims of another issuer",
      web({ StringEquals: { "gitlab.com:aud": "a", "gitlab.com:sub": "b" } }),
      ["iam.web-identity-audience high", "iam.web-identity-subject high"],
    ],
  ])("%s", (_what, statement, expected) => {
    expect(judge("trust", statement)).toEqual(expected);
  });
});
