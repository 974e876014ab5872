import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RoleRecord } from "../../core/ports.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createSts } from "./create-sts.ts";

const ACCOUNT = "000000000000";
let core: TestCore;
let served: ServedServices;
let sts: STSClient;
const roles = new Map<string, RoleRecord>();

function trust(name: string, statement: object): string {
  const arn = `arn:aws:iam::${ACCOUNT}:role/team/${name}`;
  roles.set(arn, {
    arn,
    roleId: `AROA${name.toUpperCase()}`,
    roleName: name,
    maxSessionDuration: 3600,
    assumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
  });
  return arn;
}

const ALLOW_ACCOUNT = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
};

beforeAll(async () => {
  core = testCore();
  served = await serveServices(core, [createSts(core, { roles: { findRole: (arn) => roles.get(arn) } }).service]);
  sts = new STSClient({ ...served.client, maxAttempts: 1 });
});
afterAll(async () => {
  sts.destroy();
  await served.close();
  core.dispose();
});

const assume = (RoleArn: string, more: object = {}) =>
  sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "a-session", ...more }));

test("GetCallerIdentity names who signed", async () => {
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:root`,
    UserId: ACCOUNT,
  });
});

describe("AssumeRole", () => {
  test("gives credentials that work and are the role's", async () => {
    const { Credentials, AssumedRoleUser } = await assume(trust("deployer", ALLOW_ACCOUNT), { DurationSeconds: 900 });
    expect(AssumedRoleUser).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/a-session`,
      AssumedRoleId: "AROADEPLOYER:a-session",
    });
    const lifetime = (Credentials?.Expiration?.getTime() ?? 0) - Date.now();
    expect(lifetime).toBeGreaterThan(890_000);
    expect(lifetime).toBeLessThanOrEqual(901_000);
    const asRole = new STSClient({
      ...served.client,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      },
    });
    const identity = await asRole.send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(AssumedRoleUser?.Arn);
    expect(identity.UserId).toBe("AROADEPLOYER:a-session");
    await expect(asRole.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(
      asRole.send(
        new AssumeRoleCommand({
          RoleArn: trust("chained", ALLOW_ACCOUNT),
          RoleSessionName: "chain",
          DurationSeconds: 7200,
        }),
      ),
    ).rejects.toMatchObject({ name: "ValidationError" });
    asRole.destroy();
  });

  test.each([
    ["another account", { ...ALLOW_ACCOUNT, Principal: { AWS: "111111111111" } }],
    ["a service only", { ...ALLOW_ACCOUNT, Principal: { Service: "lambda.amazonaws.com" } }],
    ["another action", { ...ALLOW_ACCOUNT, Action: "sts:AssumeRoleWithWebIdentity" }],
    ["a deny", { ...ALLOW_ACCOUNT, Effect: "Deny" }],
    ["an external id", { ...ALLOW_ACCOUNT, Condition: { StringEquals: { "sts:ExternalId": "secret" } } }],
  ])("is denied by a trust policy for %s", async (name, statement) => {
    await expect(assume(trust(name.replaceAll(" ", "-"), statement))).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("takes the external id that the trust policy asks for", async () => {
    const arn = trust("external", { ...ALLOW_ACCOUNT, Condition: { StringEquals: { "sts:ExternalId": "secret" } } });
    expect((await assume(arn, { ExternalId: "secret" })).Credentials).toBeDefined();
  });

  test("does not guess at conditions that it cannot evaluate", async () => {
    const arn = trust("unknown", { ...ALLOW_ACCOUNT, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } });
    await expect(assume(arn)).rejects.toMatchObject({ name: "NotImplemented" });
  });

  test("a missing role is denied", async () => {
    await expect(assume(`arn:aws:iam::${ACCOUNT}:role/nobody`)).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test.each([
    ["RoleSessionName", { RoleSessionName: "has space" }, "ValidationError"],
    ["DurationSeconds", { DurationSeconds: 60 }, "ValidationError"],
    ["Policy", { Policy: "{}" }, "NotImplemented"],
    ["TokenCode", { TokenCode: "123456", SerialNumber: "arn:aws:iam::000000000000:mfa/me" }, "NotImplemented"],
  ])("refuses a bad %s", async (_name, input, code) => {
    await expect(assume(trust("strict", ALLOW_ACCOUNT), input)).rejects.toMatchObject({ name: code });
  });
});

test("GetSessionToken gives temporary credentials of the same principal", async () => {
  const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
  const temporary = new STSClient({
    ...served.client,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    },
  });
  expect((await temporary.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:iam::${ACCOUNT}:root`);
  temporary.destroy();
});
