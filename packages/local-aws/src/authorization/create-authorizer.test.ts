import { describe, expect, it } from "vitest";
import type { AccessNeed, PrincipalPolicies } from "../core/access.ts";
import { VirtualClock } from "../core/clock.ts";
import type { Principal } from "../core/credentials.ts";
import { createAuthorizer } from "./create-authorizer.ts";

const ACCOUNT = "000000000000";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/deploy`;
const SESSION: Principal = {
  type: "assumed-role",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/run-1`,
  userId: "AROADEPLOY:run-1",
  accountId: ACCOUNT,
  roleArn: ROLE,
};
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/items-prod`;
const BUCKET = "arn:aws:s3:::artifacts";
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/k1`;
const put: AccessNeed = { action: "dynamodb:PutItem", resource: TABLE };

type Statement = Readonly<Record<string, unknown>>;

const document = (...Statement: Statement[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: unknown, Resource: unknown = "*", Condition?: object): Statement => ({
  Sid: "Allows",
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const deny = (Action: unknown, Resource: unknown = "*", Condition?: object): Statement => ({
  ...allow(Action, Resource, Condition),
  Sid: "Denies",
  Effect: "Deny",
});
const on = (policy: { allow?: Statement; document?: string }, mode: "sufficient" | "required" = "sufficient") => ({
  name: "resource policy",
  document: policy.document ?? document({ Sid: "Resource", Resource: "*", ...policy.allow }),
  mode,
});

function authorizer(policies: { identity?: Statement[]; boundary?: Statement[]; tags?: Record<string, string> }) {
  const { identity = [], boundary, tags = {} } = policies;
  const found: PrincipalPolicies = {
    identity: identity.length === 0 ? [] : [{ name: "inline", document: document(...identity) }],
    boundary: boundary === undefined ? undefined : { name: "boundary", document: document(...boundary) },
    tags,
  };
  return createAuthorizer({
    accountId: ACCOUNT,
    region: "us-east-1",
    clock: new VirtualClock(),
    policies: () => ({ revision: 1, policiesOf: (arn) => (arn === ROLE ? found : undefined) }),
  });
}

const message = (policies: Parameters<typeof authorizer>[0], need: AccessNeed): string => {
  try {
    authorizer(policies).require(SESSION, [need]);
    return "allowed";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("identity policies", () => {
  it.each<[string, Statement[], AccessNeed, boolean]>([
    ["nothing allows nothing", [], put, false],
    ["exact", [allow("dynamodb:PutItem", TABLE)], put, true],
    ["actions know no case", [allow("DynamoDB:putitem", TABLE)], put, true],
    ["a wildcard in the action", [allow("dynamodb:Put*", TABLE)], put, true],
    ["another action", [allow("dynamodb:GetItem", TABLE)], put, false],
    ["a wildcard in the resource", [allow("dynamodb:*", `arn:aws:dynamodb:*:${ACCOUNT}:table/items-*`)], put, true],
    [
      "a wildcard does not cross an ARN's colons",
      [allow("dynamodb:*", "arn:aws:dynamodb:*:table/items-prod")],
      put,
      false,
    ],
    ["resources know case", [allow("dynamodb:*", TABLE.replace("items", "Items"))], put, false],
    ["a denial wins, wherever it stands", [deny("dynamodb:*"), allow("*")], put, false],
    ["NotAction", [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }], put, true],
    ["NotAction excepts", [{ Effect: "Allow", NotAction: "dynamodb:*", Resource: "*" }], put, false],
    ["NotResource excepts", [{ Effect: "Allow", Action: "*", NotResource: TABLE }], put, false],
  ])("%s", (_name, identity, need, expected) => {
    expect(authorizer({ identity }).decide(SESSION, need).allowed).toBe(expected);
  });

  it("tells which statement allowed", () => {
    expect(authorizer({ identity: [allow("*")] }).decide(SESSION, put)).toEqual({
      allowed: true,
      by: [{ policy: "inline", statement: "Allows" }],
    });
  });
});

describe("messages are AWS's", () => {
  const who = `User: ${SESSION.arn} is not authorized to perform:`;
  it.each<[Parameters<typeof authorizer>[0], AccessNeed, string]>([
    [
      {},
      put,
      `${who} dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
    ],
    [
      { identity: [allow("*"), deny("dynamodb:*")] },
      put,
      `${who} dynamodb:PutItem on resource: ${TABLE} with an explicit deny in an identity-based policy`,
    ],
    [
      { identity: [allow("*")], boundary: [allow("s3:*")] },
      put,
      `${who} dynamodb:PutItem on resource: ${TABLE} because no permissions boundary allows the dynamodb:PutItem action`,
    ],
    [
      { identity: [allow("*")], boundary: [allow("*"), deny("dynamodb:PutItem")] },
      put,
      `${who} dynamodb:PutItem on resource: ${TABLE} with an explicit deny in a permissions boundary`,
    ],
    [
      { identity: [allow("*")] },
      {
        action: "s3:GetObject",
        resource: `${BUCKET}/x`,
        resourcePolicy: on({ allow: { Effect: "Deny", Principal: "*", Action: "s3:*" } }),
      },
      `${who} s3:GetObject on resource: "${BUCKET}/x" with an explicit deny in a resource-based policy`,
    ],
    [
      { identity: [allow("*")] },
      {
        action: "kms:Decrypt",
        resource: KEY,
        resourcePolicy: on(
          { allow: { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: "kms:*" } },
          "required",
        ),
      },
      `${who} kms:Decrypt on resource: ${KEY} because no resource-based policy allows the kms:Decrypt action`,
    ],
  ])("%#", (policies, need, expected) => {
    expect(message(policies, need)).toBe(expected);
  });
});

describe("boundaries and resource policies", () => {
  const get = (Principal: unknown): AccessNeed => ({
    action: "s3:GetObject",
    resource: `${BUCKET}/x`,
    resourcePolicy: on({ allow: { Effect: "Allow", Principal, Action: "s3:GetObject" } }),
  });

  it("a boundary allows nothing by itself", () => {
    expect(authorizer({ boundary: [allow("*")] }).decide(SESSION, put).allowed).toBe(false);
    expect(authorizer({ identity: [allow("*")], boundary: [allow("dynamodb:*")] }).decide(SESSION, put).allowed).toBe(
      true,
    );
  });

  it.each<[string, unknown, boolean]>([
    ["everybody", "*", true],
    ["everybody, written as an AWS principal", { AWS: "*" }, true],
    ["the role", { AWS: ROLE }, true],
    ["the session", { AWS: [SESSION.arn] }, true],
    ["the role's unique id", { AWS: "AROADEPLOY" }, true],
    ["the account: identity policies decide", { AWS: `arn:aws:iam::${ACCOUNT}:root` }, false],
    ["another account", { AWS: "arn:aws:iam::111111111111:root" }, false],
    ["a service", { Service: "lambda.amazonaws.com" }, false],
  ])("a resource policy that names %s", (_name, principal, expected) => {
    expect(authorizer({}).decide(SESSION, get(principal)).allowed).toBe(expected);
  });

  it("a boundary limits what a policy gives the role, and not what it gives the session", () => {
    const boundary = [allow("dynamodb:*")];
    expect(authorizer({ boundary }).decide(SESSION, get({ AWS: ROLE })).allowed).toBe(false);
    expect(authorizer({ boundary }).decide(SESSION, get({ AWS: SESSION.arn })).allowed).toBe(true);
  });

  it("a key needs the consent of its policy, and the account's consent hands on to identity policies", () => {
    const need = (Principal: unknown): AccessNeed => ({
      action: "kms:Decrypt",
      resource: KEY,
      resourcePolicy: on({ allow: { Effect: "Allow", Principal, Action: "kms:*" } }, "required"),
    });
    const account = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
    expect(authorizer({ identity: [allow("kms:*")] }).decide(SESSION, need(account)).allowed).toBe(true);
    expect(authorizer({}).decide(SESSION, need(account)).allowed).toBe(false);
    expect(authorizer({}).decide(SESSION, need({ AWS: ROLE })).allowed).toBe(true);
    expect(
      authorizer({ identity: [allow("*")] }).decide(SESSION, need({ AWS: "arn:aws:iam::111111111111:root" })).allowed,
    ).toBe(false);
  });

  it("a session policy is the most that the session may do", () => {
    const limited = { ...SESSION, sessionPolicies: [{ name: "session", document: document(allow("s3:*")) }] };
    const decision = authorizer({ identity: [allow("*")] }).decide(limited, put);
    expect(decision).toMatchObject({ allowed: false, kind: "session policy" });
  });

  it("services have the resource's policy alone", () => {
    const policy = (statement: Statement): AccessNeed => ({
      action: "sns:Publish",
      resource: "arn:aws:sns:us-east-1:000000000000:t",
      resourcePolicy: on({ allow: statement }),
    });
    const source = {
      service: "cloudwatch.amazonaws.com",
      sourceArn: `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:a`,
    };
    const iam = authorizer({});
    const Principal = { Service: "cloudwatch.amazonaws.com" };
    const Condition = {
      ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:*:${ACCOUNT}:alarm:*` },
      StringEquals: { "AWS:SourceAccount": ACCOUNT },
    };
    expect(
      iam.decideForService(source, policy({ Effect: "Allow", Principal, Action: "sns:Publish", Condition })).allowed,
    ).toBe(true);
    expect(
      iam.decideForService(
        { ...source, sourceArn: "arn:aws:cloudwatch:us-east-1:1:alarm:a" },
        policy({ Effect: "Allow", Principal, Action: "sns:Publish", Condition }),
      ).allowed,
    ).toBe(false);
    expect(
      iam.decideForService(source, policy({ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "*" }))
        .allowed,
    ).toBe(false);
  });

  it("root may do everything, nobody without a policy anything", () => {
    const root: Principal = { type: "root", arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT, accountId: ACCOUNT };
    expect(authorizer({}).decide(root, put).allowed).toBe(true);
    const gone: Principal = { ...SESSION, roleArn: `arn:aws:iam::${ACCOUNT}:role/gone` };
    expect(authorizer({ identity: [allow("*")] }).decide(gone, put).allowed).toBe(false);
  });
});

// The texts are policy variables, not template strings.
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: see above
describe("conditions", () => {
  const conditions = {
    "x:Text": "Blue",
    "x:Star": "B*e",
    "x:Tags": ["team", "stage"],
    "x:Number": "7",
    "x:Date": "2026-11-23T12:00:00Z",
    "x:Arn": "arn:aws:lambda:us-east-1:000000000000:function:api:live",
  };
  it.each<[string, string, unknown, boolean]>([
    ["StringEquals", "x:Text", "Blue", true],
    ["StringEquals", "X:TEXT", ["Red", "Blue"], true],
    ["StringEquals", "x:Text", "blue", false],
    ["StringEqualsIgnoreCase", "x:Text", "bLUE", true],
    ["StringNotEquals", "x:Text", ["Red", "Blue"], false],
    ["StringNotEquals", "x:Missing", "Red", true],
    ["StringEquals", "x:Missing", "Red", false],
    ["StringEqualsIfExists", "x:Missing", "Red", true],
    ["StringEqualsIfExists", "x:Text", "Red", false],
    ["StringLike", "x:Text", "B?u*", true],
    ["StringNotLike", "x:Text", "B*", false],
    ["NumericLessThan", "x:Number", "8", true],
    ["NumericLessThan", "x:Number", "7", false],
    ["NumericGreaterThanEquals", "x:Number", 7, true],
    ["NumericLessThan", "x:Text", "8", false],
    ["DateLessThan", "x:Date", "2026-11-24T00:00:00Z", true],
    ["DateGreaterThan", "x:Date", "1800000000", false],
    ["Bool", "aws:SecureTransport", "true", true],
    ["Bool", "aws:SecureTransport", false, false],
    ["BoolIfExists", "x:Missing", "true", true],
    ["Null", "x:Missing", "true", true],
    ["Null", "x:Text", "true", false],
    ["Null", "x:Text", false, true],
    ["ArnLike", "x:Arn", "arn:aws:lambda:*:*:function:api:*", true],
    ["ArnEquals", "x:Arn", "arn:aws:lambda:us-east-1:000000000000:function:*", true],
    ["ArnNotLike", "x:Arn", "arn:aws:lambda:*:*:function:api:*", false],
    ["IpAddress", "aws:SourceIp", "127.0.0.0/8", true],
    ["NotIpAddress", "aws:SourceIp", ["10.0.0.0/8", "127.0.0.1"], false],
    ["IpAddress", "aws:SourceIp", "::/0", false],
    ["ForAllValues:StringEquals", "x:Tags", ["team", "stage", "more"], true],
    ["ForAllValues:StringEquals", "x:Tags", ["team"], false],
    ["ForAllValues:StringEquals", "x:Missing", ["team"], true],
    ["ForAnyValue:StringEquals", "x:Tags", ["stage"], true],
    ["ForAnyValue:StringEquals", "x:Missing", ["stage"], false],
    ["ForAnyValue:StringNotEquals", "x:Tags", ["stage"], true],
    ["ForAllValues:StringNotEquals", "x:Tags", ["stage"], false],
    ["StringMatches", "x:Text", "Blue", false],
    ["StringEquals", "aws:PrincipalArn", ROLE, true],
    ["ArnLike", "aws:PrincipalArn", `arn:aws:iam::${ACCOUNT}:role/team/*`, true],
    ["StringEquals", "aws:PrincipalTag/Team", "api", true],
    ["StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}", true],
    ["StringLike", "x:Text", "B${*}e", false],
    ["StringLike", "x:Star", "B${*}e", true],
    ["StringLike", "x:Star", "B${*}*", true],
    ["StringLike", "x:Text", "B${*}*", false],
    ["StringLike", "x:Text", "${x:Star}", false],
    ["StringEquals", "x:Star", "${x:Star}", true],
    ["StringEquals", "x:Text", "${x:Missing, 'Blue'}", true],
    ["StringEquals", "x:Text", "${x:Missing}Blue", false],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above
  ])("%s %s %j is %s", (operator, key, value, expected) => {
    const iam = authorizer({ identity: [allow("*", "*", { [operator]: { [key]: value } })], tags: { team: "api" } });
    const need = { ...put, conditions };
    expect(iam.decide(SESSION, need, { remoteAddress: "127.0.0.1" }).allowed).toBe(expected);
  });

  it("an operator that nobody knows does not weaken a denial", () => {
    const iam = authorizer({ identity: [allow("*"), deny("*", "*", { StringMatches: { "x:Text": "never" } })] });
    expect(iam.decide(SESSION, put)).toMatchObject({ allowed: false, denial: "explicit" });
  });

  it("all conditions must hold", () => {
    const both = { StringEquals: { "x:Text": "Blue" }, NumericEquals: { "x:Number": "8" } };
    expect(authorizer({ identity: [allow("*", "*", both)] }).decide(SESSION, { ...put, conditions }).allowed).toBe(
      false,
    );
  });

  it("variables stand in resources, too, and only in documents of 2012", () => {
    const resource = `${BUCKET}/\${aws:PrincipalTag/team}/*`;
    const need: AccessNeed = { action: "s3:GetObject", resource: `${BUCKET}/api/x` };
    expect(
      authorizer({ identity: [allow("s3:GetObject", resource)], tags: { team: "api" } }).decide(SESSION, need).allowed,
    ).toBe(true);
    expect(
      authorizer({ identity: [allow("s3:GetObject", resource)], tags: { team: "web" } }).decide(SESSION, need).allowed,
    ).toBe(false);
    expect(authorizer({ identity: [allow("s3:GetObject", resource)] }).decide(SESSION, need).allowed).toBe(false);
  });

  it("a loopback request that says it came by plain HTTP from elsewhere is not secure", () => {
    const iam = authorizer({ identity: [allow("*", "*", { Bool: { "aws:SecureTransport": "true" } })] });
    expect(iam.decide(SESSION, put).allowed).toBe(true);
    expect(iam.decide(SESSION, put, { isSecure: false }).allowed).toBe(false);
  });
});

describe("what was asked is remembered", () => {
  it("by principal, action, resource and deciding statements", () => {
    const iam = authorizer({ identity: [allow("dynamodb:PutItem", TABLE)] });
    iam.decide(SESSION, put);
    iam.decide(SESSION, put);
    iam.decide(SESSION, { ...put, action: "dynamodb:Scan" });
    expect(iam.usage.list()).toEqual([
      {
        principal: ROLE,
        need: put,
        count: 2,
        decision: { allowed: true, by: [{ policy: "inline", statement: "Allows" }] },
      },
      {
        principal: ROLE,
        need: { ...put, action: "dynamodb:Scan" },
        count: 1,
        decision: { allowed: false, denial: "implicit", kind: "identity-based policy", by: [] },
      },
    ]);
  });
});
