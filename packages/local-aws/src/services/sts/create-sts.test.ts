import {
  CreatePolicyCommand,
  GetRoleCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  type STSClient,
} from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowEverything } from "../../authorization/allow-everything.ts";
import { ACCOUNT, type Keys, policyOf, type StsFixture, stsFixture } from "../../test/sts-fixture.ts";
import { createSts } from "./create-sts.ts";

let fixture: StsFixture;
let ada: Keys;
let bob: Keys;

const ALLOW_ACCOUNT = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
};
const ADA = `arn:aws:iam::${ACCOUNT}:user/ada`;
const ALLOW_ADA = { ...ALLOW_ACCOUNT, Principal: { AWS: ADA } };

beforeAll(async () => {
  fixture = await stsFixture();
  ada = await fixture.user("ada");
  bob = await fixture.user("bob", { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
});
afterAll(() => fixture.close());

const assume = (RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}, client: STSClient = fixture.sts) =>
  client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "a-session", ...more }));

test("GetCallerIdentity names who signed, and needs no permission", async () => {
  expect(await fixture.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:root`,
    UserId: ACCOUNT,
  });
  expect((await fixture.stsOf(ada).send(new GetCallerIdentityCommand({}))).Arn).toBe(ADA);
});

test("every operation says what it needs", () => {
  const { service } = createSts(fixture.core, {} as never);
  expect(Object.keys(service.access ?? {})).toEqual(expect.arrayContaining(Object.keys(service.operations)));
});

describe("AssumeRole", () => {
  test("gives credentials that work and are the role's", async () => {
    const { Credentials, AssumedRoleUser } = await assume(
      await fixture.role("deployer", ALLOW_ACCOUNT, { Path: "/team/" }),
      {
        DurationSeconds: 900,
      },
    );
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/deployer/a-session`);
    expect(AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{16}:a-session$/);
    const lifetime = (Credentials?.Expiration?.getTime() ?? 0) - Date.now();
    expect(lifetime).toBeGreaterThan(890_000);
    expect(lifetime).toBeLessThanOrEqual(901_000);
    const asRole = fixture.stsOf(Credentials);
    const identity = await asRole.send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Arn: AssumedRoleUser?.Arn, UserId: AssumedRoleUser?.AssumedRoleId });
    await expect(asRole.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(
      assume(await fixture.role("chained", ALLOW_ACCOUNT), { DurationSeconds: 7200 }, asRole),
    ).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining("role chaining"),
    });
  });

  test.each([
    ["another account", { ...ALLOW_ACCOUNT, Principal: { AWS: "111111111111" } }],
    ["a service only", { ...ALLOW_ACCOUNT, Principal: { Service: "lambda.amazonaws.com" } }],
    ["another action", { ...ALLOW_ACCOUNT, Action: "sts:AssumeRoleWithWebIdentity" }],
    ["a deny", { ...ALLOW_ACCOUNT, Effect: "Deny" }],
    ["an external id", { ...ALLOW_ACCOUNT, Condition: { StringEquals: { "sts:ExternalId": "secret" } } }],
    ["another session name", { ...ALLOW_ACCOUNT, Condition: { StringEquals: { "sts:RoleSessionName": "b" } } }],
    ["another address", { ...ALLOW_ACCOUNT, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }],
  ])("is denied by a trust policy for %s, even to root", async (name, statement) => {
    const arn = await fixture.role(name.replaceAll(" ", "-"), statement);
    for (const client of [fixture.sts, fixture.stsOf(bob)]) {
      await expect(assume(arn, {}, client)).rejects.toMatchObject({
        name: "AccessDenied",
        message: expect.stringMatching(
          new RegExp(`is not authorized to perform: sts:AssumeRole on resource: ${arn} .*role trust policy`),
        ),
        $metadata: { httpStatusCode: 403 },
      });
    }
  });

  test.each([
    ["the external id", { "sts:ExternalId": "secret" }, { ExternalId: "secret" }],
    ["the session's name", { "sts:RoleSessionName": "a-session" }, {}],
    ["the caller's address", { "aws:SourceIp": "127.0.0.1" }, {}],
  ])("takes %s that the trust policy asks for", async (name, condition, input) => {
    const operator = "aws:SourceIp" in condition ? "IpAddress" : "StringEquals";
    const arn = await fixture.role(`takes-${name.replaceAll(/[ ']/g, "-")}`, {
      ...ALLOW_ACCOUNT,
      Condition: { [operator]: condition },
    });
    expect((await assume(arn, input, fixture.stsOf(bob))).Credentials).toBeDefined();
  });

  test("whom the trust policy names needs no policy of their own", async () => {
    const arn = await fixture.role("ada-s", ALLOW_ADA);
    expect((await assume(arn, {}, fixture.stsOf(ada))).Credentials).toBeDefined();
    await expect(assume(arn, {}, fixture.stsOf(bob))).rejects.toMatchObject({
      message: `User: arn:aws:iam::${ACCOUNT}:user/bob is not authorized to perform: sts:AssumeRole on resource: ${arn} because no role trust policy allows the sts:AssumeRole action`,
    });
  });

  test("where the trust policy names the account, a policy of the caller's own decides", async () => {
    const arn = await fixture.role("everybodys", ALLOW_ACCOUNT);
    expect((await assume(arn, {}, fixture.stsOf(bob))).Credentials).toBeDefined();
    await expect(assume(arn, {}, fixture.stsOf(ada))).rejects.toMatchObject({
      message: `User: ${ADA} is not authorized to perform: sts:AssumeRole on resource: ${arn} because no identity-based policy allows the sts:AssumeRole action`,
    });
  });

  test("a source identity needs a permission of its own, and is given back", async () => {
    const without = await fixture.role("no-source", ALLOW_ACCOUNT);
    await expect(assume(without, { SourceIdentity: "grace" })).rejects.toMatchObject({
      message: expect.stringContaining("sts:SetSourceIdentity"),
    });
    const arn = await fixture.role("source", { ...ALLOW_ACCOUNT, Action: ["sts:AssumeRole", "sts:SetSourceIdentity"] });
    expect((await assume(arn, { SourceIdentity: "grace" })).SourceIdentity).toBe("grace");
  });

  test("a missing role is denied", async () => {
    await expect(assume(`arn:aws:iam::${ACCOUNT}:role/nobody`)).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("lasts no longer than the role allows", async () => {
    const short = await fixture.role("short", ALLOW_ACCOUNT);
    await expect(assume(short, { DurationSeconds: 3601 })).rejects.toMatchObject({
      name: "ValidationError",
      message: "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    });
    const long = await fixture.role("long", ALLOW_ACCOUNT, { MaxSessionDuration: 7200 });
    expect((await assume(long, { DurationSeconds: 7200 })).Credentials).toBeDefined();
  });

  test.each([
    ["RoleSessionName", { RoleSessionName: "has space" }, "ValidationError"],
    ["DurationSeconds", { DurationSeconds: 60 }, "ValidationError"],
    ["Policy", { Policy: "{}" }, "MalformedPolicyDocumentException"],
    ["Policy's length", { Policy: policyOf({ Sid: "x".repeat(2048) }) }, "PackedPolicyTooLargeException"],
    ["PolicyArns", { PolicyArns: [{ arn: "arn:aws:iam::aws:policy/NoSuch" }] }, "MalformedPolicyDocumentException"],
    ["TokenCode", { TokenCode: "123456", SerialNumber: "arn:aws:iam::000000000000:mfa/me" }, "NotImplemented"],
    ["Tags", { Tags: [{ Key: "a", Value: "b" }] }, "NotImplemented"],
  ])("refuses a bad %s", async (name, input, code) => {
    const arn = await fixture.role(`strict-${name.replaceAll(/[ ']/g, "-")}`, ALLOW_ACCOUNT);
    await expect(assume(arn, input)).rejects.toMatchObject({ name: code });
  });
});

describe("session policies", () => {
  let arn: string;

  beforeAll(async () => {
    arn = await fixture.role("reader", ALLOW_ACCOUNT);
    await fixture.iam.send(
      new PutRolePolicyCommand({
        RoleName: "reader",
        PolicyName: "read",
        PolicyDocument: policyOf({ Effect: "Allow", Action: ["iam:ListRoles", "iam:GetRole"], Resource: "*" }),
      }),
    );
  });

  test("leave what both they and the role allow", async () => {
    const Policy = policyOf({ Effect: "Allow", Action: ["iam:ListRoles", "iam:ListUsers"], Resource: "*" });
    const session = fixture.iamOf((await assume(arn, { Policy })).Credentials);
    expect((await session.send(new ListRolesCommand({}))).Roles).toBeDefined();
    await expect(session.send(new GetRoleCommand({ RoleName: "reader" }))).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringMatching(/because no session policy allows the iam:GetRole action$/),
    });
    await expect(session.send(new ListUsersCommand({}))).rejects.toMatchObject({
      message: expect.stringMatching(/because no identity-based policy allows the iam:ListUsers action$/),
    });
  });

  test("may be managed ones", async () => {
    const { Policy: managed } = await fixture.iam.send(
      new CreatePolicyCommand({
        PolicyName: "limit",
        PolicyDocument: policyOf({ Effect: "Allow", Action: "iam:GetRole", Resource: "*" }),
      }),
    );
    const session = fixture.iamOf((await assume(arn, { PolicyArns: [{ arn: managed?.Arn }] })).Credentials);
    expect((await session.send(new GetRoleCommand({ RoleName: "reader" }))).Role?.Arn).toBe(arn);
    await expect(session.send(new ListRolesCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

test("without enforcement, a role that is there may be assumed", async () => {
  const arn = await fixture.role("closed", { ...ALLOW_ACCOUNT, Principal: { Service: "lambda.amazonaws.com" } });
  const role = { arn, roleId: "AROA", roleName: "closed", assumeRolePolicyDocument: "{}", maxSessionDuration: 3600 };
  const core = { ...fixture.core, authorizer: allowEverything };
  const { service } = createSts(core, {
    roles: { findRole: () => role },
    policies: { findDocument: () => undefined, validate: () => {} },
    oidcProviders: { findProvider: () => undefined },
    issuers: fixture.issuers,
  });
  const answer = service.operations.AssumeRole?.(
    { RoleArn: arn, RoleSessionName: "anybody" } as never,
    fixture.core.context(),
  );
  expect(answer).toMatchObject({ AssumedRoleUser: { Arn: expect.stringContaining("closed/anybody") } });
});

test("GetSessionToken gives temporary credentials of the same principal", async () => {
  const { Credentials } = await fixture.stsOf(ada).send(new GetSessionTokenCommand({}));
  expect((await fixture.stsOf(Credentials).send(new GetCallerIdentityCommand({}))).Arn).toBe(ADA);
});

test("IAM refuses the credentials of GetSessionToken, those of root too", async () => {
  for (const sts of [fixture.stsOf(ada), fixture.sts]) {
    const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
    await expect(fixture.iamOf(Credentials).send(new ListRolesCommand({}))).rejects.toMatchObject({
      name: "InvalidClientTokenId",
      message: "The security token included in the request is invalid",
      $metadata: { httpStatusCode: 403 },
    });
  }
});

test("sessions tell when they began, so that a policy can end those from before", async () => {
  const role = { arn: "arn:aws:iam::000000000000:role/any", roleId: "AROAANY" };
  const before = Date.now();
  const ofRole = fixture.core.credentials.issueSession(role, "any", 900).principal;
  const { Credentials } = await fixture.stsOf(ada).send(new GetSessionTokenCommand({}));
  const ofUser = fixture.core.credentials.find(Credentials?.AccessKeyId ?? "")?.principal;
  for (const principal of [ofRole, ofUser]) {
    expect(Date.parse(String(principal?.sessionContext?.["aws:TokenIssueTime"]))).toBeGreaterThanOrEqual(before);
  }
  expect(ofUser?.sessionContext?.["aws:MultiFactorAuthPresent"]).toBe("false");
});
