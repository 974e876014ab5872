import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
} from "@aws-sdk/client-iam";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Collection } from "../../store/store.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createIam } from "./create-iam.ts";
import type { RoleState } from "./iam-state.ts";

const ROLE = "arn:aws:iam::000000000000:role/app/reader";
const document = (Action: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });

let core: TestCore;
let log: string[];
let iam: ReturnType<typeof createIam>;
let served: ServedServices;
let client: IAMClient;

beforeEach(async () => {
  log = [];
  core = { ...testCore(), log: (line) => log.push(line) };
  iam = createIam(core);
  served = await serveServices(core, [iam.service]);
  client = new IAMClient(served.client);
  const { operations } = iam.service;
  const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  operations.CreateRole?.(
    { RoleName: "reader", Path: "/app/", AssumeRolePolicyDocument: trust } as never,
    core.context(),
  );
  operations.CreateUser?.({ UserName: "ada" } as never, core.context());
});
afterEach(async () => {
  client.destroy();
  await served.close();
  core.dispose();
});

test("gives inline and managed policies, boundary and tags, each change with a new revision", async () => {
  const seen = new Set([iam.policies.revision]);
  const changed = (): void => {
    expect(seen).not.toContain(iam.policies.revision);
    seen.add(iam.policies.revision);
  };
  const RoleName = "reader";
  await client.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument: document("s3:GetObject") }),
  );
  changed();
  const { Policy: policy } = await client.send(
    new CreatePolicyCommand({ PolicyName: "shared", PolicyDocument: document("s3:ListBucket") }),
  );
  changed();
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policy?.Arn }));
  changed();
  const aws = "arn:aws:iam::aws:policy/AdministratorAccess";
  await client.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: aws }));
  changed();
  await client.send(new TagRoleCommand({ RoleName, Tags: [{ Key: "team", Value: "a" }] }));
  changed();
  expect(iam.policies.policiesOf(ROLE)).toEqual({
    id: expect.stringMatching(/^AROA/),
    identity: [
      { name: "inline policy own of role/reader", document: document("s3:GetObject") },
      { name: policy?.Arn, document: document("s3:ListBucket") },
    ],
    boundary: { name: aws, document: document("*") },
    tags: { team: "a" },
  });

  await client.send(
    new CreatePolicyVersionCommand({ PolicyArn: policy?.Arn, PolicyDocument: document("s3:*"), SetAsDefault: true }),
  );
  changed();
  expect(iam.policies.policiesOf(ROLE)?.identity[1]?.document).toBe(document("s3:*"));
  await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "own" }));
  changed();
  expect(iam.policies.policiesOf(ROLE)?.identity).toHaveLength(1);
});

test("gives a user's policies, and nothing for whom there is not (at that path)", async () => {
  await client.send(
    new PutUserPolicyCommand({ UserName: "ada", PolicyName: "own", PolicyDocument: document("s3:GetObject") }),
  );
  expect(iam.policies.policiesOf("arn:aws:iam::000000000000:user/ada")?.identity).toEqual([
    { name: "inline policy own of user/ada", document: document("s3:GetObject") },
  ]);
  for (const arn of [ROLE.replace("/app", ""), ROLE.replace("reader", "nobody"), ROLE.replace("role", "user")]) {
    expect(iam.policies.policiesOf(arn)).toBeUndefined();
  }
});

test("a policy of AWS's whose document is not known allows nothing, as boundary neither, and the log says so once", () => {
  const roles: Collection<RoleState> = core.store.collection("iam/roles");
  const unknown = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  const role = roles.get("reader") as RoleState;
  roles.put("reader", { ...role, attachedPolicies: [unknown], permissionsBoundary: unknown });
  const nothing = { name: unknown, document: '{"Version":"2012-10-17","Statement":[]}' };
  iam.policies.policiesOf(ROLE);
  expect(iam.policies.policiesOf(ROLE)).toMatchObject({ identity: [nothing], boundary: nothing });
  expect(log).toEqual([expect.stringMatching(/role\/reader has the policy arn:aws:iam::aws:policy\/ReadOnlyAccess/)]);
});
