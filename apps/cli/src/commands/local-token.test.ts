import { CONTROL_PREFIX } from "@slipway/local-aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});
afterAll(() => fixture.close());

const claimsOf = async (...words: readonly string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await fixture.local("token", "--output", "json", ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return (JSON.parse(stdout) as { claims: Record<string, unknown> }).claims;
};

test("prints nothing but the token, so that it can go to a file", async () => {
  const { code, stdout } = await fixture.local("token", "--repository", "acme/shop");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
});

test("prints its document", async () => {
  const job = ["--repository", "acme/shop", "--owner-id", "12", "--repository-id", "34"];
  await golden("local token", (await fixture.local("token", ...job, "--output", "json")).stdout);
});

test.each<[string, string[], object]>([
  ["an environment", ["--environment", "prod"], { sub: "repo:acme/shop:environment:prod", environment: "prod" }],
  ["a branch", ["--ref", "refs/heads/x"], { sub: "repo:acme/shop:ref:refs/heads/x", ref: "refs/heads/x" }],
  [
    "a pull request",
    ["--event", "pull_request"],
    { sub: "repo:acme/shop:pull_request", ref: "refs/pull/1/merge", event_name: "pull_request" },
  ],
  [
    "ids in the subject",
    ["--immutable-subject", "--owner-id", "12", "--repository-id", "34"],
    { sub: "repo:acme@12/shop@34:ref:refs/heads/main", repository_id: "34", repository_owner_id: "12" },
  ],
  ["another audience", ["--audience", "me"], { aud: "me" }],
])("shapes the token as GitHub does: %s", async (_case, words, expected) => {
  expect(await claimsOf("--repository", "acme/shop", ...words)).toMatchObject({
    iss: "https://token.actions.githubusercontent.com",
    aud: "sts.amazonaws.com",
    repository: "acme/shop",
    repository_owner: "acme",
    actor: "acme",
    workflow: "release",
    job_workflow_ref: expect.stringMatching(/^acme\/shop\/\.github\/workflows\/release\.yml@refs\//),
    jti: expect.any(String),
    ...expected,
  });
});

test("is good for as long as was said", async () => {
  const { iat, exp } = await claimsOf("--repository", "acme/shop", "--lifetime", "90s");
  expect(Number(exp) - Number(iat)).toBe(90);
});

test.each([
  [[], "--repository: missing. Type, for example: slipway local token --repository acme/shop"],
  [["--repository", "shop"], "--repository: 'shop' is no repository. Write it like acme/shop."],
  [
    ["--repository", "a/b", "--ref", "main"],
    "--ref: 'main' is no full ref. Write it like refs/heads/main or refs/tags/v1.",
  ],
  [["--repository", "a/b", "--owner-id", "me"], "--owner-id: 'me' is no id. GitHub's ids are numbers."],
  [["--repository", "a/b", "--lifetime", "2d"], "lifetimeSeconds: expected seconds from 1 to 86400, got 172800."],
])("%j is refused with what to type", async (words, message) => {
  expect(await fixture.local("token", ...words)).toEqual({ code: 1, stdout: "", stderr: `slipway: ${message}\n` });
});

test("the issuer publishes its keys", async () => {
  await fixture.local("token", "--repository", "acme/shop");
  const base = `${fixture.localAws.endpoint}${CONTROL_PREFIX}issuer`;
  const read = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>;
  const configuration = await read(`${base}/token.actions.githubusercontent.com/.well-known/openid-configuration`);
  expect(configuration.issuer).toBe("https://token.actions.githubusercontent.com");
  const { keys } = (await read(String(configuration.jwks_uri))) as { keys: Record<string, unknown>[] };
  expect(keys).toEqual([
    { kty: "RSA", e: "AQAB", n: expect.any(String), kid: expect.any(String), alg: "RS256", use: "sig" },
  ]);
  expect(await read(`${base}/unknown.example.com/jwks`)).toMatchObject({ code: "NotFound" });
});
