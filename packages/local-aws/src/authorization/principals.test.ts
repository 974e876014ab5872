import { describe, expect, it } from "vitest";
import type { AccessNeed, PrincipalPolicies } from "../core/access.ts";
import { VirtualClock } from "../core/clock.ts";
import type { Principal } from "../core/credentials.ts";
import { createAuthorizer } from "./create-authorizer.ts";

const ACCOUNT = "000000000000";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/deploy`;
const USER = `arn:aws:iam::${ACCOUNT}:user/ann`;
const SESSION: Principal = {
  type: "assumed-role",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/run-1`,
  userId: "AROADEPLOY:run-1",
  accountId: ACCOUNT,
  roleArn: ROLE,
};
const ANN: Principal = { type: "user", arn: USER, userId: "AIDAANN", accountId: ACCOUNT };

type Statement = Readonly<Record<string, unknown>>;
const document = (...Statement: Statement[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const EVERYTHING = { Effect: "Allow", Action: "*", Resource: "*" };
const ONLY_DYNAMODB = { ...EVERYTHING, Action: "dynamodb:*" };

function authorizer(found: PrincipalPolicies) {
  return createAuthorizer({
    accountId: ACCOUNT,
    region: "us-east-1",
    clock: new VirtualClock(),
    policies: () => ({ revision: 1, policiesOf: () => found }),
  });
}

const get = (statement: Statement): AccessNeed => ({
  action: "s3:GetObject",
  resource: "arn:aws:s3:::artifacts/x",
  resourcePolicy: {
    name: "bucket policy",
    mode: "sufficient",
    document: document({ Action: "s3:GetObject", Resource: "*", ...statement }),
  },
});

describe("what a resource's policy gives is limited by a boundary and session policies", () => {
  const bounded = authorizer({
    identity: [],
    boundary: { name: "boundary", document: document(ONLY_DYNAMODB) },
    tags: {},
  });
  const limited = { ...SESSION, sessionPolicies: [{ name: "session", document: document(ONLY_DYNAMODB) }] };

  it.each<[string, Principal, unknown, boolean]>([
    ["to a role", SESSION, { AWS: ROLE }, false],
    ["to a role by its unique id", SESSION, { AWS: "AROADEPLOY" }, false],
    ["but not to the session", SESSION, { AWS: SESSION.arn }, true],
    ["but not to everybody", SESSION, "*", true],
    ["but not to a user", ANN, { AWS: USER }, true],
    ["but not to a user by the unique id", ANN, { AWS: ["AIDAANN"] }, true],
    ["and the account gives nothing by itself", ANN, { AWS: ROOT }, false],
  ])("%s", (_name, principal, named, expected) => {
    const need = get({ Effect: "Allow", Principal: named });
    expect(bounded.decide(principal, need).allowed).toBe(expected);
    if (principal === SESSION) {
      expect(authorizer({ identity: [], tags: {} }).decide(limited, need).allowed).toBe(expected);
    }
  });
});

describe("a Deny with NotPrincipal", () => {
  const identity = [{ name: "inline", document: document(EVERYTHING) }];
  const denied = (principal: Principal, NotPrincipal: unknown, policies: PrincipalPolicies = { identity, tags: {} }) =>
    !authorizer(policies).decide(principal, get({ Effect: "Deny", NotPrincipal })).allowed;

  it.each<[string, Principal, unknown, boolean]>([
    ["lets off a role that is named with its account", SESSION, { AWS: [ROLE, ROOT] }, false],
    ["lets off a session that is named with its account", SESSION, { AWS: [SESSION.arn, ACCOUNT] }, false],
    ["lets off a user who is named with the account", ANN, { AWS: [USER, ROOT] }, false],
    ["does not let off a role without its account", SESSION, { AWS: ROLE }, true],
    ["does not let off all that are in the account", ANN, { AWS: ROOT }, true],
    ["does not let off somebody else", ANN, { AWS: [ROLE, ROOT] }, true],
    ["lets off everybody", ANN, "*", false],
  ])("%s", (_name, principal, named, expected) => {
    expect(denied(principal, named)).toBe(expected);
  });

  it("denies whoever has a permissions boundary, named or not", () => {
    const boundary = { name: "boundary", document: document(EVERYTHING) };
    expect(denied(SESSION, { AWS: [ROLE, ROOT] }, { identity, boundary, tags: {} })).toBe(true);
  });

  it("lets off a service that is named, and no other", () => {
    const iam = authorizer({ identity: [], tags: {} });
    const need = get({ Effect: "Allow", Principal: "*" });
    const both = (service: string): AccessNeed => ({
      ...need,
      resourcePolicy: {
        name: "bucket policy",
        mode: "sufficient",
        document: document(
          { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" },
          { Effect: "Deny", NotPrincipal: { Service: service }, Action: "*", Resource: "*" },
        ),
      },
    });
    const service = { service: "logging.s3.amazonaws.com" };
    expect(iam.decideForService(service, both("logging.s3.amazonaws.com")).allowed).toBe(true);
    expect(iam.decideForService(service, both("sns.amazonaws.com")).allowed).toBe(false);
  });
});

it("an Allow with NotPrincipal, which AWS does not support, gives nobody anything", () => {
  const need = get({ Effect: "Allow", NotPrincipal: { AWS: ROLE } });
  expect(authorizer({ identity: [], tags: {} }).decide(ANN, need).allowed).toBe(false);
});

describe("somebody who was deleted", () => {
  it("does not get the policies of who has the name now", () => {
    const found = (id: string) =>
      authorizer({ id, identity: [{ name: "new", document: document(EVERYTHING) }], tags: {} });
    const need = { action: "s3:GetObject", resource: "arn:aws:s3:::artifacts/x" };
    expect(found("AROADEPLOY").decide(SESSION, need).allowed).toBe(true);
    expect(found("AROALATER").decide(SESSION, need).allowed).toBe(false);
    expect(found("AIDAANN").decide(ANN, need).allowed).toBe(true);
    expect(found("AIDALATER").decide(ANN, need).allowed).toBe(false);
  });
});
