import { githubTokenRequest } from "@slipway/local-aws";
import { expect, test } from "vitest";
import { type Job, MAIN, REPOSITORY, type RoleSessionsOfProduction } from "./role-sessions-of-production.ts";

/** Who may take a role by a token of GitHub's, and who may not. */
export function testTokens(sessions: RoleSessionsOfProduction): void {
  const prod: Job = { repository: REPOSITORY, ref: MAIN, environment: "prod" };
  test.each<[string, string, Job]>([
    ["another repository", "deploy", { ...prod, repository: "example/other" }],
    ["a repository whose name begins alike", "deploy", { ...prod, repository: "example/items-api-2" }],
    ["another branch", "deploy", { ...prod, ref: "refs/heads/feature" }],
    ["a tag", "deploy", { ...prod, ref: "refs/tags/v1" }],
    ["another GitHub environment", "deploy", { ...prod, environment: "staging" }],
    ["no GitHub environment", "deploy", { repository: REPOSITORY, ref: MAIN }],
    [
      "a pull request, to deploy",
      "deploy",
      { repository: REPOSITORY, ref: "refs/pull/1/merge", event: "pull_request" },
    ],
    [
      "a pull request, to provision",
      "provision",
      { repository: REPOSITORY, ref: "refs/pull/1/merge", event: "pull_request" },
    ],
  ])("a token for %s is refused", async (_name, purpose, job) => {
    await expect(sessions.assume(purpose, job)).rejects.toThrow(
      "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    );
  });

  test("a token for another audience, an expired one, and one with a bad signature are refused", async () => {
    await expect(
      sessions.assume("deploy", prod, await sessions.token({ ...prod, audience: "https://github.com/example" })),
    ).rejects.toThrow("Incorrect token audience");
    const request = githubTokenRequest(prod);
    const past = Math.floor(Date.now() / 1000) - 3_600;
    const old = await sessions.token(prod, {
      claims: { ...request.claims, iat: past - 300, nbf: past - 300, exp: past },
    });
    await expect(sessions.assume("deploy", prod, old)).rejects.toThrow(/expired/i);
    const good = await sessions.token(prod);
    const [head, body = "", signature] = good.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown>;
    const forged = Buffer.from(JSON.stringify({ ...claims, ref: MAIN, actor: "mallory" })).toString("base64url");
    await expect(sessions.assume("deploy", prod, `${head}.${forged}.${signature}`)).rejects.toThrow(/signature/i);
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
    await expect(sessions.assume("deploy", prod, `${none}.${body}.`)).rejects.toThrow("cannot be assumed");
    await expect(sessions.assume("deploy", prod, good)).resolves.toBeDefined();
  });

  test("pull requests and the branch may plan, and only plan", async () => {
    const pullRequest: Job = { repository: REPOSITORY, ref: "refs/pull/7/merge", event: "pull_request" };
    await expect(sessions.assume("plan", pullRequest)).resolves.toBeDefined();
    await expect(sessions.assume("plan", { repository: REPOSITORY, ref: MAIN })).resolves.toBeDefined();
    await expect(sessions.assume("plan", { repository: REPOSITORY, ref: "refs/heads/feature" })).rejects.toThrow();
  });
}
