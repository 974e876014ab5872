import { execFile } from "node:child_process";
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateOpenIDConnectProviderCommand, ListRolesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { base64url, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GithubJob, githubTokenRequest } from "../../issuer/github-token-request.ts";
import type { TokenRequest } from "../../issuer/issuers.ts";
import { ACCOUNT, policyOf, type StsFixture, stsFixture } from "../../test/sts-fixture.ts";

const GITHUB = "token.actions.githubusercontent.com";
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}`;
const JOB: GithubJob = { repository: "acme/shop", ref: "refs/heads/main", environment: "prod" };

let fixture: StsFixture;
/** Requests of it are not signed: the token is all there is. */
let sts: STSClient;
let arn: string;

beforeAll(async () => {
  fixture = await stsFixture();
  sts = new STSClient({ region: "us-east-1", endpoint: fixture.served.url, maxAttempts: 1 });
  await fixture.iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: `https://${GITHUB}`, ClientIDList: ["sts.amazonaws.com"] }),
  );
  arn = await fixture.role("deploy", {
    Effect: "Allow",
    Principal: { Federated: PROVIDER },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${GITHUB}:aud`]: "sts.amazonaws.com",
        [`${GITHUB}:sub`]: "repo:acme/shop:environment:prod",
        [`${GITHUB}:repository`]: "acme/shop",
        [`${GITHUB}:ref`]: "refs/heads/main",
        [`${GITHUB}:environment`]: "prod",
      },
    },
  });
});
afterAll(async () => {
  sts.destroy();
  await fixture.close();
});

const mint = (job: Partial<GithubJob> = {}, more: Partial<TokenRequest> = {}): Promise<string> =>
  fixture.issuers.mint({ ...githubTokenRequest({ ...JOB, ...job }), ...more });

const assume = (WebIdentityToken: string, more: object = {}) =>
  sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn: arn, RoleSessionName: "run-1", WebIdentityToken, ...more }));

const withClaims = (claims: Record<string, unknown>): Promise<string> => {
  const request = githubTokenRequest(JOB);
  return fixture.issuers.mint({ ...request, claims: { ...request.claims, ...claims } });
};

test("a token of the right job becomes a session of the role", async () => {
  const answer = await assume(await mint());
  expect(answer).toMatchObject({
    AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/run-1` },
    SubjectFromWebIdentityToken: "repo:acme/shop:environment:prod",
    Audience: "sts.amazonaws.com",
    Provider: PROVIDER,
  });
  const identity = await fixture.stsOf(answer.Credentials).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe(answer.AssumedRoleUser?.Arn);
});

describe("is refused by the trust policy", () => {
  test.each<[string, Partial<GithubJob>]>([
    ["another repository", { repository: "evil/shop" }],
    ["another branch", { ref: "refs/heads/feature" }],
    ["another environment", { environment: "dev" }],
    ["no environment", { environment: undefined }],
    ["a pull request", { environment: undefined, event: "pull_request" }],
    ["a subject with ids, which is another text", { hasImmutableSubject: true }],
  ])("with a token for %s", async (_case, job) => {
    await expect(assume(await mint(job))).rejects.toMatchObject({
      name: "AccessDenied",
      message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
      $metadata: { httpStatusCode: 403 },
    });
  });

  test("for a role that is missing, or does not trust the provider", async () => {
    const other = await fixture.role("other", {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: "sts:*",
    });
    for (const RoleArn of [other, `arn:aws:iam::${ACCOUNT}:role/nobody`]) {
      await expect(assume(await mint(), { RoleArn })).rejects.toMatchObject({ name: "AccessDenied" });
    }
  });
});

describe("is refused as invalid", () => {
  const invalid = (message: RegExp) => ({
    name: "InvalidIdentityTokenException",
    message: expect.stringMatching(message),
    $metadata: { httpStatusCode: 400 },
  });
  const payload = () => {
    const now = Math.floor(Date.now() / 1000);
    const { claims, subject, audience, issuer } = githubTokenRequest(JOB);
    return { ...claims, sub: subject, aud: audience, iss: issuer, iat: now, exp: now + 300 } as Record<string, unknown>;
  };

  test("another audience", async () => {
    await expect(assume(await mint({ audience: "https://github.com/acme" }))).rejects.toMatchObject(
      invalid(/^Incorrect token audience$/),
    );
    await expect(assume(await withClaims({ azp: "other" }))).rejects.toMatchObject(invalid(/audience/));
  });

  test("another issuer", async () => {
    const token = await mint({}, { issuer: "https://token.example.com" });
    await expect(assume(token)).rejects.toMatchObject(
      invalid(/^No OpenIDConnect provider found in your account for https:\/\/token\.example\.com$/),
    );
  });

  test("an issuer that local AWS does not play", async () => {
    await fixture.iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: "https://accounts.example.com", ClientIDList: ["x"] }),
    );
    const { privateKey } = await generateKeyPair("RS256");
    const token = await new SignJWT({ ...payload(), iss: "https://accounts.example.com", aud: "x" })
      .setProtectedHeader({ alg: "RS256" })
      .sign(privateKey);
    await expect(assume(token)).rejects.toMatchObject(invalid(/^Couldn't retrieve verification key .*local token/));
  });

  test("a token that has expired, or has no time", async () => {
    const past = Math.floor(Date.now() / 1000) - 10;
    await expect(assume(await withClaims({ exp: past }))).rejects.toMatchObject({
      name: "ExpiredTokenException",
      message: expect.stringMatching(
        /^Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/,
      ),
    });
    await expect(assume(await withClaims({ exp: "never" }))).rejects.toMatchObject(invalid(/claim: exp$/));
    await expect(assume(await withClaims({ nbf: past + 600 }))).rejects.toMatchObject(invalid(/not valid yet/));
  });

  test("the signature of another key, under the same key id", async () => {
    await mint();
    const kid = fixture.issuers.keySet(GITHUB)?.keys[0]?.kid;
    const { privateKey } = await generateKeyPair("RS256");
    const forge = (header: { alg: string; kid?: string | undefined }) =>
      new SignJWT(payload()).setProtectedHeader(header).sign(privateKey);
    await expect(assume(await forge({ alg: "RS256", kid }))).rejects.toMatchObject(invalid(/signature does not match/));
    await expect(assume(await forge({ alg: "RS256" }))).rejects.toMatchObject(invalid(/signature does not match/));
    await expect(assume(await forge({ alg: "RS256", kid: "other" }))).rejects.toMatchObject(
      invalid(/^Couldn't retrieve verification key/),
    );
  });

  test("a changed claim under a good signature", async () => {
    const [header, , signature] = (await mint({ repository: "evil/shop" })).split(".");
    const forged = [header, base64url.encode(JSON.stringify(payload())), signature].join(".");
    await expect(assume(forged)).rejects.toMatchObject(invalid(/signature does not match/));
  });

  test("alg none", async () => {
    const header = base64url.encode(JSON.stringify({ alg: "none", typ: "JWT" }));
    const forged = `${header}.${base64url.encode(JSON.stringify(payload()))}.`;
    await expect(assume(forged)).rejects.toMatchObject(invalid(/not a valid JWT/));
  });

  test("the public key as an HMAC secret", async () => {
    await mint();
    const key = fixture.issuers.keySet(GITHUB)?.keys[0] ?? {};
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: "jwk" });
    const secrets = [
      new TextEncoder().encode(JSON.stringify(key)),
      publicKey.export({ type: "spki", format: "der" }),
      Buffer.from(publicKey.export({ type: "spki", format: "pem" })),
    ];
    for (const secret of secrets) {
      const forged = await new SignJWT(payload()).setProtectedHeader({ alg: "HS256", kid: key.kid }).sign(secret);
      await expect(assume(forged)).rejects.toMatchObject(invalid(/not a valid JWT/));
    }
  });

  test("a key that the token brings along", async () => {
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const forged = await new SignJWT(payload())
      .setProtectedHeader({ alg: "RS256", jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    await expect(assume(forged)).rejects.toMatchObject(invalid(/signature does not match/));
  });

  test.each(["garbage", "a.b.c", "....", `${"x".repeat(50)}.e30.x`])("what is no token: %s", async (token) => {
    await expect(assume(token)).rejects.toMatchObject(invalid(/not a valid JWT/));
  });
});

describe("the session", () => {
  const allow = (Condition: object) =>
    fixture.iam.send(
      new PutRolePolicyCommand({
        RoleName: "deploy",
        PolicyName: "list",
        PolicyDocument: policyOf({ Effect: "Allow", Action: "iam:ListRoles", Resource: "*", Condition }),
      }),
    );

  test("keeps subject, audience and provider as condition keys, and not the claims of the provider", async () => {
    const session = fixture.iamOf((await assume(await mint())).Credentials);
    await allow({
      StringEquals: {
        [`${GITHUB}:sub`]: "repo:acme/shop:environment:prod",
        [`${GITHUB}:aud`]: "sts.amazonaws.com",
        "aws:FederatedProvider": PROVIDER,
      },
    });
    expect((await session.send(new ListRolesCommand({}))).Roles).toHaveLength(2);
    await allow({ StringEquals: { [`${GITHUB}:repository`]: "acme/shop" } });
    await expect(session.send(new ListRolesCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("is held to the role's longest duration, and to session policies", async () => {
    await expect(assume(await mint(), { DurationSeconds: 7200 })).rejects.toMatchObject({ name: "ValidationError" });
    const Policy = policyOf({ Effect: "Allow", Action: "sts:*", Resource: "*" });
    await allow({});
    const session = fixture.iamOf((await assume(await mint(), { Policy })).Credentials);
    await expect(session.send(new ListRolesCommand({}))).rejects.toMatchObject({
      message: expect.stringMatching(/because no session policy allows/),
    });
  });
});

test("the token wants a role, a name and a token", async () => {
  const token = await mint();
  await expect(assume(token, { RoleArn: "deploy-role-of-acme" })).rejects.toMatchObject({ name: "ValidationError" });
  await expect(assume(token, { RoleSessionName: "x" })).rejects.toMatchObject({ name: "ValidationError" });
  await expect(assume(token, { ProviderId: "www.amazon.com" })).rejects.toMatchObject({ name: "NotImplemented" });
});

/** What a job does: the AWS SDK finds the token's file and the role's name in its environment. */
const A_JOB = `
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
process.stdout.write(Arn);
`;

test("the AWS SDK takes the token from its file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "web-identity-"));
  const file = join(folder, "token");
  writeFileSync(file, `${await mint()}`);
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", A_JOB], {
    cwd: import.meta.dirname,
    env: {
      AWS_ENDPOINT_URL: fixture.served.url,
      AWS_REGION: "us-east-1",
      AWS_ROLE_ARN: arn,
      AWS_ROLE_SESSION_NAME: "from-file",
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
      AWS_EC2_METADATA_DISABLED: "true",
      HOME: folder,
    },
  });
  rmSync(folder, { recursive: true, force: true });
  expect(stdout).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/from-file`);
});
