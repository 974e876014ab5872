import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { SlipwayConfig } from "@slipway/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ordersConfig } from "../test/orders-config.ts";
import { awsRoles } from "./aws-roles.ts";

const asked: string[] = [];
let server: Server;
let endpoint: string;

/** GitHub, which gives a job its tokens, and STS, which takes them for roles. */
async function answer(request: IncomingMessage): Promise<{ readonly status?: number; readonly body: string }> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/token") {
    asked.push(`token for ${url.searchParams.get("audience")} with ${request.headers.authorization}`);
    return request.headers.authorization === "bearer let-me"
      ? { body: JSON.stringify({ value: "header.claims.signature" }) }
      : { status: 403, body: "{}" };
  }
  const form = new URLSearchParams(await text(request));
  const role = form.get("RoleArn") ?? "";
  asked.push(`${form.get("Action")} ${role} as ${form.get("RoleSessionName")} by ${form.get("WebIdentityToken")}`);
  return {
    body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>key of ${role}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
  };
}

beforeEach(async () => {
  asked.length = 0;
  server = createServer(async (request, response) => {
    const { status = 200, body } = await answer(request);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

const SLIPWAY_ROLE_ARNS = JSON.stringify({
  prod: {
    plan: "arn:aws:iam::123456789012:role/slipway-prod-plan",
    provision: "arn:aws:iam::123456789012:role/slipway-prod-provision",
  },
});

function rolesFor(env: NodeJS.ProcessEnv, config: SlipwayConfig = ordersConfig) {
  const target = { isLocal: false, region: "eu-central-1", endpoint, env };
  return awsRoles({ config, environment: "prod", target });
}

const inJob = () => ({
  SLIPWAY_ROLE_ARNS,
  GITHUB_RUN_ID: "4711",
  ACTIONS_ID_TOKEN_REQUEST_URL: `${endpoint}/token?api-version=2.0`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "let-me",
});

test("a job of GitHub Actions works under each purpose's role, by a token that it asks for", async () => {
  const roles = rolesFor(inJob());

  const plan = await roles?.("plan");
  const again = await roles?.("plan");
  const provision = await roles?.("provision");

  expect(plan?.accessKeyId).toBe("key of arn:aws:iam::123456789012:role/slipway-prod-plan");
  expect(again).toBe(plan);
  expect(provision?.accessKeyId).toBe("key of arn:aws:iam::123456789012:role/slipway-prod-provision");
  expect(asked).toEqual(
    ["plan", "provision"].flatMap((purpose) => [
      "token for sts.amazonaws.com with bearer let-me",
      `AssumeRoleWithWebIdentity arn:aws:iam::123456789012:role/slipway-prod-${purpose} as slipway-prod-4711 by header.claims.signature`,
    ]),
  );
});

test("without the variable, and on local AWS, nobody is asked", () => {
  const { SLIPWAY_ROLE_ARNS: _, ...others } = inJob();
  const target = { isLocal: true, region: "eu-central-1", endpoint, env: inJob() };

  expect(rolesFor(others)).toBeUndefined();
  expect(awsRoles({ config: ordersConfig, environment: "prod", target })).toBeUndefined();
  expect(asked).toEqual([]);
});

test("a purpose that has no role is refused before anybody is asked", async () => {
  await expect(rolesFor(inJob())?.("deploy")).rejects.toThrow(
    "SLIPWAY_ROLE_ARNS: has no role to deploy prod, only plan, provision.",
  );
  expect(asked).toEqual([]);
});

test("GitHub's no says which permission the job needs", async () => {
  const roles = rolesFor({ ...inJob(), ACTIONS_ID_TOKEN_REQUEST_TOKEN: "wrong" });

  await expect(roles?.("plan")).rejects.toThrow(
    /GitHub gives this job no token for AWS.*it answers 403.*id-token: write/s,
  );
});

test.each([
  [{ SLIPWAY_ROLE_ARNS: "prod" }, "SLIPWAY_ROLE_ARNS: is no JSON"],
  [{ SLIPWAY_ROLE_ARNS: "{}" }, "SLIPWAY_ROLE_ARNS has no roles for prod"],
  [{ ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" }, "there is nothing to assume the roles with"],
])("%o: %s", (change, problem) => {
  expect(() => rolesFor({ ...inJob(), ...change })).toThrow(problem);
});
